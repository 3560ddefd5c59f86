# Sharpness rises to the limit of the method that is used, and each has its own.
set xlabel "step {/:Italic k}"
set ylabel "rate × sharpness"
set xrange [0:690]
set yrange [0:4.5]
set key off
set label "heavy ball" at 600,3.2
set label "descent" at 600,2.2
set label "Nesterov" at 600,1.28
plot evidence."mom_flatter.edges.tsv" using "k":"limit" @law, \
     "" using "k":"limit_ball" @law2, \
     "" using "k":"limit_nesterov" @law3, \
     "" using "k":"descent" @measured, \
     "" using "k":"ball" @measured2, \
     "" using "k":"nesterov" @measured3
