/* What a posting is after each event. Nothing is checked here: it has already happened. */
#include "posting/posting.h"

static void count(struct posting *row, int64_t change)
{
    row->taken += change;
    row->full = row->taken >= row->details.seats;
}

/* The period's end is a deadline only while somebody could be planned for it. */
static void move(struct posting *row, enum posting_state next)
{
    row->state = next;
    if (next == POSTING_STATE_PUBLISHED || next == POSTING_STATE_PAUSED) return;
    row->has_due = false;
    row->due = (struct instant){0};
}

static void write_down(struct posting *row, const struct posting_writer *by,
                       const struct posting_details *details)
{
    row->editor = *by;
    row->details = *details;
    count(row, 0);
}

static void stop(struct posting *row, enum posting_state next, enum posting_reason reason)
{
    move(row, next);
    row->has_reason = true;
    row->reason = reason;
}

static void create(struct posting *row, const struct posting_created *said)
{
    row->state = POSTING_STATE_DRAFT;
    row->host = said->host;
    row->author = said->by;
    write_down(row, &said->by, &said->details);
}

static void submit(struct posting *row)
{
    move(row, POSTING_STATE_SUBMITTED);
    row->has_remarks = false;
    row->remarks = (struct posting_remarks){0};
}

void posting_evolve(struct posting *row, const struct posting_event *event)
{
    switch (event->type) {
    case POSTING_CREATED: create(row, &event->posting_created); return;
    case POSTING_CHANGED:
        write_down(row, &event->posting_changed.by, &event->posting_changed.details);
        return;
    case POSTING_SUBMITTED: submit(row); return;
    case POSTING_RETURNED:
        move(row, POSTING_STATE_RETURNED);
        row->has_remarks = true;
        row->remarks = event->posting_returned.remarks;
        return;
    case POSTING_PUBLISHED:
        move(row, POSTING_STATE_PUBLISHED);
        row->has_due = true;
        row->due = event->posting_published.due;
        return;
    case POSTING_PAUSED: move(row, POSTING_STATE_PAUSED); return;
    case POSTING_RESUMED: move(row, POSTING_STATE_PUBLISHED); return;
    case POSTING_CLOSED: stop(row, POSTING_STATE_CLOSED, event->posting_closed.reason); return;
    case POSTING_WITHDRAWN:
        stop(row, POSTING_STATE_WITHDRAWN, event->posting_withdrawn.reason);
        return;
    case POSTING_ARCHIVED: move(row, POSTING_STATE_ARCHIVED); return;
    case POSTING_AFTER_PLACEMENT_PLANNED: count(row, 1); return;
    case POSTING_AFTER_PLACEMENT_NO_SHOW_REPORTED:
    case POSTING_AFTER_PLACEMENT_ENDED:
    case POSTING_AFTER_PLACEMENT_COMPLETED:
    case POSTING_AFTER_PLACEMENT_CANCELLED: count(row, -1); return;
    }
    bug("posting_evolve: event type %u", event->type);
}

struct instant posting_due(const struct posting *row, unsigned *command)
{
    *command = POSTING_EXPIRE;
    return row->has_due ? row->due : (struct instant){0};
}
