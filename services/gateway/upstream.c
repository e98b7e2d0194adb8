/* The services that are asked. */
#include <stdio.h>
#include <string.h>

#include "base/log.h"
#include "gateway.h"

struct upstream *gateway_upstream(struct gateway *gateway, const char *name)
{
    for (size_t i = 0; i < gateway->upstream_count; i++)
        if (strcmp(gateway->upstreams[i].name, name) == 0) return &gateway->upstreams[i];
    bug("there is no service %s", name);
}

void gateway_query(struct gateway *gateway, const char *record)
{
    memset(&gateway->query, 0, sizeof gateway->query);
    snprintf(gateway->query.record, sizeof gateway->query.record, "%s", record);
    gateway->query.role = ACTOR_ROLE_SYS;
    gateway->query.limit = 1;
}

void gateway_query_as(struct gateway *gateway, const char *record, const struct who *who)
{
    struct bus_query *query = &gateway->query;

    gateway_query(gateway, record);
    query->role = who->role;
    query->has_actor = who->has_actor;
    query->actor = who->actor;
    query->has_organisation = who->has_organisation;
    query->organisation = who->organisation;
    query->has_cleared = query->cleared = who->is_cleared;
    query->has_programme = true;
    query->programme = who->programme;
}

void gateway_heard(struct upstream *upstream, const struct reply *reply)
{
    const bool is_away = !reply->is_accepted && !reply->is_page &&
                         reply->error.kind == ERROR_BUSY && strcmp(reply->error.code, "away") == 0;

    if (is_away == upstream->is_away) return;
    upstream->is_away = is_away;
    if (is_away)
        log_warning("service_away", "upstream=%s", upstream->name);
    else
        log_info("service_back", "upstream=%s", upstream->name);
}
