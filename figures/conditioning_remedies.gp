# What each remedy gives back of the speed of descent; a live figure.
set xlabel "step {/:Italic k}"
set ylabel "distance to the minimum"
@log_y
set xrange [-1:41]
set yrange [1e-6:2]
set key outside right center Left reverse
plot curves using "k":"given" @measured title "as given", \
     "" using "k":"law1" @law notitle, \
     "" using "k":"centred" @measured2 title "centred", \
     "" using "k":"law2" @law2 notitle, \
     "" using "k":"standard" @measured3 title "standardized", \
     "" using "k":"law3" @law3 notitle, \
     "" using "k":"white" @measured4 title "white"
