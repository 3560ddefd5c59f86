# How much the kernel changes in training: four networks.
set xlabel "width {/:Italic m}"
set ylabel "||{/:Italic K} − {/:Italic K}_0|| / ||{/:Italic K}_0|| after training"
@log_x
@log_y
set xrange [50:3000]
set key outside top center horizontal maxrows 2
plot evidence."rest_mean_field.tsv" using "m":"law" @law4 notitle, \
     "" using "m":"value" @measured4 title "ReLU, mean field", \
     evidence."rest_positive.tsv" using "m":"law" @law2 notitle, \
     "" using "m":"value" @measured2 title "ReLU, equal signs", \
     evidence."rest_random.tsv" using "m":"value" @measured title "ReLU, random signs", \
     evidence."rest_smooth.tsv" using "m":"law" @law3 notitle, \
     "" using "m":"value" @measured3 title "tanh"
