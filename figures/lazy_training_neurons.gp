# The neurons of a ReLU network in the plane, from a small start and from a large one.
# So that both panels use one row of axes they are in units of their own size.
set multiplot layout 1, 2 margins 0.08, 0.98, 0.14, 0.94 spacing 0.1
set size ratio -1
unset key
set xlabel "|{/:Italic a}| {/:Italic w}_1" offset 0, 0.3
set ylabel "|{/:Italic a}| {/:Italic w}_2" offset 1, 0
at(name, which) = column("k") == which ? column(name) : NaN
set label 1 "{/:Italic τ} = 0.1" at graph 0.04, 0.95
plot evidence."small.tsv" using "x":"y" @law, \
     "" using (at("x", 0)):"y" @measured, \
     "" using (at("x", 40)):"y" with points lc rgb 'black' pt 7 ps 0.7
set label 1 "{/:Italic τ} = 2"
unset ylabel
plot evidence."large.tsv" using "x":"y" @law, \
     "" using (at("x", 0)):"y" @measured, \
     "" using (at("x", 40)):"y" with points lc rgb 'black' pt 7 ps 0.7
unset multiplot
