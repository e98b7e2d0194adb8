/* What signal handlers look at: something of each service of this process. Any thread may take and forget;
 * a handler may look at any time. */
#pragma once

#include <stdatomic.h>

#include "service/service.h"

struct slots {
    _Atomic(void *) at[SERVICES_MAX]; /* NULL: nobody's */
};

/* Put something into a place that is nobody's; more than SERVICES_MAX are a bug. */
void slots_take(struct slots *slots, void *of);
void slots_forget(struct slots *slots, void *of);
