# Loss after 40 steps against the rate: the minima walk, or stay.
set multiplot layout 1, 2 margins 0.11, 0.98, 0.17, 0.98 spacing 0.05
set xlabel "log_2 of the rate"
set ylabel "loss after 40 steps"
set logscale y
set yrange [0.02:0.8]
set xrange [-8.2:0.2]
set xtics 2
set ytics (0.02, 0.05, 0.1, 0.2, 0.5)
unset key
set label 1 "standard" at graph 0.62, 0.94
plot for [m in "64 256 1024"] evidence."scal_valley.valley.tsv" using "log_rate":"std_".m."_law" @law, \
     "" using "log_rate":"std_64" @measured, \
     "" using "log_rate":"std_256" @measured2, \
     "" using "log_rate":"std_1024" @measured3
set label 1 "maximal update"
unset ylabel
set format y ""
plot for [m in "64 256 1024"] evidence."scal_valley.valley.tsv" using "log_rate":"max_".m."_law" @law, \
     "" using "log_rate":"max_64" @measured, \
     "" using "log_rate":"max_256" @measured2, \
     "" using "log_rate":"max_1024" @measured3
unset multiplot
