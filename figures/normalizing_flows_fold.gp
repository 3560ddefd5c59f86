# One layer in one dimension, for three values of w u: monotone, at the edge, folded.
set xlabel "{/:Italic z}"
set ylabel "{/:Italic f}({/:Italic z}) = {/:Italic z} + {/:Italic u} tanh {/:Italic z}"
set xrange [-4:4]
set yrange [-5:5]
set zeroaxis lc rgb '#808080' lw 0.8
set key top left
plot evidence."nf_invertible.fold.tsv" using "z":"steep" @measured title "{/:Italic wu} = 3", \
     x + 3 * tanh(x) @law notitle, \
     "" using "z":"edge" @measured2 title "{/:Italic wu} = −1", \
     x - tanh(x) @law2 notitle, \
     "" using "z":"folded" @measured3 title "{/:Italic wu} = −3", \
     x - 3 * tanh(x) @law4 notitle
