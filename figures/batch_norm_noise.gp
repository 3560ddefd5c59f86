# What batch norm makes of a value two deviations out, in batches of three sizes.
set xlabel "what the layer makes of {/:Italic z} = 2"
set ylabel "density"
set xrange [0.5:3]
set yrange [0:2.5]
set key top left
plot evidence."bn_batch_noise.size4.tsv" using "z":"law" @law notitle, \
     "" using "z":"measured" @measured title "batches of 4", \
     evidence."bn_batch_noise.size16.tsv" using "z":"law" @law2 notitle, \
     "" using "z":"measured" @measured2 title "of 16", \
     evidence."bn_batch_noise.size64.tsv" using "z":"law" @law3 notitle, \
     "" using "z":"measured" @measured3 title "of 64"
