# The two branches of a numerical gradient's error, and the way out of them.
set xlabel "step {/:Italic h}"
set ylabel "error of a partial derivative"
set logscale xy
set format xy '10^{%T}'
set xrange [1e-16:1]
set yrange [1e-17:1e10]
set key top center
plot evidence."or_forward.differences.tsv" using "h":"forward_law" @law title "truncation and rounding", \
     "" using "h":"central_law" @law notitle, \
     "" using "h":"complex_law" @law2 title "truncation alone", \
     "" using "h":"forward" @measured title "forward", \
     "" using "h":"central" @measured2 title "central", \
     "" using "h":"complex" @measured3 title "complex step"
