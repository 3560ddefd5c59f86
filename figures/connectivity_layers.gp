# A layer put back to its own start, to another's, or drawn anew.
set xlabel "layer that is put back"
set ylabel "share of test images right"
set xrange [0.6:3.9]
set yrange [0:0.85]
set xtics ("first" 1, "middle" 2, "last" 3)
set key off
set label "the trained network" at 3.88, 0.765 right
set label "to its own start" at 3.12, 0.64 left
set label "to another's start,\nor drawn anew" at 3.12, 0.17 left
plot evidence."conn_put_back.layers.tsv" using "layer":"own" @measured, \
     "" using "layer":"others" @measured2, \
     "" using "layer":"drawn" @measured3, \
     "" using (column("layer") == 1 ? 0.6 : column("layer") == 3 ? 3.9 : 2):"whole" @guide
