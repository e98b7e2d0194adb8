/* What a programme begins with where nobody says otherwise. Constant; any thread may call. */
#pragma once

#include "contract/common.h"

extern const struct rules beginning_rules;
