/* Going on with a call a little later: when what it waits for may have come, of which nobody tells the pages. */
#pragma once

#include "pages.h"

enum { LATER_MS = 50 };

void call_later(struct call *call, void (*go)(struct call *call));
/* Go on with those whose time has come: once a turn. */
void calls_go_on(struct pages *pages);
