/* Whether everything that was started can do its work. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* Where the gateway listens: FADDER_HTTP, or what it is when that is not set. */
const char *ready_address(void);

/* Whether the gateway says on /readyz that it is. */
bool ready_gateway(void);

/* Wait until every service answers and the gateway is ready. False when timeout_ms was not enough:
 * *late is then one that does not. */
bool ready_wait(int64_t timeout_ms, const char **late);
