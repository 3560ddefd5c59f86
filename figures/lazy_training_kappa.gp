# kappa_h at a start that is lambda times larger.
set xlabel "size of the start, {/:Italic λ}"
set ylabel "{/:Italic κ_h}({/:Italic λw}_0)"
@log_x
@log_y
plot evidence."lazy_large_start.kappa.tsv" using "lambda":"law" @law title "{/:Italic λ}^{−2} ‖{/:Italic y}‖ ‖{/:Italic D}^2{/:Italic h}‖ / ‖{/:Italic Dh}‖^2", \
     "" using "lambda":"end" @law2 title "‖{/:Italic h}‖ ‖{/:Italic D}^2{/:Italic h}‖ / ‖{/:Italic Dh}‖^2", \
     "" using "lambda":"paired" @measured title "{/:Italic h}({/:Italic w}_0) = 0", \
     "" using "lambda":"generic" @measured2 title "{/:Italic h}({/:Italic w}_0) ≠ 0"
