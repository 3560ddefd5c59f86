# Test error against the size of the start, for two kinds of teacher.
set xlabel "size of the start {/:Italic τ}"
set ylabel "relative test error"
set logscale x 2
set xtics ("0.1" 0.1, "0.2" 0.2, "0.4" 0.4, "0.8" 0.8, "1.6" 1.6, "3.2" 3.2)
@log_y
set format y "%g"
set ytics (0.02, 0.03, 0.05, 0.1, 0.2, 0.3)
set xrange [0.08:4]
set yrange [0.02:0.4]
set key off
at(tau, y) = abs(column("tau") - tau) < 1e-9 ? y : NaN
plot evidence."feat_lazy_worse.starts.tsv" using "tau":"neurons" @measured, \
     "" using "tau":"tangent" @measured2, \
     "" using (at(0.4, 0.44)):(column("neurons") * 0.85):("three neurons teach") with labels left font ",14", \
     "" using (at(0.2, 0.21)):(column("tangent") * 1.25):("a tangent of the student at its start teaches") with labels left font ",14"
