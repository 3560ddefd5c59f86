# A hundred layers: residual, plain, and plain from layers that copy.
set xlabel "step of gradient descent"
set ylabel "cost, relative to that of a blind guess"
@log_y
set format y "%g"
set yrange [0.05:20]
set key top right
plot 1 @guide title "output that ignores the image", \
     evidence."resnet_hundred_layers.training.tsv" using "step":"plain" @measured3 title "plain", \
     "" using "step":"copier" @measured2 title "plain, started as a copy", \
     "" using "step":"residual" @measured title "residual"
