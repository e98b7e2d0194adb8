/* Which piece of work, perhaps of many programs, a request is part of (W3C Trace Context, level 1). */
#pragma once

#include <stdbool.h>

#include "core/id.h"

/* The trace id of a traceparent header, `00-<32 hex digits>-<16 hex digits>-<2 hex digits>` or of a
 * later version that begins like that. False: NULL, or anything else; a trace is then begun anew. */
bool trace_read(const char *traceparent, struct id *trace);
