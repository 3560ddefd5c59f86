# How far the kernel goes, for one, two and three hidden layers.
set xlabel "{/:Italic α}√{/:Italic m}"
set ylabel "||Θ − Θ_0|| / ||Θ_0|| when training ends"
@log_x
@log_y
set xrange [1e-5:3e3]
set yrange [1e-4:1e8]
set label 1 "slope −3/2" at 2e-4, 6e6
set label 2 "−4/3" at 7e-5, 6e5 right
set label 3 "−1" at 3e-4, 1.2e3 right
set label 4 "slope −1" at 2e2, 2e-1
plot evidence."feat_kernel_change.depths.tsv" using "rho":($1 < 5 ? column("law3") : NaN) @law notitle, \
     "" using "rho":($1 < 5 ? column("law2") : NaN) @law notitle, \
     "" using "rho":($1 < 5 ? column("law1") : NaN) @law notitle, \
     "" using "rho":($1 > 0.5 ? column("lazy3") : NaN) @law2 notitle, \
     "" using "rho":($1 > 0.5 ? column("lazy2") : NaN) @law2 notitle, \
     "" using "rho":($1 > 0.5 ? column("lazy1") : NaN) @law2 notitle, \
     "" using "rho":"L3" @measured title "three hidden layers", \
     "" using "rho":"L2" @measured2 title "two", \
     "" using "rho":"L1" @measured3 title "one"
