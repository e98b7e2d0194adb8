/* One rule, asked of one and of several. */
#include "core/near.h"

#include "core/error.h"

void guarded_add(struct guarded *guarded, bool is_protected, struct id whose)
{
    if (!is_protected) return;
    if (guarded->count == GUARDED_MAX) bug("a row is about more than %d people", GUARDED_MAX);
    guarded->at[guarded->count++] = whose;
}

struct nearness near_of(const struct head *head)
{
    return (struct nearness){.role = head->actor.role,
                             .person = head->actor.id,
                             .is_cleared = head->is_cleared,
                             .is_shared = head->is_shared};
}

bool near_is_oneself(const struct nearness *who, struct id whose)
{
    return who->role != ROLE_AG && !who->is_shared && !id_equal(whose, (struct id){{0}}) &&
           id_equal(who->person, whose);
}

static bool is_near(const struct nearness *who, struct id whose)
{
    const bool is_ours = (who->role & (ROLE_SYS | ROLE_TM)) != 0;

    return is_ours || who->is_cleared || near_is_oneself(who, whose);
}

bool near_each(const struct nearness *who, const struct guarded *guarded)
{
    for (uint32_t i = 0; i < guarded->count; i++)
        if (!is_near(who, guarded->at[i])) return false;
    return true;
}

bool near_row(const struct nearness *who, const struct guarded *guarded)
{
    return near_is_oneself(who, guarded->sake) || near_each(who, guarded);
}
