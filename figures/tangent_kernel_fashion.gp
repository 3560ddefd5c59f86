# On images: the distance to the prediction of the limit kernel, and both test errors.
set xlabel "width {/:Italic m} of both hidden layers"
set ylabel "share"
@log_x
@log_y
set format y '%g'
set format x '%g'
set xrange [7:150]
set yrange [0.05:1]
set key top right
plot evidence."ntk_fashion.fashion.tsv" using "m":"distance" @measured title "distance of the predictions", \
     "" using "m":"error" @measured2 title "test error, network", \
     "" using "m":"kernel_error" @law title "test error, kernel"
