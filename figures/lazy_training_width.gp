# The gradient of the first layer at the start, against the width.
set xlabel "width {/:Italic m}"
set ylabel "root mean square over starts"
@log_y
set logscale x 2
set xrange [200:5200]
set yrange [1e-4:1e1]
set key off
data = evidence."lazy_first_layer.width.tsv"
stats data using "law_0" name "N" nooutput
stats data using "law_1" name "M" nooutput
stats data using "law_2" name "E" nooutput
set label 1 "standard start: norm" at 320, 2 * N_max
set label 2 "maximal update: norm" at 320, 1.9 * M_max
set label 3 "standard start: entries" at 260, 0.15 * M_max
set label 4 "maximal update: entries" at 400, 1.4 * E_max
plot data using "m":"law_0" @law, "" using "m":"law_1" @law, \
     "" using "m":(column("law_1") / sqrt(5)) @law, "" using "m":"law_2" @law, \
     "" using "m":"standard" @measured, "" using "m":"standard_entry" @measured2, \
     "" using "m":"maximal" @measured3, "" using "m":"maximal_entry" @measured4
