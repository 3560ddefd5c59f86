# Thirty layers on real data: a root of two in the weights decides.
set xlabel "step {/:Italic k}"
set ylabel "share of the variance that is left"
set xrange [0:200]
set yrange [0:1.15]
set key bottom left
plot evidence."init_thirty_layers.thirty.tsv" using "k":"lecun" @measured2 title "LeCun, 1 / {/:Italic n}", \
     "" using "k":"he" @measured title "He, 2 / {/:Italic n}"
