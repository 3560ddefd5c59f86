# The sentence "tanh(y) has variance 1", repeated a hundred times.
set xlabel "layer {/:Italic l}"
set ylabel "mean square of tanh, one network"
set logscale xy
set xrange [0.9:110]
set yrange [0.003:1.5]
set key bottom left
plot evidence."init_tanh_depth.tanh.tsv" using "l":(1) @law3 title "as printed: 1", \
     "" using "l":"wide" @law title "limit of large width", \
     "" using "l":"law" @law2 title "1 / 2{/:Italic l}", \
     "" using "l":"square" @measured title "500 units, measured"
