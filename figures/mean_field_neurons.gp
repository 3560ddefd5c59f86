# Six labelled points and the neurons after training: both layers, or the output layer.
set size ratio -1
set multiplot layout 1, 2 margins 0.02, 0.98, 0.02, 0.9 spacing 0.02
set xrange [-1.25:1.25]
set yrange [-1.25:1.25]
unset border
unset tics
unset key
set object 1 circle at 0, 0 size 1 fc rgb '#808080' lw 0.8
do for [run in "mf_align.neurons mf_align.fixed"] {
    set title run eq "mf_align.neurons" ? "both layers move" : "only the output layer moves"
    plot evidence."mf_align.points.tsv" using 1:($3 > 0 ? $2 : NaN) with points lc rgb 'black' pt 7 ps 1.2, \
         "" using 1:($3 < 0 ? $2 : NaN) with points lc rgb 'black' pt 6 ps 1.2 lw 1.4, \
         evidence.run.".tsv" using (0):(0):"plus_x":"plus_y" with vectors nohead lc rgb 'black' lw 0.8, \
         "" using (0):(0):"minus_x":"minus_y" with vectors nohead lc rgb 'black' lw 0.8, \
         "" using "plus_x":"plus_y" @measured, \
         "" using "minus_x":"minus_y" @measured2
}
unset multiplot
