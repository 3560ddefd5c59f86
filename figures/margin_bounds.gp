# Twenty equal points: the smooth margin, the bound that it attains, and the slide's.
set xlabel "time {/:Italic t}"
set ylabel "smooth margin, largest 1"
@log_x
set xrange [1e-3:1e3]
set yrange [-8:2]
set key bottom right
plot evidence."mar_theorem.bounds.tsv" using "t":"bound" @law title "1 − ln {/:Italic n} / ln(1 + {/:Italic nt})", \
     "" using "t":"printed" @law2 title "as printed", \
     "" using "t":"smooth" every 4 @measured title "flow"
