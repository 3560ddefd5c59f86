# One step, explicit and implicit: by what factor the error changes.
set xlabel "{/:Italic αa}, rate times curvature"
set ylabel "error after a step, of the error before"
set logscale xy
set format x '10^{%T}'
set format y '10^{%T}'
set yrange [0.005:200]
set key top left
set samples 2000
set xrange [0.01:100]
plot abs(1 - x) @law title "|1 − {/:Italic αa}|", \
     1 / (1 + x) @law2 title "1 / (1 + {/:Italic αa})", \
     1 @guide notitle, \
     evidence."or_proximal.factors.tsv" using "alpha":"gradient" @measured title "gradient step", \
     "" using "alpha":"proximal" @measured2 title "proximal step"
