# Newton's step goes to the minimum of a model: nearer from 0.9, farther from 1.2.
set xlabel "{/:Italic x}"
set ylabel "cost"
set xrange [-2.1:2.1]
set yrange [-0.75:1.5]
set key top center
plot evidence."mom_newton_basin.models.tsv" using "x":"cost" @law title "ln cosh {/:Italic x}", \
     "" using "x":"inside" @law2 title "model at 0.9", \
     "" using "x":"outside" @law3 title "model at 1.2", \
     evidence."mom_newton_basin.steps.tsv" using "start":"cost" @measured title "start", \
     "" using "end":"reached" @measured2 title "after a step"
