# Label noise slides along a valley of minima to the flattest.
set xlabel "step {/:Italic k}"
set ylabel "sharpness {/:Italic u}^2 + {/:Italic v}^2"
set yrange [0:10]
set xrange [0:16000]
plot evidence."sgd_label_noise.sharpness.tsv" using "k":"sharpness" every 2 @measured title "one run", \
     "" using "k":"law" @law title "its law"
