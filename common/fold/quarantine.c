/* Three kinds of keys: ('I', input) leads to the packed entry; ('A', aggregate, number of the event)
 * to its input, so that those about one aggregate stand in order; ('R', aggregate) tells that they
 * are released. */
#include "fold/quarantine.h"

#include <stddef.h>
#include <string.h>

#include "core/error.h"
#include "core/pack.h"
#include "core/text.h"
#include "store/number.h"
#include "store/state.h"
#include "store/store.h"

enum { ENTRY_MAX = 512 };

struct id_key {
    uint8_t kind;
    struct id id;
};

struct event_key {
    uint8_t kind;
    struct id about;
    uint8_t number[8];
};

#define BYTES_OF(key) ((struct bytes){&(key), sizeof(key)})

static struct event_key event_key_of(struct id about, int64_t event)
{
    struct event_key key = {.kind = 'A', .about = about};

    number_write(key.number, (uint64_t)event);
    return key;
}

static bool unpack_entry(struct bytes value, struct journal_set_aside *entry, struct error *err)
{
    return unpack(&journal_set_aside_descriptor, value.at, value.size, entry, err);
}

bool quarantine_get(struct txn *txn, struct id input, bool *is_there,
                    struct journal_set_aside *entry, struct error *err)
{
    const struct id_key key = {'I', input};
    struct bytes value;

    if (!txn_get(txn, STATE_QUARANTINE, BYTES_OF(key), &value, err)) return false;
    *is_there = value.at != NULL;
    return !*is_there || unpack_entry(value, entry, err);
}

bool quarantine_put(struct txn *txn, const struct journal_header *header,
                    const struct journal_quarantine *named, struct error *err)
{
    const struct id_key key = {'I', named->id}, released = {'R', named->about};
    const struct event_key event = event_key_of(named->about, named->event);
    struct journal_set_aside entry = {
        .id = named->id,
        .at = header->at,
        .batch = header->number,
        .has_event = named->has_event,
        .event = named->event,
        .has_about = named->has_about,
        .about = named->about,
        .has_fired = named->has_fired,
        .fired = named->fired,
        .has_behind = named->has_behind,
        .behind = named->behind,
    };
    uint8_t packed[ENTRY_MAX];
    size_t size = sizeof packed;

    text_copy(entry.what, sizeof entry.what, named->what);
    if (!pack(&journal_set_aside_descriptor, &entry, packed, &size, err)) return false;
    if (!txn_put(txn, STATE_QUARANTINE, BYTES_OF(key), (struct bytes){packed, size}, err))
        return false;
    if (!named->has_event) return true;
    if (!named->behind && !txn_drop(txn, STATE_QUARANTINE, BYTES_OF(released), err)) return false;
    return txn_put(txn, STATE_QUARANTINE, BYTES_OF(event), BYTES_OF(named->id), err);
}

static bool note_one(void *cookie, struct bytes key, struct bytes value)
{
    (void)key;
    (void)value;
    *(bool *)cookie = true;
    return false;
}

bool quarantine_holds(struct txn *txn, struct id about, bool *holds, struct error *err)
{
    const struct id_key key = {'A', about};

    *holds = false;
    return txn_scan(txn, STATE_QUARANTINE, BYTES_OF(key), BYTES_OF(key), note_one, holds, err);
}

bool quarantine_drop(struct txn *txn, const struct journal_set_aside *entry, struct error *err)
{
    const struct id_key key = {'I', entry->id}, released = {'R', entry->about};
    const struct event_key event = event_key_of(entry->about, entry->event);
    bool holds;

    if (!txn_drop(txn, STATE_QUARANTINE, BYTES_OF(key), err)) return false;
    if (!entry->has_event) return true;
    if (!txn_drop(txn, STATE_QUARANTINE, BYTES_OF(event), err) ||
        !quarantine_holds(txn, entry->about, &holds, err))
        return false;
    return holds || txn_drop(txn, STATE_QUARANTINE, BYTES_OF(released), err);
}

bool quarantine_release(struct txn *txn, struct id input, bool *is_there,
                        struct journal_set_aside *entry, struct error *err)
{
    struct id_key released = {.kind = 'R'};

    if (!quarantine_get(txn, input, is_there, entry, err)) return false;
    if (!*is_there) return true;
    if (!entry->has_event) return quarantine_drop(txn, entry, err);
    released.id = entry->about;
    return txn_put(txn, STATE_QUARANTINE, BYTES_OF(released), (struct bytes){"", 0}, err);
}

static bool take_about(void *cookie, struct bytes bytes, struct bytes value)
{
    struct event_key *first = cookie;
    struct id_key key;

    (void)value;
    memcpy(&key, bytes.at, sizeof key);
    *first = (struct event_key){.kind = 'A', .about = key.id};
    return false;
}

static bool take_input(void *cookie, struct bytes key, struct bytes value)
{
    (void)key;
    memcpy(cookie, value.at, sizeof(struct id));
    return false;
}

bool quarantine_next(struct txn *txn, bool *is_there, struct journal_set_aside *entry,
                     struct error *err)
{
    static const struct bytes released = {"R", 1};
    struct event_key first = {.kind = 0};
    struct id input = {{0}};
    struct bytes prefix = {&first, offsetof(struct event_key, number)};

    *is_there = false;
    if (!txn_scan(txn, STATE_QUARANTINE, released, released, take_about, &first, err)) return false;
    if (first.kind == 0) return true;
    return txn_scan(txn, STATE_QUARANTINE, prefix, prefix, take_input, &input, err) &&
           quarantine_get(txn, input, is_there, entry, err);
}

struct scanning {
    quarantine_visit *visit;
    void *cookie;
    const struct id *after;
    struct error *err;
    bool is_broken;
};

static bool visit_one(void *cookie, struct bytes key, struct bytes value)
{
    struct scanning *scanning = cookie;
    struct journal_set_aside entry;

    (void)key;
    scanning->is_broken = !unpack_entry(value, &entry, scanning->err);
    if (scanning->is_broken) return false;
    if (scanning->after != NULL && id_equal(entry.id, *scanning->after)) return true;
    return scanning->visit(scanning->cookie, &entry);
}

bool quarantine_scan(struct txn *txn, const struct id *after, quarantine_visit *visit, void *cookie,
                     struct error *err)
{
    struct scanning scanning = {visit, cookie, after, err, false};
    const struct id_key from = {'I', after == NULL ? (struct id){{0}} : *after};

    return txn_scan(txn, STATE_QUARANTINE, (struct bytes){"I", 1}, BYTES_OF(from), visit_one,
                    &scanning, err) &&
           !scanning.is_broken;
}
