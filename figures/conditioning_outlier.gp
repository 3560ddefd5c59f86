# Both ends of the spectrum of A as the mean grows: what one gains, the other loses.
set xlabel "squared length of the mean, ‖{/:Italic μ}‖²"
set ylabel "eigenvalue of {/:Italic A}"
@log_x
@log_y
set yrange [0.0003:2e5]
set key top left Left reverse
plot evidence."cn_outlier.outlier.tsv" using "m2":"largest" @measured title "largest", \
     "" using "m2":"law" @law title "({/:Italic m}² + 2 + {/:Italic m}√({/:Italic m}² + 4)) / 2", \
     "" using "m2":"slide" @law3 title "on the slide, {/:Italic m}² + 1", \
     "" using "m2":"smallest" @measured2 title "smallest", \
     "" using "m2":"inverse" @law2 title "1 / largest"
