# What batch norm makes of a value two deviations out, in batches of three sizes.
set xlabel "what the layer makes of {/:Italic z} = 2"
set ylabel "density"
set xrange [0:4]
set yrange [0:5]
unset key
set label "batches of 4" at 1.6, 3.6 right
set label "16" at 1.35, 0.75 right
set label "256" at 2.22, 3.6 left
plot evidence."bn_batch_noise.size4.tsv" using "z":"law" @law, \
     "" using "z":"measured" @measured, \
     evidence."bn_batch_noise.size16.tsv" using "z":"law" @law2, \
     "" using "z":"measured" @measured2, \
     evidence."bn_batch_noise.size256.tsv" using "z":"law" @law3, \
     "" using "z":"measured" @measured3
