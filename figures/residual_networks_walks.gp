# A random walk with drift: the length of one tangent through a plain ReLU net.
set xlabel "layers"
set ylabel "ln of a tangent's length"
set xrange [0:41]
set yrange [-17:22]
set key top left
plot evidence."resnet_plain_walk.walks.tsv" using "T":"law_four" @law title "drift by the law", \
     "" using "T":"law_two" @law notitle, \
     "" using "T":"law_one" @law notitle, \
     "" using "T":"four" @measured title "variance 4", \
     "" using "T":"two" @measured2 title "2", \
     "" using "T":"one" @measured3 title "1"
