# How far flows of 1 to 16 layers stay from the ring, run by run.
set xlabel "planar layers {/:Italic K}"
set ylabel "KL({/:Italic q} ‖ {/:Italic p}), nats"
set logscale x 2
set logscale y
set xrange [0.8:20]
set yrange [0.03:3]
set key bottom left
set xtics (1, 2, 4, 8, 16)
plot evidence."nf_flexible.layers.tsv" using "layers":"kl" @measured title "after 300 iterations", \
     "" using "layers":"normal" @law title "the best isotropic normal"
