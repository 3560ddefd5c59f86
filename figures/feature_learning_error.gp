# Test error: against alpha, and against alpha sqrt(m).
set terminal svg size 680,380 enhanced font "TeX Gyre Pagella,15"
set multiplot layout 1,2 margins 0.10,0.99,0.17,0.97 spacing 0.08
@log_x
set ylabel "test error" offset 1,0
set yrange [0.16:0.28]
set format y '%.2f'
set xtics 100
set xlabel "{/:Italic α}"
set xrange [4e-5:4e2]
set key top left reverse Left samplen 1
joined = "with linespoints lc rgb 'black' lw 0.8"
plot evidence."feat_sweep.rho.tsv" using (column("rho")/4):"error16" @joined pt 6 ps 0.7 title "{/:Italic m} = 16", \
     "" using (column("rho")/sqrt(32)):"error32" @joined pt 4 ps 0.65 title "32", \
     "" using (column("rho")/8):"error64" @joined pt 8 ps 0.8 title "64", \
     "" using (column("rho")/sqrt(128)):"error128" @joined pt 12 ps 0.8 title "128"
unset key
set ylabel ""
set format y ''
set xlabel "{/:Italic α}√{/:Italic m}"
set xrange [4e-4:2.5e3]
plot evidence."feat_sweep.rho.tsv" using "rho":"error16" @joined pt 6 ps 0.7, \
     "" using "rho":"error32" @joined pt 4 ps 0.65, \
     "" using "rho":"error64" @joined pt 8 ps 0.8, \
     "" using "rho":"error128" @joined pt 12 ps 0.8
unset multiplot
