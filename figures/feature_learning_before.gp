# What has changed at the time t, for three values of alpha sqrt(m).
set xlabel "{/:Italic t} / {/:Italic t_c}"
set ylabel "relative change"
@log_x
@log_y
set xrange [7e-4:6]
set yrange [1e-5:300]
set key top left reverse Left
set label 1 "kernel Θ" at 0.02, 0.4 right
set label 2 "share of {/:Italic F} that its tangent misses" at 0.05, 4e-4
plot evidence."feat_linear.before.tsv" using "share":"kernel_law" @law notitle, \
     "" using "share":"missed_law" @law notitle, \
     "" using "share":"kernel_a" @measured title "{/:Italic α}√{/:Italic m} = 10^{−3}", \
     "" using "share":"kernel_b" with points lc rgb 'black' lw 1.2 pt 1 ps 0.9 title "10^{−1}", \
     "" using "share":"kernel_c" @measured3 title "10", \
     "" using "share":"missed_a" @measured notitle, \
     "" using "share":"missed_b" with points lc rgb 'black' lw 1.2 pt 1 ps 0.9 notitle, \
     "" using "share":"missed_c" @measured3 notitle
