# A function, and what was carved for it from random networks.
set xlabel "first input"
set ylabel "output"
set key outside top center horizontal
plot evidence."lot_carved.function.tsv" using "t":"target" @law title "target", \
     "" using "t":"K8" every 4 @measured3 title "{/:Italic K} = 8", \
     "" using "t":"K16" every 4 @measured2 title "{/:Italic K} = 16", \
     "" using "t":"K32" every 4 @measured title "{/:Italic K} = 32"
