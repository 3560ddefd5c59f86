# Degradation: the training cost after the same number of steps, over the depth.
set xlabel "layers {/:Italic T}"
set ylabel "training cost after 40 steps"
set logscale x
set xrange [1.7:120]
set yrange [0:1.65]
set key top left
plot 1 @guide title "output that ignores the image", \
     evidence."resnet_hundred_layers.depth.tsv" using "T":"plain" @measured3 title "plain, best of three rates", \
     "" using "T":"residual" @measured title "residual"
