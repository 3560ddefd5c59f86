#include "ground/route_ode.h"

#include "ground/bdf.h"

void route_ode(const struct ode *ode, double t, double t_end, vec z, double relative,
               double absolute)
{
    struct ode equation = *ode;
    struct bdf p = bdf_begin(&equation, t, z, relative, absolute);
    CVODES_SUCCEED(CVodeSetStopTime(p.cvodes, t_end));
    CVODES_SUCCEED(CVode(p.cvodes, t_end, p.y, &t, CV_NORMAL));
    bdf_read(p.y, z);
    bdf_end(&p);
}
