# The lecture's plot: total cost, and the share of the direction of least curvature.
set xlabel "step {/:Italic k}"
set ylabel "cost above the least"
@log_y
plot evidence."gd_slowest_dominates.cost.tsv" using "k":"predicted" @blue title "total, predicted", \
     "" using "k":"cost" every 4 @measured title "total, measured", \
     "" using "k":"slowest" @red title "slowest direction"
