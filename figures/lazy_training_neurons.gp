# The neurons of a ReLU network in the plane, from a small start and from a large one.
set multiplot layout 1, 2 margins 0.12, 0.98, 0.2, 0.98 spacing 0.1
set datafile missing
set size ratio -1
unset key
set xrange [-1.1:1.1]
set yrange [-1.1:1.1]
set xtics 0.5
set ytics 0.5
set xlabel "|{/:Italic a}| {/:Italic w}_1"
set ylabel "|{/:Italic a}| {/:Italic w}_2"
at(name, which) = column("k") == which ? column(name) : NaN
set label 1 "{/:Italic τ} = 0.1" at graph 0.03, 0.95
plot evidence."lazy_neurons.small.tsv" using "x":"y" @law, \
     "" using (at("x", 0)):"y" @measured, \
     "" using (at("x", 40)):"y" with points lc rgb 'black' pt 7 ps 0.5
set label 1 "{/:Italic τ} = 2"
unset ylabel
plot evidence."lazy_neurons.large.tsv" using "x":"y" @law, \
     "" using (at("x", 0)):"y" @measured, \
     "" using (at("x", 40)):"y" with points lc rgb 'black' pt 7 ps 0.5
unset multiplot
