# The same slice of a plain net and of a residual one: lines of equal loss, half a power of ten apart.
set multiplot layout 1, 2 margins 0.11, 0.98, 0.2, 0.9 spacing 0.12
set dgrid3d 21, 21
set view map
unset surface
set border 15
unset key
set contour base
unset clabel
set cntrparam levels incremental -3, 0.5, 12
set size ratio -1
set xtics -1, 0.5
set ytics -1, 0.5
set xlabel "along the second direction" offset 0, 0.5
set ylabel "along the first"
set title "plain"
splot evidence."land_skips.slices.tsv" using "x":"y":(log10($3)) with lines lc rgb 'black' lw 0.8
set ylabel ""
set title "residual"
splot evidence."land_skips.slices.tsv" using "x":"y":(log10($4)) with lines lc rgb 'black' lw 0.8
unset multiplot
