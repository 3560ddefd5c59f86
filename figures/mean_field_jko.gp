# One step of JKO and one of descent: how far apart they end, against the time of the step.
set xlabel "{/:Italic τ}"
set ylabel "distance from the gradient step"
@log_x
@log_y
set xrange [2e-4:5e-2]
set key bottom right
stats evidence."mf_jko.jko.tsv" using "jko" nooutput
stats evidence."mf_jko.jko.tsv" using "tau" name "T" nooutput
jko = STATS_min / T_min ** 2
stats evidence."mf_jko.jko.tsv" using "linear" nooutput
linear = STATS_min / T_min ** 2
plot evidence."mf_jko.jko.tsv" using "tau":"jko" @measured title "JKO", \
     "" using "tau":(jko * $1 ** 2) @law notitle, \
     "" using "tau":"linear" @measured2 title "linear term", \
     "" using "tau":(linear * $1 ** 2) @law2 notitle, \
     "" using "tau":"slow" @measured3 title "JKO, rate without {/:Italic m}"
