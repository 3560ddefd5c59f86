# Sparse deconvolution: the way of each particle in place and mass.
set xlabel "place on the circle, in radians"
set ylabel "mass of the particle, times {/:Italic m}"
set xrange [-pi:pi]
set zeroaxis lc rgb '#808080' lw 0.8
unset key
stats evidence."spikes.tsv" using "mass" nooutput
stats evidence."truth.tsv" using "mass" name "T" nooutput
unit = STATS_max / T_max
plot evidence."truth.tsv" using "angle":(unit * $2) with impulses lc rgb 'black' lw 1.4, \
     evidence."spikes.tsv" using "angle":"mass" with points lc rgb 'black' pt 7 ps 0.12
