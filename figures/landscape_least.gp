# The symmetric critical point of k neurons: a saddle up to five, a minimum from six on.
set xlabel "neurons {/:Italic k}"
set ylabel "least curvature"
set xrange [2.5:10.5]
set yrange [-0.05:0.05]
set xtics 3, 1
set key bottom right
set label "saddle" at 3.2, -0.006
set label "minimum" at 8.6, 0.006
plot 0 @guide notitle, \
     evidence."land_how_often.least.tsv" using "k":"curvature" @measured title "least eigenvalue", \
     evidence."land_spurious.proved.tsv" using "k":"curvature" with points lc rgb 'black' lw 1.2 pt 2 ps 0.9 title "bound that is proved"
