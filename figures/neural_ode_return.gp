# Out along a spiral, and back; a live figure.
set xlabel "{/:Italic z}_1"
set ylabel "{/:Italic z}_2"
set xrange [-1.5:1.5]
set yrange [-1.2:1.2]
set key outside right center Left reverse
plot curves using "x":"y" @law title "out", \
     "" using "x_back":"y_back" @measured title "back", \
     "" using "x_start":"y_start" with points lc rgb 'black' pt 7 ps 0.9 title "start"
