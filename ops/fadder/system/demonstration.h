/* Links by which whoever is on this machine goes on as somebody of the programme, without a mail: only with
 * FADDER_PAGES_DEMONSTRATION, and as long as the run is whose key marks them. */
#pragma once

#include <stdbool.h>

struct error;

/* Before the services start: the run's key, in run/demonstration.key; without the setting, none. */
bool demonstration_prepare(struct error *err);

/* Print one for each part that somebody takes, for the only programme there is. Nothing where there are none. */
void demonstration_say(void);
