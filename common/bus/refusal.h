/* An error as it goes over the bus: letter R of schemas/runtime/bus.json. Pure: any thread may
 * call. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "core/id.h"

struct error;

enum { REFUSAL_MAX = 32768 }; /* bytes of a frame with every fault there can be */

/* Write the frame that refuses the request of that id; how many bytes it takes. */
size_t refusal_write(struct id id, const struct error *err, uint8_t frame[REFUSAL_MAX]);
