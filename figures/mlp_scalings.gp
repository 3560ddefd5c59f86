# What one step moves: three scalings of the same network.
set xlabel "hidden units {/:Italic m}"
set ylabel "squared gradient of the output"
@log_x
@log_y
set xrange [12:1400]
set yrange [3e-4:3e5]
set key top left
plot evidence."mlp_scalings.scalings.tsv" using "m":"lawstandard" @law title "(m + d)/2, 1 and 1/m", \
     "" using "m":"lawtangent" @law notitle, \
     "" using "m":"lawmeanfield" @law notitle, \
     "" using "m":"standard" @measured title "standard", \
     "" using "m":"tangent" @measured2 title "tangent", \
     "" using "m":"meanfield" @measured3 title "mean field"
