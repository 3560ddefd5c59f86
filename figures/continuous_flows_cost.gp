# What a determinant, a trace and a probe cost.
set xlabel "dimensions {/:Italic D}"
set ylabel "multiplications and additions"
set logscale xy
set format y '10^{%T}'
set xrange [14:300]
set key top left Left reverse
plot evidence."cnf_cost.cost.tsv" using "D":"cubic" @law notitle, \
     "" using "D":"determinant" @measured title "determinant of a layer", \
     8 * (2 * x**2 + x) @law2 notitle, \
     "" using "D":"axes" @measured2 title "trace along all axes", \
     8 * (2 * x + 1) @law3 notitle, \
     "" using "D":"probe" @measured3 title "one probe"
