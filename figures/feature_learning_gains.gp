# By how much W carries velocities on, layer by layer, and what the CLT would have.
set xlabel "hidden layer {/:Italic ℓ}"
set ylabel "E‖{/:Italic Wż}‖^2 / ({/:Italic m} E‖{/:Italic ż}‖^2)"
set xrange [0.6:6.4]
set yrange [0.95:1.65]
set xtics 1
set key off
at(l, y) = column("layer") == l ? y : NaN
plot evidence."feat_gains.layers.tsv" using "layer":"law" @law, \
     "" using "layer":"limit" @law2, \
     "" using "layer":"slide" @law3, \
     "" using "layer":"measured":"low":"high" @bars, \
     "" using (at(2, 2.15)):(column("law") + 0.02):("{/:Italic m} = 64") with labels left font ",14", \
     "" using (at(5, 4.9)):(column("limit") - 0.03):("{/:Italic m} → ∞") with labels right font ",14", \
     "" using (at(4, 4.0)):(column("slide") + 0.03):("{/:Italic W} independent of {/:Italic ż}") with labels font ",14"
