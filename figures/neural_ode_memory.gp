# A constant, and a line.
set xlabel "steps"
set ylabel "bytes held at most"
set logscale xy
set format xy '10^{%T}'
set xrange [60:1.7e5]
set yrange [500:1e7]
set key top left Left reverse
first = 0
plot evidence."node_memory.memory.tsv" using "steps":"recorded" @measured2 title "backpropagation through the steps", \
     24 * x @law2 notitle, \
     "" using "steps":"adjoint" @measured title "adjoint", \
     "" using "steps":(first = first > 0 ? first : column("adjoint")) @law notitle
