# Growth per step: of the mean square, and of a run.
set xlabel "learning rate {/:Italic α}"
set ylabel "growth of ln |{/:Italic w}| per step"
set xrange [0:3.05]
set yrange [-0.6:1.2]
set key at graph 0.98, 0.72
plot 0 @guide notitle, \
     evidence."sgd_mean_explodes.drift.tsv" using "alpha":"mean" @law2 title "mean square, halved", \
     "" using "alpha":"typical" @law title "typical, {/:Italic h}({/:Italic α})", \
     "" using "alpha":"runs" @measured title "runs"
