# What share of the promised decrease do ten steps deliver?
@log_x
set format x "%g"
set xtics (0.5, 1, 2, 4, 8, 16)
set xlabel "factor of the hidden weights at the start"
set ylabel "share of the promised decrease"
set xrange [0.4:20]
set yrange [0:1.1]
unset key
set label "without batch norm" at 0.45, 1.03
set label "with batch norm" at 2.2, 0.5
plot evidence."bn_first_order.shares.tsv" using "c":"plain" @law, \
     "" using "c":"normalized" @measured
