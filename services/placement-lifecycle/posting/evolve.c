/* What a posting is after each event. Nothing is checked here: it has already happened. */
#include "posting/posting.h"

#include "core/patch.h"

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
    row->has_editor = true;
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
    row->has_author = true;
    row->author = said->by;
    write_down(row, &said->by, &said->details);
}

static void submit(struct posting *row)
{
    move(row, POSTING_STATE_SUBMITTED);
    row->has_remarks = false;
    row->remarks = (struct posting_remarks){0};
}

/* As it was. */
static void take_back(struct posting *row, const struct posting_undone *said)
{
    static const enum posting_state states[] = {
        [POSTING_RESTORED_DRAFT] = POSTING_STATE_DRAFT,
        [POSTING_RESTORED_SUBMITTED] = POSTING_STATE_SUBMITTED,
        [POSTING_RESTORED_RETURNED] = POSTING_STATE_RETURNED,
        [POSTING_RESTORED_PUBLISHED] = POSTING_STATE_PUBLISHED,
        [POSTING_RESTORED_PAUSED] = POSTING_STATE_PAUSED,
        [POSTING_RESTORED_CLOSED] = POSTING_STATE_CLOSED,
        [POSTING_RESTORED_WITHDRAWN] = POSTING_STATE_WITHDRAWN,
    };

    row->state = states[said->state];
    patch_carry(&posting_before_descriptor, &said->before, &posting_descriptor, row);
}

/* How the step can be taken back that an event tells of; NULL: it cannot. */
static const struct posting_way_back *undo_of(const struct posting_event *event)
{
#define UNDO(said) (event->said.has_undo ? &event->said.undo : NULL)
    if (event->type == POSTING_PUBLISHED) return UNDO(posting_published);
    if (event->type == POSTING_CLOSED) return UNDO(posting_closed);
    if (event->type == POSTING_WITHDRAWN) return UNDO(posting_withdrawn);
    if (event->type == POSTING_ARCHIVED) return UNDO(posting_archived);
    return NULL;
#undef UNDO
}

/* A seat that is given back follows from nothing that was done here; whatever else happens does. */
static void keep_undo(struct posting *row, const struct posting_event *event)
{
    const struct posting_way_back *undo = undo_of(event);

    if (event->type > POSTING_AFTER_PLACEMENT_PLANNED) return;
    row->has_undo = undo != NULL;
    row->undo = undo != NULL ? *undo : (struct posting_way_back){0};
}

static void evolve(struct posting *row, const struct posting_event *event)
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
    case POSTING_UNDONE: take_back(row, &event->posting_undone); return;
    case POSTING_AFTER_PLACEMENT_UNDONE: /* what had given the seat back */
    case POSTING_AFTER_PLACEMENT_PLANNED: count(row, 1); return;
    case POSTING_AFTER_PLACEMENT_NO_SHOW_REPORTED:
    case POSTING_AFTER_PLACEMENT_ENDED:
    case POSTING_AFTER_PLACEMENT_COMPLETED:
    case POSTING_AFTER_PLACEMENT_CANCELLED: count(row, -1); return;
    }
    bug("posting_evolve: event type %u", event->type);
}

void posting_evolve(struct posting *row, const struct posting_event *event)
{
    evolve(row, event);
    keep_undo(row, event);
}

struct instant posting_due(const struct posting *row, unsigned *command)
{
    *command = POSTING_EXPIRE;
    return row->has_due ? row->due : (struct instant){0};
}
