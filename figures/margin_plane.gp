# Signed points of the plane with their labels, and the lines w'x = 0 of the flow.
set size ratio -1
set xlabel "{/:Italic x}_1"
set ylabel "{/:Italic x}_2"
set xrange [-1.35:1.35]
set yrange [-1.1:1.1]
set key off
plus(y) = column("label") > 0 ? y : NaN
minus(y) = column("label") < 0 ? y : NaN
ring(y) = column("support") > 0 ? y : NaN
lines = "mar_multipliers.lines.tsv"
plot for [i=0:2] evidence.lines using (-1.2 * column("x")):(-1.2 * column("y")):(2.4 * column("x")):(2.4 * column("y")) every ::i::i \
         with vectors nohead lc rgb 'black' lw 1.2 dt (3 + 4 * i, 5) notitle, \
     for [i=0:2] evidence.lines using (1.25 * column("x")):(1.25 * column("y")):(i == 0 ? "t = 1" : i == 1 ? "100" : "") every ::i::i \
         with labels font ",13" notitle, \
     evidence.lines using (-1.2 * column("best_x")):(-1.2 * column("best_y")):(2.4 * column("best_x")):(2.4 * column("best_y")) every ::0::0 \
         with vectors nohead lc rgb 'black' lw 1.6 notitle, \
     evidence."mar_multipliers.points.tsv" using "x":(plus(column("y"))) with points lc rgb 'black' pt 7 ps 0.7, \
     "" using "x":(minus(column("y"))) with points lc rgb 'black' pt 4 ps 0.8, \
     "" using "x":(ring(column("y"))) with points lc rgb 'black' pt 6 ps 1.8
