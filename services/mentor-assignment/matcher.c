#include "matcher.h"

#include "core/error.h"
#include "runtime/bus.h"
#include "runtime/log.h"
#include "runtime/metrics.h"
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
};

struct matcher {
    struct worker *worker;
    struct search *search;
    struct found found;
    size_t said, accepted; /* in this round */
};

static void on_answer(void *cookie, const struct bus_accepted *accepted, const struct error *err)
{
    struct matcher *matcher = cookie;

    if (accepted != NULL) matcher->accepted++;
    metrics_count(err == NULL ? &proposals : &outdated, 1);
}

static void say(struct matcher *matcher, const struct proposal *proposal)
{
    const struct about about = {{{0}}, 0, proposal->programme, proposal->country};

    matcher->said++;
    worker_say(matcher->worker, &mentorship_propose_descriptor, &proposal->body, &about, on_answer,
               matcher);
}

static bool look(struct matcher *matcher, struct error *err)
{
    const struct instant now = {worker_now(matcher->worker)};
    struct txn *txn = worker_read(matcher->worker, err);
    const bool is_ok = txn != NULL && search_next(matcher->search, txn, now, &matcher->found, err);

    txn_abort(txn);
    for (size_t i = 0; is_ok && i < matcher->found.count; i++)
        say(matcher, &matcher->found.at[i]);
    return is_ok;
}

/* Everybody once. */
static bool go_round(struct matcher *matcher, struct error *err)
{
    matcher->said = matcher->accepted = 0;
    do {
        if (!look(matcher, err)) return false;
        if (!worker_commit(matcher->worker)) return true;
    } while (!matcher->found.is_round);
    return true;
}

/* What was said may be refused when things have moved: then another look, a little later. */
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
    do {
        if (!go_round(&matcher, &err)) log_failure(LOG_ERROR, "matching", &err);
        bus_wait(NULL, 0, NULL, 0, GATHER_MS, &ready);
    } while (worker_wait(worker, next_look_ms(&matcher)));
    search_destroy(matcher.search);
}
