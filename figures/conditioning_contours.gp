# Where the cost is 1/2 above its least, in the plane of the bias and a weight, for three
# means: points measured along rays, curves from the closed form.  Areas are equal.
set xlabel "bias {/:Italic β}"
set ylabel "weight {/:Italic w}"
set size ratio -1
set xrange [-3.5:3.5]
set yrange [-1.4:1.4]
set xtics 1
set ytics 1
set zeroaxis lc rgb '#808080' lw 0.8
set key outside top center horizontal
plot evidence."cn_determinant.contours.tsv" using "b0":"w0" every 3 @measured title "mean {/:Italic μ} = 0", \
     "" using "law_b0":"law_w0" @law notitle, \
     "" using "b1":"w1" every 3 @measured2 title "{/:Italic μ} = 1", \
     "" using "law_b1":"law_w1" @law2 notitle, \
     "" using "b3":"w3" every 3 @measured3 title "{/:Italic μ} = 3", \
     "" using "law_b3":"law_w3" @law4 notitle
