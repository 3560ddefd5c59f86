# Test error: against alpha, and mapped to 0 and 1 against alpha sqrt(m).
eval sheet(680, 400, 15)
set multiplot layout 1,2 margins 0.14,0.99,0.19,0.97 spacing 0.12
@log_x
set ylabel "test error"
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
set ylabel "test error, mapped"
set yrange [-0.15:1.15]
set format y '%g'
set ytics 0.5
set xlabel "{/:Italic α}√{/:Italic m}"
set xrange [4e-4:2.5e3]
plot evidence."feat_sweep.rho.tsv" using "rho":"mapped16" @joined pt 6 ps 0.7, \
     "" using "rho":"mapped32" @joined pt 4 ps 0.65, \
     "" using "rho":"mapped64" @joined pt 8 ps 0.8, \
     "" using "rho":"mapped128" @joined pt 12 ps 0.8
unset multiplot
