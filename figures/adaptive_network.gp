# Each run of an adaptive method against momentum from the same start: nothing is worse.
set xlabel "training loss, less that of momentum"
set ylabel "test error, less that of momentum, points"
set xzeroaxis lt 1 lc rgb '#808080' lw 0.8
set yzeroaxis lt 1 lc rgb '#808080' lw 0.8
set xrange [-0.1:0.1]
set key outside top center horizontal
plot evidence."ada_network.runs.tsv" using "adagrad_loss":"adagrad_error" @measured title "AdaGrad", \
     "" using "rmsprop_loss":"rmsprop_error" @measured2 title "RMSProp", \
     "" using "adam_loss":"adam_error" @measured3 title "Adam"
