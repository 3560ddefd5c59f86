# The length of the k-th step along a constant gradient.
set xlabel "step"
set ylabel "length of the step / {/:Italic α}"
@log_x
set logscale y
set xrange [1:1000]
set yrange [0.02:5]
set ytics (0.03, 0.1, 0.3, 1, 3)
unset key
set label "RMSProp" at 3, 2.4
set label "Adam" at 100, 1.25
set label "AdaGrad" at 30, 0.27
plot evidence."ada_constant.steps.tsv" using "k":"adagrad_law" @law, \
     "" using "k":"rmsprop_law" @law2, \
     "" using "k":"adam_law" @law3, \
     "" using "k":"adagrad" @measured, \
     "" using "k":"rmsprop" @measured2, \
     "" using "k":"adam" @measured3
