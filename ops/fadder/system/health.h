/* What a service's metrics say about how it is. */
#pragma once

#include <stdbool.h>

enum { HEALTH_TEXT_MAX = 65536 }; /* bytes of metrics */

/* Its metrics as text; false: it does not answer within 2 s. */
bool health_ask(const char *service, char text[HEALTH_TEXT_MAX]);

/* Whether any service answers, also where no supervisor of ours started it (docker-compose). */
bool health_any(void);

/* The largest value among the lines of a metric, 0 when there is none. */
double health_metric(const char *text, const char *name);

/* Whether it goes on by itself; whether somebody should look at it all the same; and sentences, on standard output, about what somebody has to do. */
bool health_is_ready(const char *text);
bool health_needs_somebody(const char *text);
void health_tell(const char *service, const char *text);
