# figure.gp -- read before every script of figures/, so that all figures look alike.
#
# The page gives the ink: black here becomes the colour of its text, in dark mode and in
# print too.  Series are told apart by shape and dash, since colour means a verdict:
# what was measured stands as points, what was predicted as a line.
#
#     plot evidence."loss.tsv" using "k":"measured" @measured title "measured", \
#                           "" using "k":"law"      @law      title "predicted"

# The sheet is this file's, and the script says only how large it is, in points of a
# screen, and its letters, as in `eval sheet(680, 190, 14)`.  Print (the variable `paper`
# names the file) has the same picture as PDF, so large that 680 points fill a line.
if (!exists("paper")) paper = ""
sheet(width, height, letters) = paper eq "" \
    ? sprintf("set terminal svg size %d,%d enhanced font 'TeX Gyre Pagella,%d'", \
              width, height, letters) \
    : sprintf("set terminal pdfcairo size %.3fcm,%.3fcm enhanced fontscale 0.46 " . \
              "font 'TeX Gyre Pagella,%d' lw 1.1 ps 0.6; set output '%s'", \
              width * 13.1 / 680, height * 13.1 / 680, letters, paper)
eval sheet(680, 400, 16)
set encoding utf8
set minussign
set datafile separator tab
set datafile missing "nan"

set border 3
set tics nomirror out scale 0.6
set key top right samplen 2.5 spacing 1.15
set samples 400

# Points: circles, squares, triangles, diamonds; the same with `_filled`.
measured  = "with points lc rgb 'black' lw 1.2 pt 6 ps 0.7"
measured2 = "with points lc rgb 'black' lw 1.2 pt 4 ps 0.65"
measured3 = "with points lc rgb 'black' lw 1.2 pt 8 ps 0.8"
measured4 = "with points lc rgb 'black' lw 1.2 pt 12 ps 0.8"

# Lines: solid, dashed, dotted, dash and dot; and a thin grey one for what only guides.
law  = "with lines lc rgb 'black' lw 1.4"
law2 = "with lines lc rgb 'black' lw 1.4 dt (9, 5)"
law3 = "with lines lc rgb 'black' lw 1.8 dt (2, 4)"
law4 = "with lines lc rgb 'black' lw 1.4 dt (9, 4, 2, 4)"
guide = "with lines lc rgb '#808080' lw 0.8"

# A band of uncertainty between two columns, and bars: using x:y:low:high.
band = "with filledcurves fc rgb '#808080' fs solid 0.25 noborder"
bars = "with yerrorbars lc rgb 'black' lw 1 pt 7 ps 0.5"

# The lecture's own blue and red curves, and nothing else.
blue = "with lines lc rgb '#1f5fbf' lw 2"
red  = "with lines lc rgb '#c0392b' lw 2"

# Logarithmic axes, labelled with powers of ten.  gnuplot does not tell afterwards
# whether an axis is one, which axes.gp has to know.
log_is_x = log_is_y = 0
log_x = "set logscale x; set format x '10^{%T}'; log_is_x = 1"
log_y = "set logscale y; set format y '10^{%T}'; log_is_y = 1"
