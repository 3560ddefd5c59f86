# Who lingers at the saddle of y^4 - x^4, and who does not.
set xlabel "start {/:Italic r}, at the rate 0.01"
set ylabel "steps from {/:Italic r} to 1"
@log_y
set logscale x
set xrange [0.009:0.11]
set yrange [20:4e5]
set key top right
plot evidence."sgd_quartic.steps.tsv" using "r":"law" @law notitle, \
     "" using "r":"tenth" @law2 notitle, \
     "" using "r":"descent" @measured title "descent", \
     "" using "r":"momentum" @measured2 title "momentum", \
     "" using "r":"adagrad" @measured4 title "AdaGrad", \
     "" using "r":"adam" @measured3 title "Adam"
