# How far each hidden layer is from its final self, and the same as a share of the way.
set multiplot layout 1, 2 margins 0.12, 0.98, 0.2, 0.96 spacing 0.14
set xlabel "step"
set xrange [-0.5:31]
set yrange [0:0.55]
set ytics 0.1
set ylabel "1 − CKA with the final self"
plot evidence."feat_lower_first.approach.tsv" using "step":"left_4" @measured4 title "layer 4", \
     "" using "step":"left_3" @measured3 title "layer 3", \
     "" using "step":"left_2" @measured2 title "layer 2", \
     "" using "step":"left_1" @measured title "layer 1"
set ylabel "as a share of that at step 0"
set yrange [0:1.1]
set ytics 0.2
unset key
plot evidence."feat_lower_first.approach.tsv" using "step":"share_4" @measured4, \
     "" using "step":"share_3" @measured3, \
     "" using "step":"share_2" @measured2, \
     "" using "step":"share_1" @measured
unset multiplot
