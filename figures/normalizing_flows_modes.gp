# Samples of a normal law and of a square, after one and after two layers; every second
# one, which is enough to be seen.
eval sheet(680, 700, 16)
set multiplot layout 2, 2 margins 0.09, 0.98, 0.12, 0.95 spacing 0.12, 0.14
set size ratio -1
set xrange [-5:5]
set yrange [-5:5]
set xtics 2
set ytics 2
unset key
dots = "every 2 with points lc rgb 'black' pt 7 ps 0.12"
set ylabel "{/:Italic z}_2" offset 1, 0
set label 1 "normal, one layer" at graph 0.5, 1.06 center
plot evidence."nf_modes.modes.tsv" using "n1":"n1_y" @dots
set label 1 "normal, two layers"
unset ylabel
plot evidence."nf_modes.modes.tsv" using "n2":"n2_y" @dots
set label 1 "square, one layer"
set xlabel "{/:Italic z}_1" offset 0, 0.4
set ylabel "{/:Italic z}_2" offset 1, 0
plot evidence."nf_modes.modes.tsv" using "s1":"s1_y" @dots
set label 1 "square, two layers"
unset ylabel
plot evidence."nf_modes.modes.tsv" using "s2":"s2_y" @dots
unset multiplot
