# Where Newton and Schulz's iteration takes a singular value.
set xlabel "singular value before, in units of ‖{/:Italic X}‖"
set ylabel "after"
@log_x
set xrange [3e-4:1]
set yrange [0:1.3]
unset key
plot evidence."scal_singular_values.band.tsv" using "sigma":"low" @guide, \
     "" using "sigma":"high" @guide, \
     "" using "sigma":"muon" @law, \
     "" using "sigma":"classical" @law2, \
     "" using "sigma":"classical_15" @law3, \
     evidence."scal_singular_values.matrix.tsv" using "sigma":"out" @measured
