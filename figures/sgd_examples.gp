# What a factor of e costs, in examples, at the best rate for each batch.
set xlabel "batch {/:Italic B}"
set ylabel "examples for a factor {/:Italic e} in the excess"
set logscale x 2
set logscale y
set xrange [0.9:1150]
set yrange [5:400]
set key top left
plot evidence."sgd_critical_images.ramp.tsv" using "B":"law" @law title "normal examples", \
     "" using "B":"ideal" @guide title "{/:Italic d} + 1", \
     "" using "B":"examples" @measured title "images"
