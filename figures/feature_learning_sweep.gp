# The sweep: how far the kernel goes, and how long it takes, for four widths.
eval sheet(680, 400, 15)
set multiplot layout 1,2 margins 0.13,0.99,0.19,0.97 spacing 0.14
set xlabel "{/:Italic α}√{/:Italic m}"
@log_x
@log_y
set xrange [4e-4:2.5e3]
set xtics 100
set ylabel "||Θ − Θ_0|| / ||Θ_0|| at the end"
set yrange [5e-4:3e6]
set label 1 "slope −3/2" at 2e-2, 2e5
set label 2 "slope −1" at 3e1, 3e0
set key bottom left reverse Left samplen 1
plot evidence."feat_sweep.rho.tsv" using "rho":($1 < 3 ? column("kernel_law") : NaN) @law notitle, \
     "" using "rho":($1 > 3 ? column("kernel_lazy") : NaN) @law2 notitle, \
     "" using "rho":"kernel16" @measured title "{/:Italic m} = 16", \
     "" using "rho":"kernel32" @measured2 title "32", \
     "" using "rho":"kernel64" @measured3 title "64", \
     "" using "rho":"kernel128" @measured4 title "128"
unset label
set ylabel "time in which the loss is halved"
set yrange [1e-3:1e2]
set label 1 "slope 1" at 3e-1, 2e-1
set label 2 "slope 0" at 8e1, 4
unset key
plot evidence."feat_sweep.rho.tsv" using "rho":($1 < 5 ? column("half_law") : NaN) @law notitle, \
     "" using "rho":($1 > 3 ? column("half_lazy") : NaN) @law2 notitle, \
     "" using "rho":"half16" @measured, \
     "" using "rho":"half32" @measured2, \
     "" using "rho":"half64" @measured3, \
     "" using "rho":"half128" @measured4
unset multiplot
