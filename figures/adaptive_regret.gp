# Regret per round: AdaGrad and AMSGrad learn, Adam with a short memory does not.
set xlabel "rounds"
set ylabel "regret per round"
@log_x
@log_y
set xrange [5:50000]
set yrange [0.002:3]
unset key
set label "AdaGrad's bound" at 300, 0.42
set label "Adam" at 12000, 1.0
set label "AdaGrad" at 100, 0.11
set label "AMSGrad" at 700, 0.019
plot evidence."ada_regret.regret.tsv" using "rounds":"bound" @law, \
     "" using "rounds":"adam_law" @law2, \
     "" using "rounds":"adagrad" @measured, \
     "" using "rounds":"adam" @measured2, \
     "" using "rounds":"amsgrad" @measured3
