/* alpha.h -- an error that halves. */
#ifndef REF_ALPHA_H
#define REF_ALPHA_H

struct halving {
    double error; /* at this step */
};

double halve(double error);
double halve_twice(double error);

#endif
