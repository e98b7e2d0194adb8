/* Folding: an event is told to its own aggregate and to all who subscribe to it, rows and deadlines
 * follow; and a journal replayed, batch by batch, through the same functions. */
#include "fold/fold.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/descriptor.h"
#include "core/error.h"
#include "core/pack.h"
#include "core/trait.h"
#include "fold/answers.h"
#include "fold/deadlines.h"
#include "fold/keys.h"
#include "fold/positions.h"
#include "fold/quarantine.h"
#include "fold/strikes.h"
#include "store/state.h"
#include "store/table.h"

struct fold {
    const struct kinds *kinds;
    const char *service;
    struct journal_header *header; /* for replaying */
    struct journal_event envelope;
    char *was, *row, *cleared, *event, *input, *body;
    struct bytes rows[BATCH_EVENTS]; /* of the batch that is replayed */
    unsigned told_count;             /* rows that were told of the event so far */
    uint64_t counted;                /* bit i: the i-th became another version */
    bool is_struck;                  /* the event: it can no longer tell, and `was_counted` does */
    uint64_t was_counted;
    fold_let_go *let_go; /* or NULL */
    void *cookie;
};

static void *allocate(size_t size)
{
    void *memory = calloc(1, size == 0 ? 1 : size);

    if (memory == NULL) bug("out of memory");
    return memory;
}

struct fold *fold_create(const struct kinds *kinds, const char *service)
{
    struct fold *fold = allocate(sizeof *fold);

    fold->kinds = kinds;
    fold->service = service;
    fold->header = allocate(sizeof *fold->header);
    fold->was = allocate(kinds->row_max);
    fold->row = allocate(kinds->row_max);
    fold->cleared = allocate(kinds->row_max);
    fold->event = allocate(kinds->event_max);
    fold->input = allocate(kinds->input_max);
    fold->body = allocate(kinds->body_max);
    return fold;
}

void fold_destroy(struct fold *fold)
{
    if (fold == NULL) return;
    free(fold->header);
    free(fold->was);
    free(fold->row);
    free(fold->cleared);
    free(fold->event);
    free(fold->input);
    free(fold->body);
    free(fold);
}

/* One row. */

static void *at(void *row, const struct field *field)
{
    return (char *)row + field->offset;
}

static void mark(void *row, const struct field *field)
{
    if (field->present != NO_FLAG) *(bool *)((char *)row + field->present) = true;
}

/* The fields that the runtime keeps: a first event sets whose it is, each sets the version. */
static void keep_own_fields(const struct row_places *places, const struct happened *happened,
                            struct id id, bool is_first, int64_t version, void *row)
{
    const struct journal_event *envelope = happened->envelope;

    if (places->version != NULL) *(int64_t *)at(row, places->version) = version;
    if (places->id != NULL) *(struct id *)at(row, places->id) = id;
    if (!is_first) return;
    if (places->programme != NULL && envelope->has_programme) {
        *(struct id *)at(row, places->programme) = envelope->programme;
        mark(row, places->programme);
    }
    if (places->country != NULL && envelope->has_country) {
        *(enum country *)at(row, places->country) = envelope->country;
        mark(row, places->country);
    }
}

static bool keep_deadline(struct fold *fold, struct txn *txn, size_t place, struct id id,
                          const struct happened *happened, struct error *err)
{
    const struct aggregate *aggregate = fold->kinds->aggregates[place];
    struct deadline before = {.aggregate = place, .id = id}, after = before;
    unsigned command;

    if (aggregate->due == NULL) return true;
    before.due_ms = aggregate->due(fold->was, &command).ms;
    after.due_ms = aggregate->due(fold->row, &command).ms;
    if (before.due_ms == after.due_ms) return true;
    if (before.due_ms != 0 && !deadline_drop(txn, fold->kinds, &before, err)) return false;
    after.since = happened->number;
    return after.due_ms == 0 || deadline_put(txn, fold->kinds, &after, err);
}

static int64_t version_of(const struct row_places *places, void *row)
{
    return places->version == NULL ? 0 : *(const int64_t *)at(row, places->version);
}

/* Of an event that has just been decided: which of the aggregate's it is; and whose, as the row knows
 * it: who says something may name no programme, or no country. A first event is what its input says;
 * where that is nothing, a programme's own, evolve has set it. */
static void complete_envelope(const struct row_places *places, struct journal_event *envelope,
                              const void *known, bool is_first)
{
    const char *row = known;

    if (is_first && envelope->has_programme) return;
    if (places->programme == NULL ||
        id_equal(*(const struct id *)(const void *)(row + places->programme->offset),
                 (struct id){{0}}))
        return;
    memcpy(&envelope->programme, row + places->programme->offset, sizeof envelope->programme);
    envelope->has_programme = true;
    if (places->country != NULL &&
        (places->country->present == NO_FLAG || row[places->country->present] != 0)) {
        memcpy(&envelope->country, row + places->country->offset, sizeof envelope->country);
        envelope->has_country = true;
    }
}

/* That something was read does not change it: whoever is about to change it need not look again. In
 * journals of before it counted; the event's own number tells. */
static bool leaves_version(const struct happened *happened, int64_t version)
{
    const int64_t sequence = happened->envelope->sequence;

    return happened->kind->is_reading && (sequence == 0 || sequence == version);
}

/* What is struck counts for nothing: who folds what was struck before finds it gone. */
static bool is_other_but_struck(struct fold *fold, const struct descriptor *row,
                                const struct happened *happened)
{
    const struct permission permission = permission_by(happened);

    if (permission.by == 0) return memcmp(fold->row, fold->was, row->size) != 0;
    memcpy(fold->cleared, fold->was, row->size);
    traits_clear(row, fold->cleared, permission.traits);
    return memcmp(fold->row, fold->cleared, row->size) != 0;
}

/* Whether a row of another aggregate, which was told, is another version now. */
static bool counts(struct fold *fold, const struct descriptor *row, const struct happened *happened)
{
    const unsigned i = fold->told_count++;
    const uint64_t bit = i < 63 ? UINT64_C(1) << i : 0;
    const bool is_counted = fold->is_struck && bit != 0 ? (fold->was_counted & bit) != 0
                                                        : is_other_but_struck(fold, row, happened);

    if (is_counted) fold->counted |= bit;
    return is_counted;
}

static bool is_pointed_to(const struct row_places *places, const void *row, struct id event)
{
    for (size_t i = 0; i < places->sealed_count; i++) {
        const struct sealed *sealed = kinds_sealed(places, row, i);

        if (sealed != NULL && id_equal(sealed->event, event)) return true;
    }
    return false;
}

/* What was sealed with one event is pointed to by one row, so nothing else does. */
static void tell_what_is_let_go(struct fold *fold, const struct row_places *places)
{
    for (size_t i = 0; fold->let_go != NULL && i < places->sealed_count; i++) {
        const struct sealed *was = kinds_sealed(places, fold->was, i);

        if (was != NULL && !id_equal(was->event, (struct id){{0}}) &&
            !is_pointed_to(places, fold->row, was->event))
            fold->let_go(fold->cookie, was);
    }
}

void fold_watch(struct fold *fold, fold_let_go *let_go, void *cookie)
{
    fold->let_go = let_go;
    fold->cookie = cookie;
}

/* Load, evolve, save. type counts on behind the aggregate's own events for those it subscribes to. */
static bool evolve(struct fold *fold, struct txn *txn, size_t place, unsigned type, struct id id,
                   const struct happened *happened, struct error *err)
{
    const struct aggregate *aggregate = fold->kinds->aggregates[place];
    const struct contract *contract = aggregate->contract;
    const struct row_places *places = &fold->kinds->places[place];
    const bool is_own = type < contract->event_count;
    const struct event_head head = {type, happened->envelope->aggregate};
    size_t size;
    int64_t version;
    bool is_first, is_counted;

    if (aggregate->table == NULL) return true;
    size = aggregate->table->row->size;
    if (!table_get(txn, aggregate->table, id, fold->was, err)) return false;
    memcpy(fold->row, fold->was, size);
    memcpy(fold->event, &head, sizeof head);
    memcpy(fold->event + contract->event_body, happened->body, happened->kind->descriptor->size);
    aggregate->evolve(fold->row, fold->event);

    is_counted = is_own || counts(fold, aggregate->table->row, happened);
    if (!is_counted && memcmp(fold->row, fold->was, size) == 0) return true;
    version = version_of(places, fold->was);
    is_first = version == 0;
    if (is_own ? !leaves_version(happened, version) : is_counted) version++;
    if (is_own && happened->envelope->sequence == 0) {
        happened->envelope->sequence = version;
        complete_envelope(places, happened->envelope, is_first ? fold->row : fold->was, is_first);
    }
    if (is_own && happened->envelope->sequence != version && places->version != NULL)
        return error_set(err, ERROR_BROKEN, "fold",
                         "event %llu is the aggregate's %lld., not its %lld.",
                         (unsigned long long)happened->number,
                         (long long)happened->envelope->sequence, (long long)version);
    keep_own_fields(places, happened, id, is_first, version, fold->row);
    tell_what_is_let_go(fold, places);
    return table_save(txn, aggregate->table, id, fold->was, fold->row, err) &&
           keep_deadline(fold, txn, place, id, happened, err);
}

/* One event: whom it is told to. */

void fold_input(const struct aggregate *aggregate, unsigned subscription,
                const struct happened *happened, void *in)
{
    const struct contract *contract = aggregate->contract;
    const struct journal_event *envelope = happened->envelope;
    const unsigned type = (unsigned)contract->command_count + subscription;
    const struct head head = {
        .at = envelope->at,
        .actor = {.role = ROLE_SYS},
        .programme = envelope->has_programme ? envelope->programme : (struct id){{0}},
        .country = envelope->country,
        .id = envelope->aggregate,
        .version = VERSION_ANY,
        .by = {.role = role_bit(envelope->role),
               .id = envelope->has_actor ? envelope->actor : (struct id){{0}}},
        .shown = envelope->has_credential ? envelope->credential : (struct id){{0}},
        .event = envelope->id,
    };

    memcpy(in, &type, sizeof type);
    memcpy((char *)in + contract->input_head, &head, sizeof head);
    memcpy((char *)in + contract->input_body, happened->body, happened->kind->descriptor->size);
}

/* The first TOLD_MAX of those behind `after`; of the rest another deadline takes care, in the order of
 * ids, so that each is told once, whatever comes of it. */
static bool find(struct fold *fold, struct txn *txn, size_t place, unsigned subscription,
                 const struct happened *happened, struct id after, struct ids *ids,
                 struct error *err)
{
    const struct aggregate *aggregate = fold->kinds->aggregates[place];
    struct deadline more = {.is_more = true,
                            .aggregate = place,
                            .id = deadline_id(happened->number),
                            .due_ms = happened->envelope->at.ms};

    ids->count = 0;
    ids->has_after = !id_equal(after, (struct id){{0}});
    ids->after = after;
    if (aggregate->find == NULL) return true;
    fold_input(aggregate, subscription, happened, fold->input);
    if (!aggregate->find(txn, fold->input, ids, err)) return false;
    if (ids->count <= TOLD_MAX) return true;
    ids->count = TOLD_MAX;
    more.after = ids->at[TOLD_MAX - 1];
    return deadline_put(txn, fold->kinds, &more, err);
}

static bool tell(struct fold *fold, struct txn *txn, size_t place, unsigned subscription,
                 const struct happened *happened, struct id after, struct told *told,
                 struct error *err)
{
    const struct contract *contract = fold->kinds->aggregates[place]->contract;
    struct ids *ids = &told->at[told->count].ids;

    if (!find(fold, txn, place, subscription, happened, after, ids, err)) return false;
    for (uint32_t i = 0; i < ids->count; i++)
        if (!evolve(fold, txn, place, (unsigned)contract->event_count + subscription, ids->at[i],
                    happened, err))
            return false;
    told->at[told->count].aggregate = place;
    told->at[told->count].subscription = subscription;
    if (ids->count > 0) told->count++;
    return true;
}

static size_t place_of(const struct kinds *kinds, const struct aggregate *aggregate)
{
    size_t place = 0;

    while (kinds->aggregates[place] != aggregate)
        place++;
    return place;
}

/* One that is named again stays of the ring that had it. */
static bool name_key(struct txn *txn, struct id owner, struct id named, struct owner_key *key,
                     struct error *err)
{
    struct owner_key before;
    struct named_ring ring;

    if (!key_get(txn, owner, &before, err) || !key_ring_get(txn, &ring, err)) return false;
    key->key = named;
    key->ring = before.is_there && id_equal(before.key, named) ? before.ring : ring.number;
    return true;
}

static bool keep_key(struct txn *txn, const struct happened *happened, struct error *err)
{
    const struct field *field = happened->kind->sealed;
    const char *body = happened->body;
    struct owner_key key = {.is_there = true};
    const struct sealed *sealed;
    struct id owner = happened->envelope->aggregate;

    if (happened->kind->is_erasure) {
        if (!key_get(txn, owner, &key, err)) return false;
        if (!key.is_there) return true;
        key.is_erased = true;
    } else if (field != NULL && (field->present == NO_FLAG || body[field->present] != 0)) {
        sealed = (const struct sealed *)(const void *)(body + field->offset);
        owner = sealed->owner;
        if (!name_key(txn, owner, sealed->key, &key, err)) return false;
    } else {
        return true;
    }
    return key_put(txn, owner, &key, err);
}

bool fold_event(struct fold *fold, struct txn *txn, const struct happened *happened,
                struct told *told, struct error *err)
{
    const struct kind *kind = happened->kind;

    told->count = 0;
    fold->told_count = 0;
    fold->counted = 0;
    if (kind->owner != NULL) {
        if (!evolve(fold, txn, place_of(fold->kinds, kind->owner), kind->type,
                    happened->envelope->aggregate, happened, err))
            return false;
        if (!keep_key(txn, happened, err)) return false;
    }
    for (size_t i = 0; i < kind->subscriber_count; i++)
        if (!tell(fold, txn, kind->subscribers[i].aggregate, kind->subscribers[i].subscription,
                  happened, (struct id){{0}}, told, err))
            return false;
    return strikes_keep(txn, happened, fold->counted, fold->service, err);
}

bool fold_more(struct fold *fold, struct txn *txn, const struct happened *happened,
               const struct deadline *deadline, struct told *told, struct error *err)
{
    const struct kind *kind = happened->kind;

    told->count = 0;
    for (size_t i = 0; i < kind->subscriber_count; i++)
        if (kind->subscribers[i].aggregate == deadline->aggregate)
            return tell(fold, txn, deadline->aggregate, kind->subscribers[i].subscription, happened,
                        deadline->after, told, err);
    return true;
}

/* Deadlines that were fired. */

static const char more_prefix[] = "more.";

struct journal_fired fold_fire(const struct fold *fold, const struct deadline *deadline,
                               bool is_late)
{
    struct journal_fired fired = {.id = deadline->id,
                                  .due = {deadline->due_ms},
                                  .late = is_late,
                                  .has_after = !id_equal(deadline->after, (struct id){{0}}),
                                  .after = deadline->after};

    snprintf(fired.aggregate, sizeof fired.aggregate, "%s%s", deadline->is_more ? more_prefix : "",
             fold->kinds->aggregates[deadline->aggregate]->contract->name);
    return fired;
}

static bool deadline_of(const struct fold *fold, const struct journal_fired *fired,
                        struct deadline *deadline)
{
    const size_t prefix = sizeof more_prefix - 1;
    const char *name = fired->aggregate;

    *deadline = (struct deadline){.id = fired->id, .due_ms = fired->due.ms};
    if (fired->has_after) deadline->after = fired->after;
    deadline->is_more = strncmp(name, more_prefix, prefix) == 0;
    if (deadline->is_more) name += prefix;
    for (size_t i = 0; i < fold->kinds->aggregate_count; i++) {
        if (strcmp(fold->kinds->aggregates[i]->contract->name, name) != 0) continue;
        deadline->aggregate = i;
        return true;
    }
    return false;
}

bool fold_fired(struct fold *fold, struct txn *txn, const struct journal_fired *fired,
                struct error *err)
{
    struct deadline deadline;

    if (!deadline_of(fold, fired, &deadline))
        return error_set(err, ERROR_BROKEN, "fold", "a deadline of %s, which is not here",
                         fired->aggregate);
    return deadline_drop(txn, fold->kinds, &deadline, err);
}

/* Inputs set aside. */

bool fold_release(struct fold *fold, struct txn *txn, struct id input, struct error *err)
{
    struct journal_set_aside entry;
    struct deadline deadline;
    bool is_there;

    if (!quarantine_release(txn, input, &is_there, &entry, err)) return false;
    if (!is_there || !entry.has_fired || !deadline_of(fold, &entry.fired, &deadline)) return true;
    return deadline_put(txn, fold->kinds, &deadline, err);
}

/* The end of a batch. */

bool fold_end(struct fold *fold, struct txn *txn, const struct journal_header *header,
              struct position head, struct error *err)
{
    const struct strikes_ended ended = {(uint64_t)header->number, header->at.ms};

    (void)fold;
    for (uint32_t i = 0; header->has_subscribed && i < header->subscribed.count; i++)
        if (!state_put_wanted(txn, &header->subscribed.at[i], err)) return false;
    for (uint32_t i = 0; i < header->positions.count; i++)
        if (!state_put_position(txn, &header->positions.at[i], err)) return false;
    for (uint32_t i = 0; header->has_parted && i < header->parted.count; i++)
        if (!state_take_back(txn, &header->parted.at[i], err)) return false;
    for (uint32_t i = 0; header->has_all_struck && i < header->all_struck.count; i++)
        if (!strikes_end(txn, header->all_struck.at[i], &ended, err)) return false;
    return answer_expire(txn, header, err) && state_put_stands(txn, &head, err);
}

/* Replay. */

/* An event that was struck in this journal: what it counted for when it still told. */
static bool look_if_struck(struct fold *fold, uint64_t number, struct journal *journal,
                           struct error *err)
{
    struct journal_strike strike;
    struct txn *read;
    bool is_ok;

    fold->is_struck = false;
    if (!fold->envelope.has_was || journal == NULL) return true;
    if ((read = journal_begin_read(journal, err)) == NULL) return false;
    is_ok = journal_struck(read, number, &fold->is_struck, &strike, err);
    txn_abort(read);
    if (is_ok && fold->is_struck) fold->was_counted = (uint64_t)strike.counted;
    return is_ok;
}

static bool replay_event(struct fold *fold, struct bytes row, uint64_t number,
                         struct happened *happened, struct error *err)
{
    struct bytes body;

    if (!row_read(row, &fold->envelope, &body, err)) return false;
    *happened = (struct happened){
        .envelope = &fold->envelope,
        .kind = kinds_find(fold->kinds, fold->envelope.type, strlen(fold->envelope.type)),
        .body = fold->body,
        .number = number,
    };
    if (happened->kind == NULL) {
        if (strcmp(fold->envelope.service, fold->service) != 0) return true; /* no longer wanted */
        return error_set(err, ERROR_BROKEN, "upgrade_me",
                         "The journal holds %s, which only a newer version knows.",
                         fold->envelope.type);
    }
    return unpack(happened->kind->descriptor, body.at, body.size, fold->body, err);
}

static bool replay_more(struct fold *fold, struct txn *txn, const struct journal_fired *fired,
                        struct journal *journal, struct error *err)
{
    struct txn *read = NULL;
    struct happened happened;
    struct deadline deadline;
    struct told told;
    struct bytes row;
    bool is_ok = false;

    if (!deadline_of(fold, fired, &deadline) || !deadline.is_more) return true;
    if ((read = journal_begin_read(journal, err)) == NULL) return false;
    if (!journal_row(read, deadline_number(fired->id), &row, err)) goto done;
    if (!replay_event(fold, row, deadline_number(fired->id), &happened, err)) goto done;
    is_ok = happened.kind == NULL || fold_more(fold, txn, &happened, &deadline, &told, err);
done:
    txn_abort(read);
    return is_ok;
}

static bool replay_retold(struct fold *fold, struct txn *txn, struct id input,
                          struct journal *journal, struct error *err)
{
    struct txn *read = NULL;
    struct journal_set_aside entry;
    struct happened happened;
    struct told told;
    struct bytes row;
    bool is_there, is_ok = false;

    if (!quarantine_get(txn, input, &is_there, &entry, err)) return false;
    if (!is_there)
        return error_set(err, ERROR_BROKEN, "fold", "an event told that was not set aside");
    if (!quarantine_drop(txn, &entry, err)) return false;
    if ((read = journal_begin_read(journal, err)) == NULL) return false;
    if (!journal_row(read, (uint64_t)entry.event, &row, err)) goto done;
    if (!replay_event(fold, row, (uint64_t)entry.event, &happened, err) ||
        !look_if_struck(fold, (uint64_t)entry.event, journal, err))
        goto done;
    is_ok = happened.kind == NULL || fold_event(fold, txn, &happened, &told, err);
    fold->is_struck = false;
done:
    txn_abort(read);
    return is_ok;
}

static bool is_set_aside(const struct journal_header *header, int64_t event)
{
    for (uint32_t i = 0; i < header->quarantined.count; i++)
        if (header->quarantined.at[i].has_event && header->quarantined.at[i].event == event)
            return true;
    return false;
}

static bool replay_quarantine(struct fold *fold, struct txn *txn,
                              const struct journal_header *header, struct error *err)
{
    for (uint32_t i = 0; i < header->quarantined.count; i++)
        if (!quarantine_put(txn, header, &header->quarantined.at[i], err)) return false;
    for (uint32_t i = 0; header->has_released && i < header->released.count; i++)
        if (!fold_release(fold, txn, header->released.at[i], err)) return false;
    return true;
}

bool fold_batch(struct fold *fold, struct txn *txn, const struct journal_header *header,
                const struct bytes *rows, struct position head, struct journal *journal,
                struct error *err)
{
    struct happened happened;
    struct told told;

    if (header->has_ring && !key_ring_put(txn, header->ring, err)) return false;
    for (uint32_t i = 0; i < header->fired.count; i++) {
        if (!fold_fired(fold, txn, &header->fired.at[i], err)) return false;
        if (!replay_more(fold, txn, &header->fired.at[i], journal, err)) return false;
    }
    for (uint32_t i = 0; header->has_retold && i < header->retold.count; i++)
        if (!replay_retold(fold, txn, header->retold.at[i], journal, err)) return false;
    for (int64_t i = 0; i < header->events; i++) {
        if (is_set_aside(header, header->first + i)) continue;
        if (!replay_event(fold, rows[i], (uint64_t)(header->first + i), &happened, err) ||
            !look_if_struck(fold, (uint64_t)(header->first + i), journal, err))
            return false;
        if (happened.kind != NULL && !fold_event(fold, txn, &happened, &told, err)) return false;
        fold->is_struck = false;
    }
    for (uint32_t i = 0; i < header->commands.count; i++)
        if (!answer_put(txn, &header->commands.at[i], (uint64_t)header->number, err)) return false;
    if (!replay_quarantine(fold, txn, header, err)) return false;
    return fold_end(fold, txn, header, head, err);
}

/* One batch of a store's; *is_last when there is none with that number. */
static bool forward_one(struct fold *fold, struct txn *txn, struct txn *read, uint64_t number,
                        struct journal *journal, bool *is_last, struct error *err)
{
    struct batch_view view;
    struct position head = {.batch = number};

    if (!journal_batch(read, number, &view, err)) return false;
    *is_last = view.header.at == NULL;
    if (*is_last) return true;
    if (view.events > BATCH_EVENTS)
        return error_set(err, ERROR_BROKEN, "journal", "batch %llu claims %u events",
                         (unsigned long long)number, view.events);
    if (!unpack(&journal_header_descriptor, view.header.at, view.header.size, fold->header, err))
        return false;
    for (uint32_t i = 0; i < view.events; i++)
        if (!journal_row(read, view.first + i, &fold->rows[i], err)) return false;
    head.epoch = fold->header->epoch;
    memcpy(head.hash, view.hash, HASH_SIZE);
    return fold_batch(fold, txn, fold->header, fold->rows, head, journal, err);
}

bool fold_forward(struct fold *fold, struct store *state, struct journal *journal, uint64_t until,
                  struct error *err)
{
    const uint64_t between_commits = 512; /* batches */
    struct txn *read = NULL, *txn = txn_begin_write(state, err);
    struct position stands;
    bool is_last = false;

    if (txn == NULL) return false;
    if (!state_stands(txn, &stands, err)) goto failed;
    while (!is_last) {
        if ((read = journal_begin_read(journal, err)) == NULL) goto failed;
        for (uint64_t i = 0; i < between_commits && !is_last; i++) {
            if (until != 0 && stands.batch == until)
                is_last = true;
            else if (!forward_one(fold, txn, read, ++stands.batch, journal, &is_last, err))
                goto failed;
        }
        txn_abort(read);
        read = NULL;
        if (!txn_commit(txn, err)) return false;
        if ((txn = txn_begin_write(state, err)) == NULL) return false;
    }
    txn_abort(txn);
    return true;

failed:
    txn_abort(read);
    txn_abort(txn);
    return false;
}
