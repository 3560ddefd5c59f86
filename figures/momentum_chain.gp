# On the chain, conjugate gradients lie on the bound for all that combines k gradients.
set xlabel "gradients {/:Italic k}"
set ylabel "cost above its minimum"
@log_x
@log_y
set xrange [1:100]
set yrange [3e-3:0.5]
set key bottom left
plot evidence."mom_lower_bound.chain.tsv" using "k":"least" @law title "least in the span", \
     "" using "k":"descent" @measured3 title "descent", \
     "" using "k":"nesterov" @measured2 title "Nesterov", \
     "" using "k":"conjugate" @measured title "conjugate gradients"
