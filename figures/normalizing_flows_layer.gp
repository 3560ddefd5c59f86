# What one planar layer makes of the normal distribution; a live figure.
set xlabel "{/:Italic x} = {/:Italic z} + {/:Italic u} tanh({/:Italic wz} + {/:Italic b})"
set ylabel "density"
set xrange [-6:6]
set yrange [0:0.8]
set key outside right center Left reverse
plot curves using "x":"density" @law title "change of variables", \
     "" using "cell":"share" @measured title "share of a sample"
