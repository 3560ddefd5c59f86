# The same bowl, optimized in its own axes and in axes at 45 degrees: one path, or two.
level(c, x) = 2 * c < 0.1 * x * x ? NaN : sqrt(2 * c - 0.1 * x * x)
set multiplot layout 2, 1 margins 0.12, 0.97, 0.2, 0.98 spacing 0.06
set xrange [-4.6:1.4]
set yrange [-1.5:2.1] # the name stands above the bowl
set ytics 1
unset key
set ylabel "{/:Italic w}_2"
set label 1 "gradient descent" at graph 0.98, 0.93 right
set format x ""
plot for [c in "0.02 0.1 0.25 0.5 0.9"] level(c, x) @guide, \
     for [c in "0.02 0.1 0.25 0.5 0.9"] -level(c, x) @guide, \
     evidence."inv_fashion.path_descent.tsv" using "x":"y" @law, \
     "" using "turned_x":"turned_y" @measured
set label 1 "Adam"
set format x "%g"
set xlabel "{/:Italic w}_1" offset 0, 0.4
plot for [c in "0.02 0.1 0.25 0.5 0.9"] level(c, x) @guide, \
     for [c in "0.02 0.1 0.25 0.5 0.9"] -level(c, x) @guide, \
     evidence."inv_fashion.path_adam.tsv" using "x":"y" @law, \
     "" using "turned_x":"turned_y" @measured
unset multiplot
