# A network, its linear model, and the kernel, after as many steps; a live figure.
set xlabel "angle"
set ylabel "learned, {/:Italic f} − {/:Italic f}_0"
set xrange [-3.2:3.2]
set yrange [-2.5:2.5]
set key outside right center Left reverse
plot curves using "angle":"network" @measured title "network", \
     "" using "angle":"model" @law title "linear model", \
     "" using "angle":"kernel" @law3 title "limit kernel", \
     "" using "x":"y" with points lc rgb 'black' pt 7 ps 0.9 title "examples"
