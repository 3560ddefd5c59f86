# Points of the plane with their labels, and the lines w'x = 0 of the flow.
set size ratio -1
set xlabel "{/:Italic x}_1"
set ylabel "{/:Italic x}_2"
set xrange [-1.6:1.6]
set yrange [-1.15:1.15]
set key off
plus(y) = column("label") > 0 ? y : NaN
minus(y) = column("label") < 0 ? y : NaN
ring(y) = column("support") > 0 ? y : NaN
when(i) = i == 0 ? "{/:Italic t} = 1" : "10"
plot evidence."mar_multipliers.lines.tsv" using (-1.1 * column("best_x")):(-1.1 * column("best_y")):(2.2 * column("best_x")):(2.2 * column("best_y")) every ::0::0 \
         with vectors nohead lc rgb 'black' lw 1.6, \
     for [i=0:2] "" using (-1.1 * column("x")):(-1.1 * column("y")):(2.2 * column("x")):(2.2 * column("y")) every ::i::i \
         with vectors nohead lc rgb 'black' lw 1.2 dt (3 + 4 * i, 5), \
     for [i=0:1] "" using (1.25 * column("x")):(1.25 * column("y")):(when(i)) every ::i::i with labels font ",13", \
     evidence."mar_multipliers.points.tsv" using "x":(plus(column("y"))) with points lc rgb 'black' pt 7 ps 0.7, \
     "" using "x":(minus(column("y"))) with points lc rgb 'black' pt 4 ps 0.8, \
     "" using "x":(ring(column("y"))) with points lc rgb 'black' pt 6 ps 1.8
