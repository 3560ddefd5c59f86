#include "batch_norm.h"
#include "ground/unit.h"
int main(void) { static const TTest *const tests[] = {NULL}; return unit_run("batch_norm", tests); }
