# Loss after 40 steps against the rate: the minima walk, or stay.
set multiplot layout 1, 2 margins 0.15, 0.98, 0.21, 0.96 spacing 0.06
set xlabel "log_2 of the rate"
set ylabel "loss after 40 steps"
set logscale y
set yrange [0.02:1.05]
set xrange [-10.3:-0.7]
set xtics 2
set ytics (0.02, 0.05, 0.1, 0.2, 0.5, 1)
unset key
set label 1 "standard" at graph 0.04, 0.08
plot for [m in "64 256 1024"] evidence."scal_valley.valley.tsv" using "log_rate":"std_".m."_law" @law, \
     for [m in "64 256 1024"] "" using "log_rate":"std_".m @guide, \
     "" using "log_rate":"std_64" @measured, \
     "" using "log_rate":"std_256" @measured2, \
     "" using "log_rate":"std_1024" @measured3
set label 1 "maximal update"
unset ylabel
set format y ""
plot for [m in "64 256 1024"] evidence."scal_valley.valley.tsv" using "log_rate":"max_".m."_law" @law, \
     for [m in "64 256 1024"] "" using "log_rate":"max_".m @guide, \
     "" using "log_rate":"max_64" @measured, \
     "" using "log_rate":"max_256" @measured2, \
     "" using "log_rate":"max_1024" @measured3
unset multiplot
