# Early stopping beside ridge: the share of each coefficient that is found.
set xlabel "{/:Italic αak} = {/:Italic a}/{/:Italic λ}"
set ylabel "share of the coefficient found"
@log_x
set xrange [0.01:100]
set yrange [0:1.05]
set key top left
plot evidence."sp_flow_constant.shares.tsv" using "x":"ridge" @law title "ridge", \
     "" using "x":"flow" @law2 title "gradient flow", \
     "" using "x":"ten" every 2 @measured title "10 steps", \
     "" using "x":"one" every 2 @measured2 title "1 step"
