/* The operator's link: by it whoever has it sets up the first programme in the pages, and is let in as its first admin, once. */
#pragma once

#include <stdbool.h>

/* Print it where there is no programme yet; nothing where there is one. */
void begin_say(void);
