# Sparse deconvolution: the way of each particle, in place and length.
set xlabel "place on the circle, in radians"
set ylabel "length of the particle, with its sign"
set xrange [-pi:pi]
set zeroaxis lc rgb '#808080' lw 0.8
unset key
stats evidence."mf_certificate.spikes.tsv" using "length" nooutput
stats evidence."mf_certificate.truth.tsv" using "mass" name "T" nooutput
unit = STATS_max / T_max
plot evidence."mf_certificate.truth.tsv" using "angle":(unit * $2) with impulses lc rgb '#808080' lw 9, \
     evidence."mf_certificate.spikes.tsv" using "angle":"length":"turn":"growth" with vectors nohead lc rgb 'black' lw 0.9
