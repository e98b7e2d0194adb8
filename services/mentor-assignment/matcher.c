/* The worker's thread: look at a snapshot, bring each programme's plan up to date, propose, wait
 * for the answers. */
#include "matcher.h"

#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/metrics.h"
#include "bus/bus.h"
#include "core/error.h"
#include "matching_rules/matching_rules.h"
#include "plan.h"
#include "propose.h"
#include "service/service.h"
#include "store/store.h"
#include "store/table.h"

METRICS_COUNTER(proposals, "fadder_proposals_total", "Mentors proposed by the matcher.")
METRICS_COUNTER(outdated, "fadder_proposals_outdated_total",
                "Proposals of the matcher's that were refused: things had moved.")
METRICS_COUNTER(solves, "fadder_matching_solves_total", "Matchings made from scratch.")
METRICS_COUNTER(updates, "fadder_matching_updates_total", "Single changes put into a matching.")

enum {
    IDLE_MS =
        60000, /* without any change there is nothing new to find but a week more of waiting */
    REFUSED_MS = 1000, /* when all that was found was refused: another look */
    GATHER_MS = 20,    /* between rounds: so that many changes are looked at together */
    SAID_MAX = 60,     /* at once */
};

struct matcher {
    struct worker *worker;
    size_t plan_count;
    struct plan **plans;
    size_t said, accepted; /* in this round */
};

static void on_answer(void *cookie, const struct bus_accepted *accepted, const struct error *err)
{
    struct matcher *matcher = cookie;

    if (accepted != NULL) matcher->accepted++;
    metrics_count(err == NULL ? &proposals : &outdated, 1);
}

static void on_explained(void *cookie, const struct bus_accepted *accepted, const struct error *err)
{
    struct matcher *matcher = cookie;

    (void)err;
    if (accepted != NULL) matcher->accepted++;
}

/* Saying what was found. */

static bool say_proposals(struct matcher *matcher, const struct plan *plan,
                          const struct proposals *found)
{
    const struct about about = {{{0}}, 0, plan->programme, plan->country};

    for (size_t i = 0; i < found->count; i++) {
        worker_say(matcher->worker, &mentorship_suggest_descriptor, &found->suggested[i], &about,
                   on_answer, matcher);
        matcher->said++;
        if (i % SAID_MAX == SAID_MAX - 1 && !worker_commit(matcher->worker)) return false;
    }
    return worker_commit(matcher->worker);
}

static bool say_reasons(struct matcher *matcher, const struct plan *plan,
                        const struct proposals *found)
{
    for (size_t i = 0; i < found->unproposed_count; i++) {
        const struct unproposed *one = &found->unproposed[i];
        const struct about about = {one->referral, one->version, plan->programme, plan->country};

        worker_say(matcher->worker, &mentee_explain_descriptor, &one->body, &about, on_explained,
                   matcher);
        matcher->said++;
        if (i % SAID_MAX == SAID_MAX - 1 && !worker_commit(matcher->worker)) return false;
    }
    return worker_commit(matcher->worker);
}

static bool say_alternatives(struct matcher *matcher, const struct plan *plan,
                             const struct proposals *found)
{
    for (size_t i = 0; i < found->listed_count; i++) {
        const struct listed *one = &found->listed[i];
        const struct about about = {one->mentorship, one->version, plan->programme, plan->country};

        worker_say(matcher->worker, &mentorship_list_alternatives_descriptor, &one->body, &about,
                   on_explained, matcher);
        matcher->said++;
        if (i % SAID_MAX == SAID_MAX - 1 && !worker_commit(matcher->worker)) return false;
    }
    return worker_commit(matcher->worker);
}

/* Looking. */

static struct plan *plan_of(struct matcher *matcher, struct id programme)
{
    for (size_t i = 0; i < matcher->plan_count; i++)
        if (id_equal(matcher->plans[i]->programme, programme)) return matcher->plans[i];
    matcher->plans = realloc(matcher->plans, (matcher->plan_count + 1) * sizeof(struct plan *));
    if (matcher->plans == NULL) bug("out of memory");
    return matcher->plans[matcher->plan_count++] = plan_create(programme);
}

/* The snapshot is let go of before anything is worked out. */
static bool look(struct matcher *matcher, struct plan *plan, const struct matching_rules *rules,
                 struct error *err)
{
    const struct instant now = {worker_now(matcher->worker)};
    const uint32_t solves_before = plan->solves, updates_before = plan->updates;
    struct txn *txn = worker_read(matcher->worker, err);
    const bool is_ok = txn != NULL && plan_look(plan, txn, rules, now, err);

    txn_abort(txn);
    metrics_count(&solves, plan->solves - solves_before);
    metrics_count(&updates, plan->updates - updates_before);
    return is_ok;
}

static bool match_one(struct matcher *matcher, const struct matching_rules *rules)
{
    struct plan *plan = plan_of(matcher, rules->id);
    struct proposals found;
    struct error err;
    bool goes_on;

    if (!look(matcher, plan, rules, &err)) {
        log_failure(LOG_ERROR, "matching", &err);
        return true;
    }
    propose_next(plan, &found);
    goes_on = say_proposals(matcher, plan, &found) && say_reasons(matcher, plan, &found) &&
              say_alternatives(matcher, plan, &found);
    proposals_drop(&found);
    return goes_on;
}

static bool take_first(void *cookie, struct id id, const void *row)
{
    struct matching_rules *first = cookie;

    *first = *(const struct matching_rules *)row;
    first->id = id;
    return false;
}

/* The programme behind this one; version 0: there is none. */
static bool next_programme(struct matcher *matcher, struct matching_rules *rules)
{
    const bool is_first = rules->version == 0;
    const struct id last = rules->id;
    struct error err;
    struct txn *txn = worker_read(matcher->worker, &err);
    bool is_ok;

    memset(rules, 0, sizeof *rules);
    is_ok = txn != NULL &&
            table_scan(txn, &all_matching_rules, is_first ? NULL : &last, take_first, rules, &err);
    txn_abort(txn);
    if (!is_ok) log_failure(LOG_ERROR, "matching", &err);
    return is_ok && rules->version > 0;
}

/* Every programme once. False: the service ends. */
static bool go_round(struct matcher *matcher)
{
    struct matching_rules rules = {.version = 0};

    matcher->said = matcher->accepted = 0;
    while (next_programme(matcher, &rules))
        if (!rules.is_closed && !match_one(matcher, &rules)) return false;
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
    struct matcher matcher = {.worker = worker};
    bool ready;

    do {
        if (!go_round(&matcher)) break;
        bus_wait(NULL, 0, NULL, 0, GATHER_MS, &ready);
    } while (worker_wait(worker, next_look_ms(&matcher)));
    for (size_t i = 0; i < matcher.plan_count; i++)
        plan_destroy(matcher.plans[i]);
    free(matcher.plans);
}
