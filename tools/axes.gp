# axes.gp -- read after the script of a live figure: behind the drawing it prints where
# the axes are, for the page.  A line for x and one for y: the pixels of both ends, the
# upper edge being 0; the numbers that stand there; and 1 if the axis is logarithmic.
height = GPVAL_TERM_YSIZE / GPVAL_TERM_SCALE
axes = sprintf("%g %g %.15g %.15g %d\n%g %g %.15g %.15g %d", \
    GPVAL_TERM_XMIN, GPVAL_TERM_XMAX, GPVAL_X_MIN, GPVAL_X_MAX, log_is_x, \
    height - GPVAL_TERM_YMIN, height - GPVAL_TERM_YMAX, GPVAL_Y_MIN, GPVAL_Y_MAX, log_is_y)
set terminal unknown
set print "-"
print axes
