#include "store/state.h"

#include <stddef.h>

const char *const state_maps[STATE_MAPS + 1] = {
    "rows", "indexes", "answers", "deadlines", "keys", "quarantine", "strikes", "meta", NULL};
