#include "core/life.h"

#include "core/error.h"
#include "core/input.h"

const struct refusal life_forbidden = {ERROR_FORBIDDEN, "forbidden", "This is not yours to do.", NULL};
const struct refusal life_conflict = {ERROR_CONFLICT, "conflict",
                                      "It has changed since you looked.", NULL};
const struct refusal life_not_now = {ERROR_REFUSED, "not_now", "It is not in a state for that.", NULL};

const struct step *life_step(const struct life *life, unsigned state, int64_t version,
                             unsigned command, const struct head *head, struct error *err)
{
    const unsigned role = head->actor.role;
    const struct step *found = NULL;
    const struct refusal *why = NULL;
    unsigned anybody = 0;

    for (const struct step *step = life->steps; step < life->steps + life->count; step++) {
        if (step->command != command) continue;
        anybody |= step->who;
        if (step->from == state) found = step;
    }
    if ((anybody & role) == 0)
        why = &life_forbidden;
    else if (head->version != version && head->version != VERSION_ANY)
        why = &life_conflict;
    else if (found == NULL)
        why = &life_not_now;
    else if ((found->who & role) == 0)
        why = &life_forbidden;
    if (why == NULL) return found;

    refuse(err, why);
    return NULL;
}
