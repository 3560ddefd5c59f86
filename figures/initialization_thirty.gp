# Thirty layers on real data: the variance of the weights decides.
set xlabel "step {/:Italic k}"
set ylabel "cost, relative to the best constant"
set xrange [0:200]
set yrange [0:1.5]
set key bottom left
plot 1 @guide notitle, \
     evidence."thirty.tsv" using "k":"he" @measured title "He, 2 / {/:Italic n}", \
     "" using "k":"lecun" @measured2 title "LeCun, 1 / {/:Italic n}", \
     "" using "k":"twice" @measured3 title "twice He, 4 / {/:Italic n}"
