/* Whether everything that was started can do its work. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

enum { READY_ADDRESS_SIZE = 300 };

/* Where our own gateway listens: the port is the one that it has written down, as somebody else may
 * have taken the one that it was told. False: it does not listen. */
bool ready_address(char text[READY_ADDRESS_SIZE]);

/* Forget where it listens, before it is started anew. */
void ready_forget(void);

/* Whether the gateway says on /readyz that it is. */
bool ready_gateway(void);

/* Wait until every service answers and the gateway is ready. False when timeout_ms was not enough:
 * *late is then one that does not. */
bool ready_wait(int64_t timeout_ms, const char **late);
