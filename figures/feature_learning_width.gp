# Against the width: the deviation of F over the starts, and the test error.
eval sheet(680, 400, 15)
set multiplot layout 1,2 margins 0.13,0.99,0.19,0.97 spacing 0.14
set xlabel "width {/:Italic m}"
@log_x
@log_y
set format x '%g'
set format y '%g'
set xrange [12:170]
set xtics (16, 32, 64, 128)
set ylabel "deviation of {/:Italic F} over the starts"
set yrange [0.03:1.5]
set ytics (0.05, 0.1, 0.2, 0.5, 1)
set key bottom left reverse Left samplen 1
set label 1 "slope −1/2" at 60, 0.75
plot evidence."feat_sweep.width.tsv" using "m":"law_a" @law notitle, \
     "" using "m":"law_b" @law notitle, \
     "" using "m":"law_c" @law notitle, \
     "" using "m":"law_d" @law notitle, \
     "" using "m":"spread_a" @measured title "{/:Italic α}√{/:Italic m} = 0.01", \
     "" using "m":"spread_b" @measured2 title "1", \
     "" using "m":"spread_c" @measured3 title "10", \
     "" using "m":"spread_d" @measured4 title "1000"
unset label
unset key
unset logscale y
set ylabel "test error"
set yrange [0.16:0.28]
set format y '%.2f'
set ytics 0.02
joined = "with linespoints lc rgb 'black' lw 0.8"
plot evidence."feat_sweep.width.tsv" using "m":"error_a" @joined pt 6 ps 0.7, \
     "" using "m":"error_b" @joined pt 4 ps 0.65, \
     "" using "m":"error_c" @joined pt 8 ps 0.8, \
     "" using "m":"error_d" @joined pt 12 ps 0.8
unset multiplot
