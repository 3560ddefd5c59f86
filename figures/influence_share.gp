# Influence is a derivative: its relative error is proportional to the share, up to a step too long.
eval log_x
eval log_y
set xrange [1e-3:1.2]
set yrange [1e-4:3]
set xlabel "share {/:Italic s} of the example taken away"
set ylabel "relative error"
set key off
data = evidence."inf_derivative.shares.tsv"
# Each beside its own line, wherever that lies.
stats data using (column("hidden_law") / column("s")) name "H" nooutput
stats data using (column("logistic_law") / column("s")) name "L" nooutput
set label 1 "one hidden layer" at 0.045, 0.1 * H_max right
set label 2 "logistic regression" at 0.12, 0.05 * L_max
plot data using "s":"logistic_law" @law2, "" using "s":"hidden_law" @law, \
     "" using "s":"logistic" @measured, "" using "s":"hidden" @measured2
