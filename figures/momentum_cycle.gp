# Polyak's ball in a cycle of three, on a strongly convex cost; Nesterov's method arrives.
set xlabel "step {/:Italic k}"
set ylabel "{/:Italic x}"
set xrange [0:30]
set yrange [-3.6:4]
set key top right
plot 0 @guide notitle, \
     evidence."mom_cycle.cycle.tsv" using "k":"ball" @guide notitle, \
     "" using "k":"ball" @measured title "heavy ball", \
     "" using "k":"nesterov" @measured2 title "Nesterov"
