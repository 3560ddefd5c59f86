# How far training mode is from evaluation mode, against the size of the batch.
@log_x
@log_y
set xlabel "examples in the batch, {/:Italic B}"
set ylabel "mean square of {/:Italic ẑ} - {/:Italic z}"
set format x "%g"
set xtics (2, 4, 8, 16, 32, 64, 128)
set xrange [1.7:150]
set key top right
plot evidence."bn_batch_error.size.tsv" using "B":"law" @law title "2 - 2 E {/:Italic s}", \
     "" using "B":"limit" @law2 title "3 / 2{/:Italic B}", \
     "" using "B":"measured" @measured title "measured"
