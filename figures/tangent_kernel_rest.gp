# How much the kernel changes in training: four networks.
set xlabel "width {/:Italic m}"
set ylabel "||{/:Italic K} − {/:Italic K}_0|| / ||{/:Italic K}_0|| after training"
@log_x
@log_y
set xrange [50:3000]
set key outside top center horizontal maxrows 2
plot evidence."ntk_kernel_rests.rest_mean_field.tsv" using "m":"law" @law4 notitle, \
     "" using "m":"value" @measured4 title "ReLU, mean field", \
     evidence."ntk_kernel_rests.rest_positive.tsv" using "m":"law" @law2 notitle, \
     "" using "m":"value" @measured2 title "ReLU, equal signs", \
     evidence."ntk_kernel_rests.rest_random.tsv" using "m":"value" @measured title "ReLU, random signs", \
     evidence."ntk_kernel_rests.rest_smooth.tsv" using "m":"law" @law3 notitle, \
     "" using "m":"value" @measured3 title "tanh"
