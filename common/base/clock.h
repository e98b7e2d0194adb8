/* What time it is. A seam: nothing else reads a clock, and a simulator links another clock.c. Any
 * thread may call. */
#pragma once

#include <stdint.h>

/* Milliseconds since 1970-01-01T00:00Z, as the machine believes: may jump, either way. */
int64_t clock_now_ms(void);

/* Time since some moment of this boot: never goes back. For waiting and measuring. */
int64_t clock_steady_ms(void);
int64_t clock_steady_ns(void);
