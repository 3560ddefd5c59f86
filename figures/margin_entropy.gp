# The constant of the theorem is an entropy: three ways to descend, one line.
set xlabel "length of the weights, |{/:Italic w}|"
set ylabel "largest margin less smooth margin"
@log_x
@log_y
set xrange [0.8:2000]
set key top right
plot evidence."mar_entropy.gaps.tsv" using "normalized":"theorem" @law2 title "ln {/:Italic n} / |{/:Italic w}|, the theorem", \
     "" using "normalized":"law" @law title "{/:Italic H}({/:Italic p}) / |{/:Italic w}|", \
     "" using "flow":"flow_gap" @measured title "flow", \
     "" using "logistic":"logistic_gap" @measured2 title "logistic loss", \
     "" using "normalized":"normalized_gap" @measured3 title "normalized"
