# Predictions for a hundredth of an example are right, and for a whole one are not.
set terminal svg size 680,360 enhanced font "TeX Gyre Pagella,15"
set multiplot layout 1,2 margins 0.13,0.98,0.2,0.88 spacing 0.11
data = evidence."inf_dies.guesses.tsv"
set key off
set xlabel "predicted change of the loss"
set ylabel "actual change" offset 1,0
set title "one hidden layer"
plot data using "guess":"same" smooth unique @law, "" using "guess":"whole" @measured2, \
     "" using "guess":"little" @measured
unset ylabel
set title "linear"
plot data using "linear_guess":"linear_guess" smooth unique @law, \
     "" using "linear_guess":"linear" @measured2
unset multiplot
