# REPLACE: the one point that this figure makes.
set xlabel "step {/:Italic k}"
set ylabel "{/:Italic x}"
plot evidence."sgd_law.course.tsv" using "k":"x" @measured title "measured", \
     "" using "k":"law" @law title "(1 − {/:Italic α})^{/:Italic k}"
