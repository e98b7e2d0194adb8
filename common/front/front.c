/* The services that are asked, and the turns in which that is done. */
#include "front/front.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "core/error.h"

void front_begin(struct front *front)
{
    static const char *const services[] = {SERVICES_JOURNALED};

    memset(front, 0, sizeof *front);
    for (size_t i = 0; i < sizeof services / sizeof services[0]; i++)
        front->upstreams[front->upstream_count++].name = services[i];
}

bool front_open(struct front *front, struct bus *bus, const char *name, struct error *err)
{
    for (size_t i = 0; i < front->upstream_count; i++) {
        struct upstream *upstream = &front->upstreams[i];

        if ((upstream->peer = peer_open(bus, upstream->name, name, err)) == NULL) return false;
    }
    return true;
}

void front_close(struct front *front)
{
    for (size_t i = 0; i < front->upstream_count; i++)
        if (front->upstreams[i].peer != NULL) peer_close(front->upstreams[i].peer);
}

struct upstream *front_upstream(struct front *front, const char *name)
{
    for (size_t i = 0; i < front->upstream_count; i++)
        if (strcmp(front->upstreams[i].name, name) == 0) return &front->upstreams[i];
    bug("there is no service %s", name);
}

void front_query(struct front *front, const char *record)
{
    memset(&front->query, 0, sizeof front->query);
    snprintf(front->query.record, sizeof front->query.record, "%s", record);
    front->query.role = ACTOR_ROLE_SYS;
    front->query.limit = 1;
}

void front_query_as(struct front *front, const char *record, const struct who *who)
{
    struct bus_query *query = &front->query;

    front_query(front, record);
    query->role = who->role;
    query->has_actor = who->has_actor;
    query->actor = who->actor;
    query->has_organisation = who->has_organisation;
    query->organisation = who->organisation;
    query->has_cleared = query->cleared = who->is_cleared;
    query->has_shared = query->shared = who->is_shared;
    query->has_programme = true;
    query->programme = who->programme;
}

void front_heard(struct upstream *upstream, const struct reply *reply)
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

/* Turns. */

size_t front_sockets(struct front *front, struct socket *sockets[FRONT_SOCKETS_MAX])
{
    for (size_t i = 0; i < front->upstream_count; i++)
        peer_sockets(front->upstreams[i].peer, &sockets[PEER_DOORS * i]);
    return PEER_DOORS * front->upstream_count;
}

void front_take_time(struct front *front)
{
    front->now_ms = clock_now_ms();
    front->steady_ms = clock_steady_ms();
}

/* At which of a service's doors something has come. */
static bool is_any(const bool ready[PEER_DOORS])
{
    bool is = false;

    for (size_t i = 0; i < PEER_DOORS; i++)
        is = is || ready[i];
    return is;
}

void front_turn(struct front *front, const bool *ready, bool is_tick)
{
    for (size_t i = 0; i < front->upstream_count; i++)
        if (is_tick || is_any(&ready[PEER_DOORS * i]))
            peer_turn(front->upstreams[i].peer, front->steady_ms);
}

void front_flush(struct front *front)
{
    for (size_t i = 0; i < front->upstream_count; i++)
        peer_flush(front->upstreams[i].peer);
}
