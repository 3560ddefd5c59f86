# Descent and SGD in the same valley, and the predicted cloud.
set size ratio -1
set xlabel "{/:Italic w}_1"
set ylabel "{/:Italic w}_2"
set xrange [-5:7]
set yrange [-3.2:5.6]
set key top right
plot evidence."sgd_cloud.paths.tsv" using "x":"y" every ::0::20 @guide notitle, \
     "" using "x":"y" @measured title "SGD", \
     "" using "x_descent":"y_descent" every 2::0::40 @measured2 title "descent", \
     evidence."sgd_cloud.ellipse.tsv" using "x":"y" @law title "predicted"
