# Singular values of dh_T / dh_0: within fixed limits for the residual net, and not.
set xlabel "layers {/:Italic T}"
set ylabel "singular values of {/:Italic dh_T / dh}_0"
@log_y
set logscale x 2
set xrange [1.7:150]
set yrange [1e-7:10]
set key bottom left
plot (1 + 1 / x) ** x @law title "(1 ± 1/{/:Italic T} )^{/:Italic T}", \
     (1 - 1 / x) ** x @law notitle, \
     evidence."resnet_stretch.stretch.tsv" using "T":"most" @measured title "residual, largest and least", \
     "" using "T":"least" @measured notitle, \
     "" using "T":"plain_most" @measured3 title "plain, largest and least", \
     "" using "T":"plain_least" @measured3 notitle
