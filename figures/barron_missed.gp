# What m features miss of 62 waves: fixed beforehand, or chosen for each.
set xlabel "features {/:Italic m}"
set ylabel "mean square that is missed"
@log_y
set xrange [1:21]
set yrange [3e-4:2]
unset key
set label "no fixed features can be below" right at 20.5, 0.38
set label "drawn beforehand" left at 12.5, 1.35
set label "chosen for each wave" right at 11.2, 2.2e-2
plot evidence."bar_fixed_basis.missed.tsv" using "m":"bound" @law notitle, \
     "" using "m":"drawn" @measured notitle, \
     "" using "m":"chosen" @measured2 notitle
