# Sharpness rises to the limit of the method that is used, and each has its own.
eval sheet(680, 300, 14)
set multiplot layout 1,3 margins 0.12,0.98,0.25,0.86 spacing 0.03
set xrange [0:700]
set yrange [0:4.5]
set xtics 0, 300
set xlabel "step {/:Italic k}"
set key off
data = evidence."mom_flatter.edges.tsv"
set ylabel "rate × sharpness" offset 1.5,0
set title "descent, limit 2"
plot data using "k":"limit" @law, "" using "k":"descent" @measured
unset ylabel
set format y ""
set title "heavy ball, limit 3"
plot data using "k":"limit_ball" @law, "" using "k":"ball" @measured
set title "Nesterov, limit 1.5"
plot data using "k":"limit_nesterov" @law, "" using "k":"nesterov" @measured
unset multiplot
