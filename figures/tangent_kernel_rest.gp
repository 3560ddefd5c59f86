# How much the kernel changes in training: four networks, four exponents.
set xlabel "width {/:Italic m}"
set ylabel "||{/:Italic K} − {/:Italic K}_0|| / ||{/:Italic K}_0|| after training"
@log_x
@log_y
set xrange [50:6000]
set key bottom left
plot evidence."rest_mean_field.tsv" using "m":"law" @law4 notitle, \
     "" using "m":"value" @measured4 title "ReLU, mean field scaling: 0", \
     evidence."rest_positive.tsv" using "m":"law" @law2 notitle, \
     "" using "m":"value" @measured2 title "ReLU, signs that agree: −1/2", \
     evidence."rest_lazy.tsv" using "m":"law" @law notitle, \
     "" using "m":"value" @measured title "ReLU, random signs: −3/4", \
     evidence."rest_smooth.tsv" using "m":"law" @law3 notitle, \
     "" using "m":"value" @measured3 title "tanh: −1"
