/* Whether everything that was started can do its work. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

enum { READY_ADDRESS_SIZE = 300 };

/* Whether it is a program that people and systems come to over HTTP: the gateway, the pages. */
bool ready_has_door(const char *service);

/* Where ours listens: the port is the one that it has written down, as somebody else may have taken the one that it was told. False:
 * it does not listen. */
bool ready_address(const char *service, char text[READY_ADDRESS_SIZE]);

/* Forget where it listens, before it is started anew. */
void ready_forget(const char *service);

/* Whether it says that it is ready: the gateway on /readyz, the pages on /healthz. */
bool ready_door(const char *service);

/* Wait until every service answers, and those that have a door are ready. False when timeout_ms was not enough:
 * *late is then one that does not. */
bool ready_wait(int64_t timeout_ms, const char **late);
