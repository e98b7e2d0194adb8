/* Of one after the other: each row that told something is read, struck and named in the header; the next turn finds
 * nothing more to strike. Whoever is found so is done when the files were gone through since. */
#include "service/striker.h"

#include <string.h>

#include "core/error.h"
#include "core/pack.h"
#include "core/trait.h"
#include "fold/kinds.h"
#include "fold/strikes.h"
#include "service/meters.h"
#include "service/writer.h"

enum {
    SCRUB_PAGES = 1024, /* at once */
    ENDED_MAX = 16,     /* of whom one header says that nothing is left */
};

/* Striking. */

/* The row without what may be struck; *is_other is false when it tells nothing of that. */
static bool strike_row(struct writer *writer, struct txn *read, struct bytes row, uint64_t number,
                       struct id who, const struct permission *permission,
                       uint8_t to[EVENT_STRUCK_MAX], size_t *size, bool *is_other,
                       struct error *err)
{
    struct journal_strike before;
    bool is_struck;

    struct journal_event envelope;
    const struct kind *kind;
    uint8_t packed[EVENT_STRUCK_MAX];
    size_t packed_size = sizeof packed;
    struct bytes body;

    *is_other = false;
    if (!row_read(row, &envelope, &body, err)) return false;
    kind = kinds_find(writer->kinds, envelope.type, strlen(envelope.type));
    if (kind == NULL ||
        !permission_covers(permission, number, &envelope, writer->running->service->name))
        return true;
    if (!unpack(kind->descriptor, body.at, body.size, writer->body, err)) return false;
    if (!strikes_name(kind->descriptor, envelope.aggregate, writer->body, who)) return true;
    traits_strike(kind->descriptor, writer->body, permission->traits);
    if (!pack(kind->descriptor, writer->body, packed, &packed_size, err)) return false;
    if (packed_size == body.size && memcmp(packed, body.at, body.size) == 0) return true;
    if (!journal_struck(read, number, &is_struck, &before, err)) return false;
    if (!is_struck) { /* here: what was taken from others may have come struck, and its batch has the hash of that */
        envelope.has_was = true;
        envelope.was.size = HASH_SIZE;
        row_hash(row, envelope.was.at);
    }
    *is_other = true;
    return row_write(&envelope, packed, packed_size, to, size, err);
}

/* *has_more: there is no room in this batch for all. */
static bool strike_who(struct writer *writer, struct txn *read, struct id who,
                       const struct permission *permission, bool *has_more, struct error *err)
{
    struct journal_header *header = &writer->batch->header;
    uint64_t number = 0, counted;

    for (;;) {
        uint8_t struck[EVENT_STRUCK_MAX];
        struct bytes row;
        bool is_other;
        size_t size;

        if (!strikes_told(writer->txn, who, number + 1, &number, &counted, err)) return false;
        *has_more = number != 0 && header->struck.count == BATCH_STRIKES;
        if (number == 0 || *has_more) return true;
        if (number >= (uint64_t)header->first) { /* not on disk yet */
            *has_more = true;
            return true;
        }
        if (!journal_row(read, number, &row, err) ||
            !strike_row(writer, read, row, number, who, permission, struck, &size, &is_other, err))
            return false;
        if (!is_other) continue;
        batch_add_strike(writer->batch,
                         &(struct journal_strike){.event = (int64_t)number,
                                                  .by = (int64_t)permission->by,
                                                  .counted = (int64_t)counted},
                         (struct bytes){struck, size});
    }
}

static void end(struct journal_header *header, struct id who)
{
    if (header->all_struck.count == ENDED_MAX) return;
    header->has_all_struck = true;
    header->all_struck.at[header->all_struck.count++] = who;
}

/* By one permission after the other: two may be for the same row. *is_behind: some of it is not on disk yet, or has not been
 * overwritten. */
static bool strike_permitted(struct writer *writer, struct txn *read, struct id who,
                             const struct permissions *permissions, bool *is_behind,
                             struct error *err)
{
    struct journal_header *header = &writer->batch->header;

    *is_behind = false;
    for (size_t i = 0; i < permissions->count && header->struck.count == 0; i++) {
        const struct permission *permission = &permissions->at[i];
        bool has_more = false;

        if (permission->by < (uint64_t)header->first &&
            !strike_who(writer, read, who, permission, &has_more, err))
            return false;
        *is_behind |= has_more || permission->by >= writer->striker.clean_before ||
                      permission->by >= (uint64_t)header->first;
    }
    return true;
}

/* One after the other, until there is something to strike: two may be named by the same row. */
static bool strike_next(struct writer *writer, struct txn *read, struct error *err)
{
    struct journal_header *header = &writer->batch->header;
    struct striker *striker = &writer->striker;
    struct permissions permissions;
    struct id who = {{0}};
    bool is_there, is_behind;

    for (;;) {
        if (!strikes_next(writer->txn, who, &is_there, &who, err)) return false;
        if (!is_there) return true;
        striker->has_work = true;
        if (!strikes_permitted(writer->txn, who, &permissions, err) ||
            !strike_permitted(writer, read, who, &permissions, &is_behind, err))
            return false;
        if (header->struck.count > 0) {
            striker->is_scrubbing = false;
            striker->clean_before = 0;
            return true;
        }
        if (!is_behind) end(header, who);
    }
}

bool striker_strike(struct writer *writer, struct error *err)
{
    struct journal_header *header = &writer->batch->header;
    struct id ignored;
    struct txn *read;
    bool is_ok;

    if (writer->is_closed || header->has_retold) return true;
    writer->striker.has_work = false;
    if (!strikes_next(writer->txn, (struct id){{0}}, &writer->striker.has_work, &ignored, err))
        return false;
    metrics_set(&writer->running->meters->to_strike, writer->striker.has_work);
    if (!writer->striker.has_work) return true;
    if ((read = journal_begin_read(writer->running->journal, err)) == NULL) return false;
    is_ok = strike_next(writer, read, err);
    txn_abort(read);
    metrics_count(&writer->running->meters->struck, header->struck.count);
    return is_ok;
}

/* Overwriting. */

bool striker_scrub(struct writer *writer, struct error *err)
{
    struct striker *striker = &writer->striker;
    struct running *running = writer->running;

    striker->is_held = false;
    if (!striker->has_work) return true;
    if (!striker->is_scrubbing) {
        striker->is_scrubbing = true;
        striker->began = journal_next(running->journal);
        striker->journal = striker->state = (struct scrub){.page = 0};
    }
    if (!journal_scrub(running->journal, &striker->journal, SCRUB_PAGES, err) ||
        !store_scrub(running->state, &striker->state, SCRUB_PAGES, err))
        return false;
    if (!striker->journal.is_done || !striker->state.is_done) return true;
    striker->is_scrubbing = false;
    striker->is_held = striker->journal.is_held || striker->state.is_held;
    if (!striker->is_held) striker->clean_before = striker->began;
    return true;
}
