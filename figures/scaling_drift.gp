# The best rate against the width, beside the edge of the mean kernel.
set xlabel "width {/:Italic m}"
set ylabel "log_2 of the best rate"
set logscale x 2
set xrange [56:1000]
set xtics (64, 128, 256, 512)
unset key
end = "every ::3::3"
plot evidence."scal_drift.drift.tsv" using "m":"edge" @law, \
     "" using "m":"edge_maximal" @law2, \
     "" using "m":"standard" @measured, \
     "" using "m":"maximal" @measured2, \
     "" using (1.06 * column("m")):"standard":("standard") @end with labels left font ",14", \
     "" using (1.06 * column("m")):(column("maximal") - 0.1):("maximal update") @end with labels left font ",14"
