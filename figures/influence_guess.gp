# Predictions for a hundredth of an example are right, and for a whole one are not.
eval log_x
eval log_y
set xrange [5e-6:2]
set yrange [5e-6:100]
set xtics 1e-5, 10
set ytics 1e-5, 10
set xlabel "predicted rise of the loss"
set ylabel "actual rise"
set key off
data = evidence."inf_dies.guesses.tsv"
stats data using "whole" nooutput
set label 1 "a whole example" at 0.05, 5 * STATS_max right
set label 2 "a hundredth," at 2.5e-4,7e-5
set label 3 "times 100" at 2.5e-4,3.5e-5
set label 4 "linear model" at 0.05,0.014
plot data using "guess":"law" smooth unique @law, "" using "guess":"whole" @measured2, \
     "" using "guess":"little" @measured, \
     "" using "linear_guess":"linear_whole" @measured3
