# Two valleys: where gradient descent ends depends on where it begins.
set xlabel "weight {/:Italic w}"
set ylabel "cost"
set xrange [-1.15:1.15]
set key top center
plot x**4 - x**2 + x / 5 @law notitle, \
     evidence."or_stuck.quartic.tsv" using "start":"cost" with points lc rgb 'black' pt 7 ps 0.3 title "starts", \
     "" using "end":"reached" @measured2 title "ends"
