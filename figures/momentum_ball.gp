# The heavy ball along two axes, their laws, and descent at its best; a live figure.
set xlabel "step {/:Italic k}"
set ylabel "error, relative to the first"
set xrange [-1:81]
set yrange [-6:6]
set key outside right center Left reverse
set zeroaxis lc rgb '#808080' lw 0.8
plot curves using "k":"steep" @measured title "steepest", \
     "" using "k":"law1" @law notitle, \
     "" using "k":"flat" @measured2 title "flattest", \
     "" using "k":"law2" @law2 notitle, \
     "" using "k":"descent" @law3 title "descent"
