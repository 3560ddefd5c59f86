# The constant of the theorem is an entropy: three ways to descend, one line.
set xlabel "length of the weights, |{/:Italic w}|"
set ylabel "largest margin less smooth margin"
@log_x
@log_y
set key top right
way(i, y) = column("way") == i ? y : NaN
gaps = "mar_entropy.gaps.tsv"
plot evidence.gaps using "length":(way(2, column("theorem"))) @law2 title "ln {/:Italic n} / |{/:Italic w}|, the theorem", \
     "" using "length":(way(2, column("law"))) @law title "{/:Italic H}({/:Italic p}) / |{/:Italic w}|", \
     "" using "length":(way(0, column("gap"))) @measured title "flow", \
     "" using "length":(way(1, column("gap"))) @measured2 title "logistic loss", \
     "" using "length":(way(2, column("gap"))) @measured3 title "normalized"
