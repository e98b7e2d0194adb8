/* Whose something is: what several of the registry's aggregates ask about an actor.
 *
 * Programmes keep apart (life_tenant): nobody sees or does anything in another than their own. Only
 * what runs Fadder itself (SYS: the operator's program and rules of ours; TM: deadlines) is in all.
 */
#pragma once

#include "core/input.h"

static inline bool is_ours(const struct head *head)
{
    return head->actor.role == ROLE_SYS || head->actor.role == ROLE_TM;
}

static inline bool is_somebody(struct id id)
{
    return !id_equal(id, (struct id){{0}});
}

/* A coordinator of one organisation, such as a club, acts on what is that organisation's; one of
 * none, on all of the programme. */
static inline bool is_bound(const struct actor *actor)
{
    return actor->role == ROLE_CO && is_somebody(actor->organisation);
}
