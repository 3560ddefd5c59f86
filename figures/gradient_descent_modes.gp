# The lecture's cases: five errors in one run, and the law of each.
set xlabel "step {/:Italic k}"
set ylabel "error, relative to the first"
set xrange [-0.3:12.3]
set yrange [-2.5:2.5]
set key outside right center Left reverse
set zeroaxis lc rgb '#808080' lw 0.8
plot evidence."gd_cases.modes.tsv" using "k":"0.3" @measured title "{/:Italic αa} = 0.3", \
     "" using "k":"law 0.3" @law notitle, \
     "" using "k":"1" @measured2 title "1", \
     "" using "k":"law 1" @law2 notitle, \
     "" using "k":"1.7" @measured3 title "1.7", \
     "" using "k":"law 1.7" @law notitle, \
     "" using "k":"2" @measured4 title "2", \
     "" using "k":"law 2" @law3 notitle, \
     "" using "k":"2.3" with points lc rgb 'black' pt 7 ps 0.7 title "2.3", \
     "" using "k":"law 2.3" @law2 notitle
