# Where the peak comes from: the noise, and not what is lost of the signal.
set xlabel "examples {/:Italic N}"
set ylabel "squared error of the weights (median)"
@log_y
set yrange [1e-2:1e3]
set arrow from 50, graph 0 to 50, graph 1 nohead lc rgb '#808080' lw 0.8
set label "{/:Italic N} = {/:Italic D}" at 51, graph 0.04
plot evidence."dd_peak.parts.tsv" using "N":"noise_law" @law title "noise, by its law", \
     "" using "N":"noise" @measured title "noise, measured", \
     "" using "N":($5 > 0 ? $5 : NaN) @law2 title "lost signal, by its law", \
     "" using "N":($4 > 1e-6 ? $4 : NaN) @measured2 title "lost signal, measured"
