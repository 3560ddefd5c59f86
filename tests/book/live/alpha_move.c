/* The error of each step, for any factor. */
int moves;
