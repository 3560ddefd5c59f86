# Two neurons, two points: where a network ends depends on where it starts.
set xlabel "steps, in relative length"
set ylabel "margin, least {/:Italic m} / |{/:Italic θ}|^2"
set xrange [0:12]
set yrange [0.18:0.43]
set key off
run(i, y) = column("run") == i ? y : NaN
at(i, x) = column("run") == i && abs(column("time") - x) < 0.01 ? column("margin") : NaN
plot evidence."mar_two_neurons.runs.tsv" using "time":"each" @law notitle, \
     "" using "time":"best" @law2 notitle, \
     "" using "time":"best_near" @law3 notitle, \
     "" using "time":(run(0, column("margin"))) @measured, \
     "" using "time":(run(1, column("margin"))) @measured2, \
     "" using "time":(run(2, column("margin"))) @measured3, \
     "" using "time":(at(0, 7.0) - 0.012):("one neuron for each point") with labels font ",14", \
     "" using "time":(at(1, 7.0) + 0.012):("one for both") with labels font ",14", \
     "" using "time":(at(2, 7.0) - 0.012):("nearer points") with labels font ",14"
