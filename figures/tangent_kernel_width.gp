# The random kernel becomes its limit: distance against width.
set xlabel "width {/:Italic m}"
set ylabel "||{/:Italic K} − Θ|| / ||Θ||, root mean square"
@log_x
@log_y
set xrange [10:6000]
plot evidence."ntk_width.width_1.tsv" using "m":"law" @law notitle, \
     "" using "m":"error" @measured title "one hidden layer", \
     evidence."ntk_width.width_2.tsv" using "m":"law" @law2 notitle, \
     "" using "m":"error" @measured2 title "two hidden layers"
