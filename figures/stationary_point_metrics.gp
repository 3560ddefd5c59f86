# Test error of the interpolators that preconditioned descent finds, P = Sigma^-theta.
set xlabel "exponent {/:Italic θ} of the preconditioner {/:Italic Σ}^{−{/:Italic θ}}"
set ylabel "squared test error"
set yrange [0:*]
set key top center
plot evidence."sp_metric_risk.metrics.tsv" using "theta":"noise" @law title "from noise", \
     "" using "theta":"noise_sampled" @measured title "sampled", \
     "" using "theta":"truth" @law2 title "from true weights", \
     "" using "theta":"truth_sampled" @measured2 title "sampled"
