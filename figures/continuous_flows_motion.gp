# A normal law on its way to four clusters.
eval sheet(680, 190, 14)
set multiplot layout 1,5 margins 0.01,0.99,0.02,0.86 spacing 0.01
set size ratio -1
set xrange [-3.4:3.4]
set yrange [-3.4:3.4]
unset tics
unset key
set border 0
dots = "with points lc rgb 'black' pt 7 ps 0.16"
do for [k = 0:4] {
    set title sprintf("{/:Italic t} = %g", k / 4.0) offset 0,-0.6
    plot evidence."cnf_trains.motion.tsv" using sprintf("x%d", k):sprintf("y%d", k) @dots
}
unset multiplot
