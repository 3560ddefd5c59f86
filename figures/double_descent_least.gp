# The least singular value is least where the matrix is square.
set xlabel "examples {/:Italic N}, with {/:Italic D} = 25 features"
set ylabel "least singular value (median)"
set key top center
plot evidence."dd_least_singular.least.tsv" using "N":"edge" @law2 \
         title "|√{/:Italic N} − √{/:Italic D}|", \
     "" using "N":"least" @measured title "measured"
