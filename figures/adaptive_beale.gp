# Paths on Beale's function: three arrive at (3, 1/2), one jumps to and fro beside it.
set xlabel "{/:Italic x}"
set ylabel "{/:Italic y}"
set xrange [-0.2:4.8]
set yrange [-2.4:1.7]
set key bottom right
set label "minimum" at 2.75, 0.75
set label "(3, 0)" right at 2.92, 0
plot evidence."ada_paths.floor.tsv" using "x":"y" @guide title "floor of the valley", \
     evidence."ada_paths.paths.tsv" using "x0":"y0" @law title "descent", \
     "" using "x1":"y1" @law2 title "AdaGrad", \
     "" using "x2":"y2" @law4 title "AMSGrad", \
     "" using "x3":"y3" @law3 title "RMSProp", \
     "+" using (3):(0.5) every ::0::0 @measured notitle, \
     "+" using (3):(0) every ::0::0 with points lc rgb 'black' lw 1.2 pt 2 ps 0.8 notitle
