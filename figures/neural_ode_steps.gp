# Where the solver evaluates, and where layers would.
set xlabel "time"
set ylabel "{/:Italic z}_1"
set xrange [0:10]
set yrange [-2.6:2.2]
set zeroaxis lc rgb '#808080' lw 0.8
set key top right
plot evidence."node_spiral.spiral.tsv" using "t":"x" @guide notitle, \
     evidence."node_spiral.steps.tsv" using "t":"x" @measured title "steps of the solver", \
     evidence."node_spiral.spiral.tsv" using "t":(-2.4) every 10 @measured2 title "layers"
