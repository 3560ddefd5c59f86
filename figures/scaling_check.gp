# The coordinate check: what one step by sign adds to the outputs of each layer.
set xlabel "width {/:Italic m}"
set ylabel "change of a unit's output"
set logscale x
set xtics (8, 25, 80)
set xrange [7:220]
@log_y
unset key
end = "every ::2::2"
plot evidence."scal_coordinates.check.tsv" using "m":"law_0" @law, \
     "" using "m":"law_1" @law2, \
     "" using "m":"law_2" @law3, \
     "" using "m":"std_0" @measured, \
     "" using "m":"std_1" @measured2, \
     "" using "m":"std_2" @measured3, \
     "" using "m":"max_0" with points lc rgb 'black' pt 7 ps 0.5, \
     "" using "m":"max_1" with points lc rgb 'black' pt 5 ps 0.6, \
     "" using "m":"max_2" with points lc rgb 'black' pt 9 ps 0.7, \
     "" using (1.09 * column("m")):"std_1":("hidden and last,") @end with labels left font ",14", \
     "" using (1.09 * column("m")):(0.78 * column("std_1")):("standard") @end with labels left font ",14", \
     "" using (1.09 * column("m")):"max_0":("first, both") @end with labels left font ",14", \
     "" using (1.09 * column("m")):"max_1":("hidden and last,") @end with labels left font ",14", \
     "" using (1.09 * column("m")):(0.78 * column("max_1")):("maximal update") @end with labels left font ",14"
