# Descent on F_alpha beside descent on its linearization, h(w_0) = 0.
set xlabel "scale {/:Italic α}"
set ylabel "distance, at most on the way"
@log_x
@log_y
set xrange [0.4:1500]
set yrange [1e-7:30]
set key bottom left reverse Left
plot evidence."lazy_scale.scale.tsv" using "alpha":"moved_law" @law notitle, \
     "" using "alpha":"outputs_law" @law notitle, \
     "" using "alpha":"apart_law" @law2 notitle, \
     "" using "alpha":"moved" @measured title "weights from their start", \
     "" using "alpha":"outputs" @measured2 title "outputs {/:Italic αh} from the linearized ones", \
     "" using "alpha":"apart" @measured3 title "weights from the linearized ones"
