# A round trip understates the error.
set xlabel "steps"
set ylabel "distance, root mean square"
set logscale xy
set format y '10^{%T}'
set key bottom left Left reverse
stats evidence."cnf_round_trip.round_trip.tsv" using (column("forward") * column("steps")**4) nooutput
a = STATS_mean
stats evidence."cnf_round_trip.round_trip.tsv" using (column("round_trip") * column("steps")**5) nooutput
b = STATS_mean
set xrange [7:90]
set yrange [1e-16:1e-6]
plot evidence."cnf_round_trip.round_trip.tsv" using "steps":"forward" @measured title "from where it should be, at 1", \
     a * x**-4 @law title "order 4", \
     "" using "steps":"round_trip" @measured2 title "from where it began, back at 0", \
     b * x**-5 @law2 title "order 5"
