# Straight there is a barrier, with matched units a lower one, and bent none.
set xlabel "{/:Italic t}, from one trained network to the other"
set ylabel "loss on the training images"
set xrange [0:1]
set yrange [0:*]
set key off
at(x, name) = abs(column("t") - x) < 0.001 ? column(name) : 1/0
plot evidence."conn_bent.ways.tsv" using "t":"line" with linespoints lc rgb 'black' lw 1.2 pt 6 ps 0.7, \
     "" using "t":"matched" with linespoints lc rgb 'black' lw 1.2 pt 4 ps 0.65, \
     "" using "t":"curve" with linespoints lc rgb 'black' lw 1.2 pt 8 ps 0.8, \
     "" using (column("t") + 0.025):(at(0.65, "line") + 0.03):("straight line") with labels left font ",14", \
     "" using "t":(at(0.5, "matched") + 0.035):("units matched first") with labels center font ",14", \
     "" using "t":(at(0.5, "curve") + 0.05):("bent and trained") with labels center font ",14"
