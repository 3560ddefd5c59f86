# The gradient of the first layer at the start, against the width.
set xlabel "width {/:Italic m}"
set ylabel "root mean square over starts"
@log_y
set logscale x 2
set xrange [200:5200]
set yrange [1e-4:1e2]
plot evidence."lazy_first_layer.width.tsv" using "m":"law_0" @law notitle, \
     "" using "m":"law_1" @law notitle, \
     "" using "m":($7 / sqrt(5)) @law notitle, \
     "" using "m":"law_2" @law notitle, \
     "" using "m":"standard" @measured title "standard start: norm", \
     "" using "m":"standard_entry" @measured2 title "its entries", \
     "" using "m":"maximal" @measured3 title "maximal update: norm", \
     "" using "m":"maximal_entry" @measured4 title "its entries"
