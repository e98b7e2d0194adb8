#include "core/life.h"

#include "core/error.h"
#include "core/input.h"

const struct refusal life_forbidden = {ERROR_FORBIDDEN, "forbidden", "This is not yours to do.",
                                       NULL};
const struct refusal life_conflict = {ERROR_CONFLICT, "conflict",
                                      "It has changed since you looked.", NULL};
const struct refusal life_not_now = {ERROR_REFUSED, "not_now", "It is not in a state for that.",
                                     NULL};
const struct refusal life_unknown = {ERROR_NOT_FOUND, "not_found", "There is no such thing.", NULL};

const char *const life_letters[] = {
    [ACTOR_ROLE_COORDINATOR] = "CO",    [ACTOR_ROLE_PROGRAMME_ADMIN] = "PA",
    [ACTOR_ROLE_MENTOR] = "ME",         [ACTOR_ROLE_PARTICIPANT] = "PT",
    [ACTOR_ROLE_GUARDIAN] = "GU",       [ACTOR_ROLE_HOST] = "HO",
    [ACTOR_ROLE_SUPERVISOR] = "SU",     [ACTOR_ROLE_COUNSELLOR] = "CN",
    [ACTOR_ROLE_DECISION_MAKER] = "DM", [ACTOR_ROLE_VOLUNTEER_COORDINATOR] = "VC",
    [ACTOR_ROLE_AGENCY_SYSTEM] = "AG",  [ACTOR_ROLE_TM] = "TM",
    [ACTOR_ROLE_SYS] = "SYS",
};

const struct step *life_step(const struct life *life, unsigned state, int64_t version,
                             unsigned command, const struct head *head, struct error *err)
{
    const unsigned role = head->actor.role;
    const struct step *found = NULL;
    const struct refusal *why = NULL;
    unsigned anybody = 0;

    for (const struct step *step = life->steps; step < life->steps + life->step_count; step++) {
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

bool life_tenant(const struct head *head, struct id programme, struct error *err)
{
    const bool is_ours = head->actor.role == ROLE_TM || head->actor.role == ROLE_SYS;

    if (id_equal(programme, (struct id){{0}})) return refuse(err, &life_unknown);
    if (!is_ours && !id_equal(programme, head->programme)) return refuse(err, &life_unknown);
    return true;
}

bool life_coordinates(const struct actor *actor, struct id organisation)
{
    const bool is_bound =
        actor->role == ROLE_CO && !id_equal(actor->organisation, (struct id){{0}});

    return !is_bound || id_equal(actor->organisation, organisation);
}
