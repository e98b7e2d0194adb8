/* A followed journal: by one follower, of the types that are consumed up to one position. Types that
 * came later are filled in first, those that stand at the same place at a time, while the rest waits.
 * Which types are consumed, and up to where, goes into the header of our own next batch; when it
 * changes, nothing more is taken before that is on disk. */
#include "service/source.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "bus/bus.h"
#include "bus/line.h"
#include "core/error.h"
#include "core/text.h"
#include "fold/fold.h"
#include "fold/kinds.h"
#include "fold/positions.h"

enum standing {
    STANDING_LEFT,    /* waits to be filled in: from `left` on */
    STANDING_FILLING, /* at `fill` */
    STANDING_TAKEN,   /* at `at` */
};

struct subscribed {
    const char *type;
    enum standing standing;
    struct journal_position left;
};

_Static_assert(sizeof((struct journal_types *)0)->at == sizeof((struct bus_types *)0)->at,
               "what is pulled is written down");

struct source {
    struct bus *bus;
    const char *own, *service;
    char fill_name[FILL_NAME_SIZE];
    size_t count;
    struct subscribed subscribed[TYPES_MAX];
    struct journal_position at, fill; /* where the taken stand, and the filling */
    struct journal_position committed_at, committed_fill; /* and stood at the last commit */
    bool is_new;                                          /* nothing was ever taken */
    bool is_changed; /* which types are consumed, or from where: nothing is taken meanwhile */
    bool must_say_types;
    bool is_stopped; /* by ourselves */
    bool has_parted; /* what was left further on than `parted` is left there */
    struct journal_position parted;
    struct line *line;
    unsigned dialled; /* how often; no name is used twice */
};

/* Which types. */

static void wanted_types(const struct kinds *kinds, struct source *source)
{
    for (size_t i = 0; i < kinds->count; i++) {
        const struct kind *kind = &kinds->at[i];

        if (kind->subscriber_count == 0 || strcmp(kind->service, source->service) != 0) continue;
        if (source->count == TYPES_MAX) bug("more than %d types of %s", TYPES_MAX, source->service);
        source->subscribed[source->count++].type = kind->name;
    }
}

static bool is_filling(const struct source *source)
{
    for (size_t i = 0; i < source->count; i++)
        if (source->subscribed[i].standing == STANDING_FILLING) return true;
    return false;
}

static bool is_other(const struct journal_position *a, const struct journal_position *b)
{
    return position_is_before(a, b) || position_is_before(b, a) || !id_equal(a->epoch, b->epoch);
}

static void change(struct source *source)
{
    source->is_changed = source->must_say_types = true;
}

/* The one that stands furthest back, of those that wait; NULL: none does. */
static const struct subscribed *furthest_back(const struct source *source)
{
    const struct subscribed *furthest = NULL;

    for (size_t i = 0; i < source->count; i++) {
        const struct subscribed *one = &source->subscribed[i];

        if (one->standing != STANDING_LEFT) continue;
        if (furthest == NULL || position_is_before(&one->left, &furthest->left)) furthest = one;
    }
    return furthest;
}

/* What is filled in next, if nothing is: all that stand furthest back; or nothing, if none is back. */
static void choose(struct source *source)
{
    const struct subscribed *furthest = is_filling(source) ? NULL : furthest_back(source);
    struct journal_position from;
    bool is_back;

    if (furthest == NULL) return;
    from = furthest->left;
    is_back = position_is_before(&from, &source->at);
    for (size_t i = 0; i < source->count; i++) {
        struct subscribed *one = &source->subscribed[i];

        if (one->standing != STANDING_LEFT || (is_back && position_is_before(&from, &one->left)))
            continue;
        one->standing = is_back ? STANDING_FILLING : STANDING_TAKEN;
    }
    if (is_back) source->fill = from;
    change(source);
}

/* From what is on disk. */
static bool read_standings(struct source *source, struct txn *txn, struct error *err)
{
    struct journal_wanted before;
    uint32_t kept = 0;

    if (!state_position(txn, source->service, &source->at, err) ||
        !state_position(txn, source->fill_name, &source->fill, err) ||
        !state_wanted(txn, source->service, &before, err))
        return false;
    source->committed_at = source->at;
    source->committed_fill = source->fill;
    source->is_new = source->at.batch == 0 && source->at.within == 0;
    for (size_t i = 0; i < source->count; i++) {
        struct subscribed *one = &source->subscribed[i];

        if (!state_left(txn, source->service, one->type, &one->left, err)) return false;
        if (source->is_new || types_have(&before.types, one->type))
            one->standing = STANDING_TAKEN;
        else if (types_have(&before.filling, one->type))
            one->standing = STANDING_FILLING;
        kept += types_have(&before.types, one->type) || types_have(&before.filling, one->type);
    }
    if (source->is_new)
        source->must_say_types = true; /* with the first that is taken */
    else if (kept < before.types.count + before.filling.count)
        change(source);
    choose(source);
    return true;
}

/* The follower. */

static bool follow(struct source *source, struct error *err)
{
    const bool fills = is_filling(source);
    const char *types[TYPES_MAX + 1];
    char name[64];
    size_t count = 0;

    for (size_t i = 0; i < source->count; i++)
        if (source->subscribed[i].standing == (fills ? STANDING_FILLING : STANDING_TAKEN))
            types[count++] = source->subscribed[i].type;
    types[count] = NULL;
    line_close(source->line);
    if (source->dialled++ == 0)
        text_copy(name, sizeof name, source->own);
    else
        snprintf(name, sizeof name, "%s.%u", source->own, source->dialled);
    if (fills)
        log_info("filling_in", "from=%s types=%zu at=%lld until=%lld", source->service, count,
                 (long long)source->fill.batch, (long long)source->at.batch);
    source->line = line_open(source->bus, name, source->service, types,
                             fills ? &source->fill : &source->at, fills ? &source->at : NULL, err);
    return source->line != NULL;
}

struct source *source_open(struct bus *bus, const struct kinds *kinds, const char *own,
                           const char *service, struct txn *txn, struct error *err)
{
    struct source *source = calloc(1, sizeof *source);

    if (source == NULL) bug("out of memory");
    source->bus = bus;
    source->own = own;
    source->service = service;
    state_fill_name(service, source->fill_name);
    wanted_types(kinds, source);
    if (read_standings(source, txn, err) && follow(source, err)) return source;
    source_close(source);
    return NULL;
}

void source_close(struct source *source)
{
    if (source == NULL) return;
    line_close(source->line);
    free(source);
}

const char *source_service(const struct source *source)
{
    return source->service;
}

struct socket *source_socket(struct source *source)
{
    return line_socket(source->line);
}

void source_turn(struct source *source, int64_t now_ms)
{
    line_turn(source->line, now_ms);
}

/* Of the batch that the rest has consumed in part, only that part is to be filled in. */
static void cut(const struct source *source, struct foreign *foreign)
{
    if (foreign->after.batch <= source->at.batch) return;
    while (foreign->count > 0 &&
           (int64_t)foreign->rows[foreign->count - 1].index >= source->at.within)
        foreign->count--;
}

bool source_next(struct source *source, struct foreign *foreign)
{
    if (source->is_changed || !follower_next(line_follower(source->line), foreign)) return false;
    if (is_filling(source)) cut(source, foreign);
    return true;
}

static bool is_filled(const struct source *source)
{
    return source->at.within == 0 ? source->fill.batch >= source->at.batch
                                  : source->fill.batch > source->at.batch;
}

static void end_filling(struct source *source)
{
    log_info("filled_in", "from=%s batch=%lld", source->service, (long long)source->at.batch);
    for (size_t i = 0; i < source->count; i++)
        if (source->subscribed[i].standing == STANDING_FILLING)
            source->subscribed[i].standing = STANDING_TAKEN;
    memset(&source->fill, 0, sizeof source->fill);
    change(source);
    choose(source);
}

void source_consumed(struct source *source, const struct foreign *foreign, uint32_t within)
{
    follower_consumed(line_follower(source->line), foreign, within);
    if (!is_filling(source)) {
        source->at = *follower_position(line_follower(source->line));
        return;
    }
    source->fill = *follower_position(line_follower(source->line));
    if (is_filled(source)) end_filling(source);
}

int64_t source_within(const struct source *source)
{
    return follower_position(line_follower(source->line))->within;
}

bool source_is_heard(const struct source *source, int64_t now_ms, int64_t *behind)
{
    uint64_t head;
    const bool is_heard = follower_head(line_follower(source->line), now_ms, &head);

    *behind = (int64_t)head - follower_position(line_follower(source->line))->batch;
    if (*behind < 0) *behind = 0;
    return is_heard && follower_trouble(line_follower(source->line)) == NULL;
}

/* Stopping, and following anew. */

void source_stop(struct source *source, const char *code, const char *why)
{
    source->is_stopped = true;
    follower_stop(line_follower(source->line), code, why);
}

const char *source_trouble(const struct source *source)
{
    const struct bus_diverged *trouble = follower_trouble(line_follower(source->line));

    return trouble == NULL ? NULL : trouble->code;
}

/* That service's journal from there on. */
static struct journal_position position_at(const struct source *source,
                                           const struct bus_place *place)
{
    struct journal_position position = {
        .epoch = place->epoch, .batch = place->batch, .hash = place->hash};

    text_copy(position.service, sizeof position.service, source->service);
    position.hash.size = sizeof position.hash.at;
    return position;
}

/* From where on it is followed, and up to where what was taken of it is in it still. */
static bool resumption(const struct source *source, enum bus_resumption from,
                       struct journal_position *to, struct journal_position *sound,
                       struct error *err)
{
    static const struct bus_place start;
    const struct bus_diverged *trouble = follower_trouble(line_follower(source->line));

    if (trouble == NULL || source->is_changed || source->is_stopped)
        return error_set(err, ERROR_CONFLICT, "follows",
                         "What is taken of %s has not parted from it.", source->service);
    if ((from == BUS_RESUMPTION_FORK && !trouble->has_fork) ||
        (from == BUS_RESUMPTION_END && !trouble->has_end))
        return error_set(err, ERROR_CONFLICT, "place_unknown",
                         "%s cannot tell that place: say another.", source->service);
    *to = position_at(source, from == BUS_RESUMPTION_FORK  ? &trouble->fork
                              : from == BUS_RESUMPTION_END ? &trouble->end
                                                           : &start);
    *sound =
        from == BUS_RESUMPTION_END && trouble->has_fork ? position_at(source, &trouble->fork) : *to;
    return true;
}

static void take_back(struct journal_position *position, const struct journal_position *sound)
{
    if (position_is_before(sound, position)) *position = *sound;
}

bool source_follow_anew(struct source *source, enum bus_resumption from, struct error *err)
{
    const struct bus_diverged *trouble = follower_trouble(line_follower(source->line));
    struct journal_position to, sound;

    if (!resumption(source, from, &to, &sound, err)) return false;
    if (is_filling(source) && !trouble->has_until) { /* the rest stands where it may stand */
        source->fill = position_is_before(&to, &source->at) ? to : source->at;
    } else {
        source->at = to;
        if (is_filling(source)) take_back(&source->fill, &sound);
        for (size_t i = 0; i < source->count; i++)
            take_back(&source->subscribed[i].left, &sound);
        source->parted = sound;
        source->has_parted = true;
    }
    source->is_changed = true;
    if (is_filling(source) && is_filled(source)) end_filling(source);
    return true;
}

/* Positions. */

bool source_is_urgent(const struct source *source)
{
    return source->is_changed;
}

bool source_is_moved(const struct source *source)
{
    return is_other(&source->fill, &source->committed_fill) ||
           is_other(&source->at, &source->committed_at);
}

static void add_type(struct journal_types *types, const char *type)
{
    text_copy(types->at[types->count++], sizeof types->at[0], type);
}

static void say_types(const struct source *source, struct journal_header *header)
{
    const size_t most = sizeof header->subscribed.at / sizeof header->subscribed.at[0];
    struct journal_wanted *wanted = &header->subscribed.at[header->subscribed.count];

    if (header->subscribed.count == most) bug("more than %zu journals followed", most);
    text_copy(wanted->service, sizeof wanted->service, source->service);
    wanted->types.count = wanted->filling.count = 0;
    for (size_t i = 0; i < source->count; i++) {
        const struct subscribed *one = &source->subscribed[i];

        if (one->standing == STANDING_TAKEN) add_type(&wanted->types, one->type);
        if (one->standing == STANDING_FILLING) add_type(&wanted->filling, one->type);
    }
    wanted->has_filling = wanted->filling.count > 0;
    header->subscribed.count++;
    header->has_subscribed = true;
}

static void say_position(const struct journal_position *position, const char *name,
                         struct journal_positions *positions)
{
    struct journal_position *said = &positions->at[positions->count++];

    *said = *position;
    text_copy(said->service, sizeof said->service, name);
    said->hash.size = sizeof said->hash.at;
}

void source_say(const struct source *source, struct journal_header *header)
{
    const bool is_moved = is_other(&source->at, &source->committed_at);

    if (is_other(&source->fill, &source->committed_fill))
        say_position(&source->fill, source->fill_name, &header->positions);
    if (is_moved) say_position(&source->at, source->service, &header->positions);
    if (source->has_parted) say_position(&source->parted, source->service, &header->parted);
    header->has_parted |= source->has_parted;
    if (source->must_say_types && (is_moved || source->is_changed)) say_types(source, header);
}

bool source_committed(struct source *source, struct error *err)
{
    const bool is_changed = source->is_changed;

    if (is_changed || is_other(&source->at, &source->committed_at)) source->must_say_types = false;
    source->committed_fill = source->fill;
    source->committed_at = source->at;
    source->is_changed = source->has_parted = false;
    return !is_changed || follow(source, err);
}
