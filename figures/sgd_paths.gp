# Descent and SGD in the same valley, and the predicted cloud.
set size ratio -1
set xlabel "{/:Italic w}_1"
set ylabel "{/:Italic w}_2"
set xrange [-10:5]
set yrange [-4.5:11]
set key top right
plot evidence."sgd_cloud.paths.tsv" using "x":"y" @guide notitle, \
     "" using "x":"y" @measured title "SGD", \
     "" using "x_descent":"y_descent" @measured2 title "descent", \
     evidence."sgd_cloud.ellipse.tsv" using "x":"y" @law title "predicted, 86 %"
