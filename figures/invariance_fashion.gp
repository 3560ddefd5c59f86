# Real data: training curves in pixels, and in the coordinates of the eigenvectors.
set xlabel "step {/:Italic k}"
set ylabel "cost: mean of half the squared error"
set xrange [0:150]
set yrange [0.1:0.3]
set ytics 0.05
plot evidence."inv_fashion.fashion.tsv" using "k":"descent" @law title "gradient descent, pixels", \
     "" using "k":"descent_turned" every 6 @measured title "gradient descent, eigenvectors", \
     "" using "k":"adam" @law2 title "Adam, pixels", \
     "" using "k":"adam_turned" every 6::3 @measured2 title "Adam, eigenvectors"
