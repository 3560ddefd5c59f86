# Samples of a flow of eight layers, and levels of the density that it was fitted to.
eval sheet(560, 540, 16)
set xlabel "{/:Italic z}_1"
set ylabel "{/:Italic z}_2"
set xrange [-3.6:3.6]
set yrange [-3.6:3.6]
set size ratio -1
unset key
energy(x, y) = 0.5 * ((sqrt(x * x + y * y) - 2) / 0.4)**2 \
    - log(exp(-0.5 * ((x - 2) / 0.6)**2) + exp(-0.5 * ((x + 2) / 0.6)**2))
set contour base
set cntrparam levels discrete 0.5, 2, 4.5
set cntrlabel onecolor
set isosamples 200, 200
unset surface
set table $levels
splot energy(x, y)
unset table
set datafile separator whitespace # as the table has it
plot evidence."nf_histogram.samples.tsv" using "x":"y" with points lc rgb 'black' pt 7 ps 0.15, \
     $levels using 1:2 @law
