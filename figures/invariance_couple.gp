# How nearly two matrices can be made diagonal by one rotation.
set xlabel "angle between the eigenvectors of the two, in degrees"
set ylabel "norm of what stays off the diagonals"
set xrange [0:45]
set yrange [0:1.5]
set key top left
set angles degrees
plot 2 * sin(x) @law title "law: spread × sin", \
     evidence."inv_two_matrices.couple.tsv" using "degrees":"least" @measured title "least that Jacobi finds", \
     "" using "degrees":"bound" @law2 title "bound by the commutator"
