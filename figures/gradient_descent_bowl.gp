# The errors of one run along three axes of a bowl, and the law of each; a live figure.
set xlabel "step {/:Italic k}"
set ylabel "error, relative to the first"
set xrange [-0.3:12.3]
set yrange [-2.5:2.5]
set key outside right center Left reverse
set zeroaxis lc rgb '#808080' lw 0.8
plot curves using "k":"a1" @measured title "{/:Italic a}_1", \
     "" using "k":"law1" @law notitle, \
     "" using "k":"a2" @measured2 title "{/:Italic a}_2", \
     "" using "k":"law2" @law2 notitle, \
     "" using "k":"a3" @measured3 title "{/:Italic a}_3", \
     "" using "k":"law3" @law3 notitle
