# Two ways to shrink weights with Adam: where each weight ends.
set xlabel "optimum of the weight without decay"
set ylabel "where it ends, {/:Italic λ} = 1"
set key top left
set xrange [-4.2:4.2]
set yrange [-2.4:2.4]
set samples 801
plot x / 2 @law title "penalized optimum", \
     x < -1 ? -1 : x > 1 ? 1 : x @law2 title "box optimum", \
     evidence."sp_adamw.decay.tsv" using "w_star":"penalty" @measured title "Adam, penalty", \
     "" using "w_star":"adamw" @measured2 title "Adam, literal decay"
