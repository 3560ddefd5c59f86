# The errors of three networks of 16 units that are to be x^2 / 4.
set xlabel "{/:Italic x}"
set ylabel "error of the network"
set xrange [-1:1]
set key outside top center horizontal samplen 2
plot 0 @guide notitle, \
     evidence."bar_stratified.errors.tsv" using "x":"independent" @law2 title "independent", \
     "" using "x":"cells" @law title "one in each cell", \
     "" using "x":"middles" @law3 title "in their middles"
