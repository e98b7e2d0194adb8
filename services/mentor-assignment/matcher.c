#include "matcher.h"

#include <string.h>

#include "core/error.h"
#include "core/pack.h"
#include "runtime/bus.h"
#include "runtime/clock.h"
#include "runtime/log.h"
#include "runtime/metrics.h"
#include "runtime/peer.h"
#include "runtime/random.h"
#include "runtime/service.h"
#include "runtime/store.h"
#include "search.h"

METRICS_COUNTER(proposals, "fadder_proposals_total", "Mentors proposed by the matcher.")
METRICS_COUNTER(outdated, "fadder_proposals_outdated_total",
                "Proposals of the matcher's that were refused: things had moved.")

enum {
    IDLE_MS = 60000,   /* without any change there is nothing new to find */
    REFUSED_MS = 1000, /* when all that was found was refused: another look */
    GATHER_MS = 20,    /* between rounds: so that many changes are looked at together */
    ANSWER_MS = 10000, /* for a command */
};

struct matcher {
    struct worker *worker;
    struct peer *peer;
    struct search *search;
    struct found found;
    size_t said, accepted; /* in this round */
};

static void on_answer(void *cookie, const struct reply *reply)
{
    struct matcher *matcher = cookie;

    if (reply->is_accepted) matcher->accepted++;
    metrics_count(reply->is_accepted ? &proposals : &outdated, 1);
}

/* Not by worker_say: a proposal is a creation, and has to bring its programme with it. */
static bool say(struct matcher *matcher, const struct proposal *proposal, struct error *err)
{
    static _Thread_local struct bus_command command;
    size_t size = sizeof command.body.at;

    memset(&command, 0, sizeof command);
    command.id = random_id(worker_now(matcher->worker));
    memcpy(command.type, mentorship_propose_descriptor.name,
           strlen(mentorship_propose_descriptor.name) + 1);
    command.print.size = sizeof command.print.at;
    command.role = ACTOR_ROLE_SYS;
    command.has_programme = command.has_country = true;
    command.programme = proposal->programme;
    command.country = proposal->country;
    if (!pack(&mentorship_propose_descriptor, &proposal->body, command.body.at, &size, err))
        return false;
    command.body.size = (uint32_t)size;
    matcher->said++;
    return peer_command(matcher->peer, &command, clock_steady_ms(), ANSWER_MS, on_answer, matcher,
                        err);
}

/* False: the service ends. */
static bool await_answers(struct matcher *matcher)
{
    struct socket *sockets[2];
    bool ready[2];

    peer_sockets(matcher->peer, sockets);
    while (peer_waiting(matcher->peer) > 0) {
        peer_flush(matcher->peer);
        bus_wait(sockets, 2, NULL, 0, GATHER_MS, ready);
        peer_turn(matcher->peer, clock_steady_ms());
        if (!worker_wait(matcher->worker, 0)) return false;
    }
    return true;
}

static bool look(struct matcher *matcher, struct error *err)
{
    const struct instant now = {worker_now(matcher->worker)};
    struct txn *txn = worker_read(matcher->worker, err);
    const bool is_ok = txn != NULL && search_next(matcher->search, txn, now, &matcher->found, err);

    txn_abort(txn);
    for (size_t i = 0; is_ok && i < matcher->found.count; i++)
        if (!say(matcher, &matcher->found.at[i], err)) return false;
    return is_ok;
}

/* Everybody once. */
static bool go_round(struct matcher *matcher, struct error *err)
{
    matcher->said = matcher->accepted = 0;
    do {
        if (!look(matcher, err)) return false;
        if (!await_answers(matcher)) return true;
    } while (!matcher->found.is_round);
    return true;
}

/* Waiting for the answers may have hushed the bell: where something was said, look again. */
static int64_t next_look_ms(const struct matcher *matcher)
{
    if (matcher->accepted > 0) return GATHER_MS;
    return matcher->said > 0 ? REFUSED_MS : IDLE_MS;
}

void matcher_work(struct worker *worker)
{
    static struct matcher matcher;
    struct error err;
    bool ready;

    matcher.worker = worker;
    matcher.search = search_create();
    matcher.peer = peer_open(worker_bus(worker), "mentor-assignment", "worker.matcher", &err);
    if (matcher.peer == NULL) bug("matcher: %s", err.text);
    do {
        if (!go_round(&matcher, &err)) log_failure(LOG_ERROR, "matching", &err);
        bus_wait(NULL, 0, NULL, 0, GATHER_MS, &ready);
    } while (worker_wait(worker, next_look_ms(&matcher)));
    peer_close(matcher.peer);
    search_destroy(matcher.search);
}
