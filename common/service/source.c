/* A followed journal and, while types subscribed to later are filled in, a second follower for
 * those; where both stand goes into the header of our own next batch. */
#include "service/source.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "core/error.h"
#include "core/text.h"
#include "fold/fold.h"
#include "fold/kinds.h"
#include "fold/positions.h"

struct source {
    struct bus *bus;
    const char *own, *service;
    const char *types[TYPES_MAX + 1]; /* all that are wanted */
    struct follower *main, *fill;     /* one of them: while it is filled in, the rest waits */
    struct journal_position from;     /* of the rest, meanwhile */
    struct journal_position committed, fill_committed;
    char fill_name[48], fill_peer[48];
    bool must_say_types;
};

static struct follower *active(const struct source *source)
{
    return source->fill != NULL ? source->fill : source->main;
}

static void wanted_types(const struct kinds *kinds, struct source *source)
{
    size_t count = 0;

    for (size_t i = 0; i < kinds->count; i++) {
        const struct kind *kind = &kinds->at[i];

        if (kind->subscriber_count == 0 || strcmp(kind->service, source->service) != 0) continue;
        if (count == TYPES_MAX) bug("more than %d types of %s", TYPES_MAX, source->service);
        source->types[count++] = kind->name;
    }
}

static bool is_named(struct bytes names, const char *type)
{
    for (size_t at = 0; at < names.size; at += strlen((const char *)names.at + at) + 1)
        if (strcmp((const char *)names.at + at, type) == 0) return true;
    return false;
}

/* Those that were not subscribed to when the others were consumed. */
static size_t missing_types(const struct source *source, struct bytes known,
                            const char *missing[TYPES_MAX + 1])
{
    size_t count = 0;

    for (size_t i = 0; source->types[i] != NULL; i++)
        if (!is_named(known, source->types[i])) missing[count++] = source->types[i];
    missing[count] = NULL;
    return count;
}

static bool follow_main(struct source *source, struct error *err)
{
    source->main = follower_create(source->bus, source->own, source->service, source->types,
                                   &source->from, err);
    return source->main != NULL;
}

static bool begin(struct source *source, struct txn *txn, struct error *err)
{
    const char *missing[TYPES_MAX + 1];
    struct journal_position fill_from;
    struct bytes known;
    size_t count;

    if (!state_position(txn, source->service, &source->from, err)) return false;
    if (!state_position(txn, source->fill_name, &fill_from, err)) return false;
    if (!state_types(txn, source->service, &known, err)) return false;
    source->committed = source->from;
    source->fill_committed = fill_from;
    count = missing_types(source, known, missing);
    source->must_say_types = count > 0;
    if (count == 0 || (source->from.batch == 0 && source->from.within == 0))
        return follow_main(source, err);
    log_info("filling_in", "from=%s types=%zu until=%lld", source->service, count,
             (long long)source->from.batch);
    source->fill =
        follower_create(source->bus, source->fill_peer, source->service, missing, &fill_from, err);
    return source->fill != NULL;
}

struct source *source_open(struct bus *bus, const struct kinds *kinds, const char *own,
                           const char *service, struct txn *txn, struct error *err)
{
    struct source *source = calloc(1, sizeof *source);

    if (source == NULL) bug("out of memory");
    source->bus = bus;
    source->own = own;
    source->service = service;
    snprintf(source->fill_name, sizeof source->fill_name, "fill-%s", service);
    snprintf(source->fill_peer, sizeof source->fill_peer, "%s.fill", own);
    wanted_types(kinds, source);
    if (begin(source, txn, err)) return source;
    source_close(source);
    return NULL;
}

void source_close(struct source *source)
{
    if (source == NULL) return;
    follower_destroy(source->main);
    follower_destroy(source->fill);
    free(source);
}

const char *source_service(const struct source *source)
{
    return source->service;
}

struct socket *source_socket(struct source *source)
{
    return follower_socket(active(source));
}

void source_turn(struct source *source, int64_t now_ms)
{
    follower_turn(active(source), now_ms);
}

/* Of the batch that the rest has consumed in part, only that part is to be filled in. */
static void cut(const struct source *source, struct foreign *foreign)
{
    if (foreign->after.batch <= source->from.batch) return;
    while (foreign->count > 0 &&
           (int64_t)foreign->rows[foreign->count - 1].index >= source->from.within)
        foreign->count--;
}

bool source_next(struct source *source, struct foreign *foreign)
{
    if (!follower_next(active(source), foreign)) return false;
    if (source->fill != NULL) cut(source, foreign);
    return true;
}

static bool is_filled(const struct source *source)
{
    const int64_t batch = follower_position(source->fill)->batch;

    return source->from.within == 0 ? batch >= source->from.batch : batch > source->from.batch;
}

bool source_consumed(struct source *source, const struct foreign *foreign, uint32_t within,
                     struct error *err)
{
    follower_consumed(active(source), foreign, within);
    if (source->fill == NULL || !is_filled(source)) return true;
    log_info("filled_in", "from=%s batch=%lld", source->service, (long long)source->from.batch);
    follower_destroy(source->fill);
    source->fill = NULL;
    return follow_main(source, err);
}

void source_stop(struct source *source, const char *why)
{
    follower_stop(active(source), why);
}

int64_t source_within(const struct source *source)
{
    return follower_position(active(source))->within;
}

bool source_is_heard(const struct source *source, int64_t now_ms, int64_t *behind)
{
    uint64_t head;
    const bool is_heard = follower_head(active(source), now_ms, &head);

    *behind = (int64_t)head - follower_position(active(source))->batch;
    if (*behind < 0) *behind = 0;
    return is_heard && follower_trouble(active(source)) == NULL;
}

/* Positions. */

static bool is_other(const struct journal_position *a, const struct journal_position *b)
{
    return a->batch != b->batch || a->within != b->within;
}

/* Where filling in stands: nowhere, when it is not going on. */
static struct journal_position fill_position(const struct source *source)
{
    struct journal_position position = {.hash = {.size = sizeof position.hash.at}};

    if (source->fill != NULL) position = *follower_position(source->fill);
    text_copy(position.service, sizeof position.service, source->fill_name);
    return position;
}

bool source_is_urgent(const struct source *source)
{
    return source->fill == NULL && source->must_say_types && source->committed.batch > 0;
}

bool source_is_moved(const struct source *source)
{
    const struct journal_position fill = fill_position(source);

    return is_other(&fill, &source->fill_committed) ||
           (source->main != NULL && is_other(follower_position(source->main), &source->committed));
}

static void say_types(const struct source *source, struct journal_header *header)
{
    const size_t most = sizeof header->subscribed.at / sizeof header->subscribed.at[0];
    struct journal_wanted *wanted = &header->subscribed.at[header->subscribed.count];

    if (header->subscribed.count == most) bug("more than %zu journals followed", most);
    text_copy(wanted->service, sizeof wanted->service, source->service);
    wanted->types.count = 0;
    for (size_t i = 0; source->types[i] != NULL; i++)
        text_copy(wanted->types.at[wanted->types.count++], sizeof wanted->types.at[0],
                  source->types[i]);
    header->subscribed.count++;
    header->has_subscribed = true;
}

void source_say(const struct source *source, struct journal_header *header)
{
    const struct journal_position fill = fill_position(source);

    if (is_other(&fill, &source->fill_committed))
        header->positions.at[header->positions.count++] = fill;
    if (source->main != NULL && is_other(follower_position(source->main), &source->committed))
        header->positions.at[header->positions.count++] = *follower_position(source->main);
    if (source->fill == NULL && source->must_say_types) say_types(source, header);
}

void source_committed(struct source *source)
{
    source->fill_committed = fill_position(source);
    if (source->main == NULL) return;
    source->committed = *follower_position(source->main);
    source->must_say_types = false;
}
