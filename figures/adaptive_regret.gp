# Regret per round: AdaGrad and AMSGrad learn, Adam with a short memory does not.
set xlabel "rounds"
set ylabel "regret per round"
@log_x
@log_y
set xrange [5:500000]
set yrange [0.002:3]
unset key
set label "AdaGrad's bound" at 33000, 0.034
set label "Adam" at 33000, 0.67
set label "AdaGrad" at 33000, 0.0155
set label "AMSGrad" at 33000, 0.0065
plot evidence."ada_regret.regret.tsv" using "rounds":"bound" @law, \
     "" using "rounds":"adam_law" @law2, \
     "" using "rounds":"adagrad" @measured, \
     "" using "rounds":"adam" @measured2, \
     "" using "rounds":"amsgrad" @measured3
