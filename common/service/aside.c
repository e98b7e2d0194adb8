/* Poison messages: whether an input may be tried, and how it is named when it may not; rows that
 * are about the same aggregate wait behind it. */
#include <string.h>

#include "base/log.h"
#include "core/text.h"
#include "fold/quarantine.h"
#include "service/meters.h"
#include "service/trial.h"
#include "service/writer.h"
#include "store/store.h"

static bool is_named_full(const struct journal_header *header)
{
    return header->quarantined.count ==
           sizeof header->quarantined.at / sizeof header->quarantined.at[0];
}

enum attempt attempt_of(struct writer *writer, struct id input)
{
    switch (trial_of(writer->running->trial, input)) {
    case TRIAL_FINE: return ATTEMPT_NOW;
    case TRIAL_ALONE: break;
    case TRIAL_QUARANTINE:
        if (!is_named_full(&writer->batch->header)) return ATTEMPT_NEVER;
        writer->is_closed = true;
        return ATTEMPT_LATER;
    }
    writer->is_closed = true; /* whether it waits for the next batch, or is alone in this one */
    if (batch_is_empty(writer->batch)) return ATTEMPT_NOW;
    writer->alone = writer->way;
    return ATTEMPT_LATER;
}

/* What the store says is the disk's fault, and what is refused nobody's: neither ends by leaving the
 * input out. */
bool attempt_end(struct writer *writer, bool is_ok, const struct error *err)
{
    trial_end(writer->running->trial,
              !is_ok && err->kind == ERROR_BROKEN && strcmp(err->code, store_trouble) != 0);
    return is_ok;
}

bool set_aside(struct writer *writer, const struct journal_quarantine *named, struct error *err)
{
    struct journal_header *header = &writer->batch->header;
    char text[ID_TEXT_SIZE];

    id_write(named->id, text);
    if (named->behind) {
        log_warning("waits_behind", "input=%s what=%s", text, named->what);
    } else {
        log_error("quarantined", "input=%s what=%s", text, named->what);
        metrics_count(&writer->running->meters->quarantined, 1);
        trial_forgive(writer->running->trial, named->id);
    }
    header->quarantined.at[header->quarantined.count++] = *named;
    writer->is_closed = writer->is_closed || is_named_full(header);
    writer->has_set_aside = true;
    return quarantine_put(writer->txn, header, named, err);
}

bool set_row_aside(struct writer *writer, struct bytes row, struct id input, bool is_behind,
                   struct error *err)
{
    const struct journal_header *header = &writer->batch->header;
    struct journal_quarantine named = {.id = input, .has_event = true, .has_about = true};
    struct journal_event envelope;
    struct bytes body;

    if (!row_read(row, &envelope, &body, err)) return false;
    named.event = header->first + header->events;
    named.about = envelope.aggregate;
    named.has_behind = named.behind = is_behind;
    text_copy(named.what, sizeof named.what, envelope.type);
    if (!batch_add_row(writer->batch, row))
        return error_set(err, ERROR_BROKEN, "row", "an event's row is too large");
    return set_aside(writer, &named, err);
}

bool is_row_behind(struct writer *writer, struct bytes row, bool *is_behind, struct error *err)
{
    struct journal_event envelope;
    struct bytes body;

    *is_behind = false;
    return !writer->has_set_aside ||
           (row_read(row, &envelope, &body, err) &&
            quarantine_holds(writer->txn, envelope.aggregate, is_behind, err));
}

static bool count_one(void *cookie, const struct journal_set_aside *entry)
{
    (void)entry;
    return ++*(int64_t *)cookie > 0;
}

static bool note_one(void *cookie, const struct journal_set_aside *entry)
{
    (void)entry;
    *(bool *)cookie = true;
    return false;
}

bool aside_look(struct writer *writer, struct error *err)
{
    writer->has_set_aside = writer->has_released = false;
    if (!quarantine_scan(writer->txn, NULL, note_one, &writer->has_set_aside, err)) return false;
    return !writer->has_set_aside ||
           quarantine_next(writer->txn, &writer->has_released, &writer->released, err);
}

void aside_show(struct writer *writer)
{
    struct txn *txn;
    struct error err;
    int64_t count = 0;

    if (!writer->has_set_aside) {
        metrics_set(&writer->running->meters->aside, 0);
        return;
    }
    txn = txn_begin_read(writer->running->state, &err);
    if (txn != NULL && quarantine_scan(txn, NULL, count_one, &count, &err))
        metrics_set(&writer->running->meters->aside, count);
    txn_abort(txn);
}
