# What a contraction forgets, its reverse cannot know.
set xlabel "{/:Italic kT}"
set ylabel "distance from the start"
set logscale y
set format y '10^{%T}'
set xrange [2:39]
set yrange [1e-11:1e8]
set key top left Left reverse
plot evidence."node_drift.drift.tsv" using "k":"law" @law title "10^{−10} e^{/:Italic kT}", \
     "" using "k":"drift" @measured title "contraction", \
     evidence."node_drift.drift_turn.tsv" using "k":"drift" @measured2 title "turn"
