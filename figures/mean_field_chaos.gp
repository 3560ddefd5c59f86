# What a part of m neurons does differently from the whole cloud.
set xlabel "neurons in a part, {/:Italic m}"
set ylabel "mean square of the difference"
set logscale x 2
@log_y
set xrange [7:146]
set key top right
stats evidence."mf_chaos.chaos.tsv" using "neuron" nooutput
stats evidence."mf_chaos.chaos.tsv" using "h" name "H" nooutput
stats evidence."mf_chaos.chaos.tsv" using "x" name "X" nooutput
plot evidence."mf_chaos.chaos.tsv" using "m":"neuron" @measured title "a neuron", \
     "" using "m":(STATS_max * $2 / X_max) @law notitle, \
     "" using "m":"h" @measured2 title "the output", \
     "" using "m":(H_max * $2 / X_max) @law2 notitle
