/* By three sources in this order: the table below, the contracts, the service's own admissions. */
#include "service/permission.h"

#include <string.h>

#include "bus/bus.h"
#include "bus/key.h"
#include "contract/all.h"
#include "contract/bus.h"
#include "core/descriptor.h"
#include "core/error.h"
#include "core/input.h"
#include "fold/aggregate.h"
#include "service/service.h"

static const char operators[] = "operator", refused[] = "not_admitted";

/* Those who act for others. Commands from outside are those that have a route or come as a webhook. */
static const struct permission {
    const char *program;
    enum { SAYS_OUTSIDE, SAYS_ALL } says;
    bool reads, follows;
    bool is_system; /* may speak for no person */
} permissions[] = {
    {operators, SAYS_ALL, true, true, true},
    {"gateway", SAYS_OUTSIDE, true, false, false},
    {"pages", SAYS_OUTSIDE, true, false, false},
    {BUS_WORKER, SAYS_ALL, false, false, true},
};

enum { PERMISSIONS = sizeof permissions / sizeof permissions[0] };

static const struct permission *permission_of(const char *peer)
{
    for (size_t i = 0; i < PERMISSIONS; i++)
        if (bus_peer_is(peer, permissions[i].program)) return &permissions[i];
    return NULL;
}

static const struct admission *admission_of(const struct service *service, const char *peer,
                                            const char *what)
{
    const struct admission *admission = service->admissions;

    for (; admission != NULL && admission->what != NULL; admission++)
        if (strcmp(admission->what, what) == 0 && bus_peer_is(peer, admission->peer))
            return admission;
    return NULL;
}

static bool not_admitted(const char *peer, const char *doing, const char *what, struct error *err)
{
    return error_set(err, ERROR_FORBIDDEN, refused, "%.*s may not %s %s here.",
                     bus_peer_shown(peer), peer, doing, what);
}

bool permission_is_refused(const struct error *err)
{
    return strcmp(err->code, refused) == 0;
}

/* Commands. */

static const struct command *command_of(const struct service *service, const char *type)
{
    for (size_t i = 0; service->aggregates[i] != NULL; i++) {
        const struct contract *contract = service->aggregates[i]->contract;

        for (size_t n = 0; n < contract->command_count; n++)
            if (strcmp(contract->commands[n].body->name, type) == 0) return &contract->commands[n];
    }
    return NULL;
}

/* What there is not is refused elsewhere, as such. */
static bool is_from_outside(const struct service *service, const char *type)
{
    const struct command *command = command_of(service, type);

    return command == NULL || command->route != NULL || command->hook != NULL;
}

/* Deadlines come from nobody but the clock. */
bool permission_to_say(const struct service *service, const char *peer,
                       const struct bus_command *command, struct error *err)
{
    const struct permission *permission = permission_of(peer);
    const bool may =
        admission_of(service, peer, command->type) != NULL ||
        (permission != NULL && (permission->is_system || command->role != ACTOR_ROLE_SYS) &&
         (permission->says == SAYS_ALL || is_from_outside(service, command->type)));

    return (may && command->role != ACTOR_ROLE_TM) || not_admitted(peer, "say", command->type, err);
}

bool permission_of_operator(const char *peer, struct error *err)
{
    return bus_peer_is(peer, operators) || not_admitted(peer, "say", "that", err);
}

/* Queries. */

bool permission_to_read(const struct service *service, const char *peer,
                        const struct bus_query *query, struct error *err)
{
    const struct permission *permission = permission_of(peer);
    const struct admission *admission = admission_of(service, peer, query->record);

    if (permission != NULL ? permission->reads
                           : admission != NULL && (admission->opens || !query->open))
        return true;
    return not_admitted(peer, admission != NULL ? "open" : "read", query->record, err);
}

/* Following. */

static bool subscribes(const char *program, const char *service, const char *type)
{
    for (size_t i = 0; i < contract_count; i++) {
        const struct contract *contract = contracts[i];

        if (strcmp(contract->service, program) != 0) continue;
        for (size_t n = 0; n < contract->subscription_count; n++)
            if (strcmp(contract->subscriptions[n].service, service) == 0 &&
                strcmp(contract->subscriptions[n].event->name, type) == 0)
                return true;
    }
    return false;
}

bool permission_to_follow(const struct service *service, const char *peer,
                          const struct bus_pull *pull, struct error *err)
{
    const struct permission *permission = permission_of(peer);
    char program[BUS_PROGRAM_MAX + 1];

    if (permission != NULL && permission->follows) return true;
    bus_key_program(peer, program);
    for (uint32_t i = 0; i < pull->types.count; i++)
        if (!subscribes(program, service->name, pull->types.at[i]) &&
            admission_of(service, peer, pull->types.at[i]) == NULL)
            return not_admitted(peer, "follow", pull->types.at[i], err);
    return true;
}
