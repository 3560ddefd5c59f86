# A ramp and a ceiling: the largest stable rate against the batch.
set xlabel "batch {/:Italic B}"
set ylabel "critical rate, in units of 1 / {/:Italic h}"
set logscale xy 2
set xrange [0.9:1150]
set yrange [0.09:3.4]
set ytics (0.125, 0.25, 0.5, 1, 2)
set key bottom right
set label "the ceiling, 2 / {/:Italic h}" right at 1024, 2.5
set label "the ramp, in proportion to {/:Italic B}" at 6, 0.42
plot [x = 0.9:1150] 2 @guide notitle, \
     evidence."sgd_critical_images.ramp.tsv" using "B":"ramp" @guide notitle, \
     "" using "B":"normal" @law2 title "normal examples", \
     "" using "B":"exact" @law title "from fourth moments", \
     "" using "B":"measured" @measured title "images"
