/* A table of programs under one lock, and the writer's way to tell of it. */
#include "service/turned_away.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/random.h"
#include "bus/key.h"
#include "bus/peer.h"
#include "core/descriptor.h"
#include "core/error.h"
#include "core/pattern.h"
#include "core/text.h"
#include "fold/kinds.h"
#include "service/meters.h"
#include "service/running.h"

static const char watcher[] = "registry", others[] = "*";

struct entry {
    struct audit_turn_away told; /* times 0: nothing that has not been told */
    int64_t due_ms;
};

struct turned_away {
    pthread_mutex_t lock;
    unsigned count;
    struct entry at[TURNED_AWAY_MAX + 1];
};

struct turned_away *turned_away_create(void)
{
    struct turned_away *away = calloc(1, sizeof *away);

    if (away == NULL || pthread_mutex_init(&away->lock, NULL) != 0) bug("out of memory");
    return away;
}

void turned_away_destroy(struct turned_away *away)
{
    if (away == NULL) return;
    pthread_mutex_destroy(&away->lock);
    free(away);
}

static struct entry *entry_of(struct turned_away *away, const char *program)
{
    for (unsigned i = 0; i < away->count; i++)
        if (strcmp(away->at[i].told.program, program) == 0) return &away->at[i];
    if (away->count >= TURNED_AWAY_MAX && strcmp(program, others) != 0)
        return entry_of(away, others);
    text_copy(away->at[away->count].told.program, sizeof away->at[0].told.program, program);
    return &away->at[away->count++];
}

/* What was asked for is anything that somebody writes. */
static void name_what(struct audit_turn_away *told, const char *what)
{
    const struct field *field = field_find(&audit_turn_away_descriptor, "what");
    const size_t size = strlen(what);
    const bool is_name = size >= (size_t)field->min && size <= (size_t)field->max &&
                         pattern_match(field->pattern, what, size);
    const char *name = is_name ? what : others;

    if (told->times > 0 && strcmp(told->what, name) != 0) name = others;
    text_copy(told->what, sizeof told->what, name);
}

void turned_away_note(struct turned_away *away, const char *peer, const char *what, int64_t now_ms,
                      int64_t steady_ms)
{
    char program[BUS_PROGRAM_MAX + 1];
    struct entry *entry;

    bus_key_program(peer, program);
    if (program[0] == '\0') text_copy(program, sizeof program, others);
    pthread_mutex_lock(&away->lock);
    entry = entry_of(away, program);
    name_what(&entry->told, what);
    if (entry->told.times == 0) entry->told.first.ms = now_ms;
    if (entry->due_ms == 0) entry->due_ms = steady_ms;
    if (entry->told.times < field_find(&audit_turn_away_descriptor, "times")->max)
        entry->told.times++;
    entry->told.last.ms = now_ms;
    pthread_mutex_unlock(&away->lock);
}

void turned_away(struct running *running, const char *peer, const char *what)
{
    metrics_count(&running->meters->not_admitted, 1);
    turned_away_note(running->turned_away, peer, what, clock_now_ms(), clock_steady_ms());
}

bool turned_away_next(struct turned_away *away, int64_t steady_ms, struct audit_turn_away *told,
                      unsigned *which)
{
    bool is_due = false;

    pthread_mutex_lock(&away->lock);
    for (*which = 0; *which < away->count && !is_due; ++*which) {
        const struct entry *entry = &away->at[*which];

        is_due = entry->told.times > 0 && entry->due_ms <= steady_ms;
        if (is_due) *told = entry->told;
    }
    pthread_mutex_unlock(&away->lock);
    *which -= is_due;
    return is_due;
}

/* What came meanwhile is told next time. */
void turned_away_told(struct turned_away *away, unsigned which, const struct audit_turn_away *told,
                      bool is_done, int64_t steady_ms)
{
    struct entry *entry = &away->at[which];

    pthread_mutex_lock(&away->lock);
    entry->due_ms = steady_ms + (is_done ? TURNED_AWAY_EACH_MS : TURNED_AWAY_AGAIN_MS);
    if (is_done) {
        entry->told.times -= told->times;
        entry->told.first = told->last;
    }
    pthread_mutex_unlock(&away->lock);
}

/* Telling: one at a time. */

enum { TELL_MS = 5000 };

struct teller {
    struct running *running;
    struct peer *peer; /* NULL: there was nothing to tell yet */
    bool is_asked;
    unsigned which;
    struct audit_turn_away told;
    struct bus_command command;
    int64_t steady_ms;
};

struct teller *teller_create(struct running *running)
{
    struct teller *teller = calloc(1, sizeof *teller);

    if (teller == NULL) bug("out of memory");
    teller->running = running;
    return teller;
}

void teller_destroy(struct teller *teller)
{
    if (teller == NULL) return;
    peer_close(teller->peer);
    free(teller);
}

static void on_answer(void *cookie, const struct reply *reply)
{
    struct teller *teller = cookie;
    const bool is_away = !reply->is_accepted && reply->error.kind == ERROR_BUSY;

    if (!reply->is_accepted && !is_away) log_failure(LOG_ERROR, "not_noted", &reply->error);
    teller->is_asked = false;
    turned_away_told(teller->running->turned_away, teller->which, &teller->told, !is_away,
                     teller->steady_ms);
}

/* The registry tells itself. */
static bool open_peer(struct teller *teller, struct error *err)
{
    const struct running *running = teller->running;
    char name[BUS_PROGRAM_MAX + sizeof ".watched"];

    if (teller->peer != NULL) return true;
    snprintf(name, sizeof name, "%s.watched", running->service->name);
    teller->peer = strcmp(running->service->name, watcher) == 0
                       ? peer_open_within(running->bus, watcher, err)
                       : peer_open(running->bus, watcher, name, err);
    return teller->peer != NULL;
}

static void tell(struct teller *teller, int64_t now_ms)
{
    struct error err;

    text_copy(teller->told.service, sizeof teller->told.service, teller->running->service->name);
    teller->told.last.ms = teller->told.last.ms < now_ms ? teller->told.last.ms : now_ms;
    peer_own_command(&teller->command, random_id(now_ms), &audit_turn_away_descriptor,
                     &teller->told);
    teller->is_asked =
        open_peer(teller, &err) && peer_command(teller->peer, &teller->command, teller->steady_ms,
                                                TELL_MS, on_answer, teller, &err);
    if (teller->is_asked) return;
    log_failure(LOG_ERROR, "not_noted", &err);
    turned_away_told(teller->running->turned_away, teller->which, &teller->told, false,
                     teller->steady_ms);
}

void teller_turn(struct teller *teller, int64_t now_ms, int64_t steady_ms)
{
    teller->steady_ms = steady_ms;
    if (teller->peer != NULL) peer_turn(teller->peer, steady_ms);
    if (!teller->is_asked &&
        turned_away_next(teller->running->turned_away, steady_ms, &teller->told, &teller->which))
        tell(teller, now_ms);
    if (teller->peer != NULL) peer_flush(teller->peer);
}
