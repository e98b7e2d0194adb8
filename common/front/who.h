/* Who asks, as it goes into the envelope of what is said to a service. */
#pragma once

#include <stdbool.h>

#include "contract/common.h"
#include "core/id.h"

struct who {
    enum actor_role role;
    bool has_actor, has_organisation, is_cleared, is_shared;
    struct id credential; /* of the token, partner or session */
    struct id actor, organisation, programme;
    enum country country;
};
