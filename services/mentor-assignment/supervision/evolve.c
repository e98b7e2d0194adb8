/* Who supervises whom after each event of a placement. */
#include "supervision/supervision.h"

static void meet(struct supervision *row, const struct placement_requirement_met *met)
{
    if (met->kind != PLACEMENT_REQUIREMENT_SUPERVISOR || !met->has_supervisor) return;
    row->state = SUPERVISION_STATE_CURRENT;
    row->participant = met->participant;
    row->supervisor = met->supervisor;
}

static bool is_open(enum placement_restored state)
{
    return state != PLACEMENT_RESTORED_COMPLETED && state != PLACEMENT_RESTORED_ENDED_EARLY;
}

/* It is not over after all. */
static void take_back(struct supervision *row, const struct placement_undone *said)
{
    if (said->has_state && is_open(said->state) && said->has_supervisor)
        row->state = SUPERVISION_STATE_CURRENT;
}

void supervision_evolve(struct supervision *row, const struct supervision_event *event)
{
    switch (event->type) {
    case SUPERVISION_AFTER_PLACEMENT_REQUIREMENT_MET:
        meet(row, &event->placement_requirement_met);
        return;
    case SUPERVISION_AFTER_PLACEMENT_SUPERVISOR_REPLACED:
        row->supervisor = event->placement_supervisor_replaced.supervisor;
        return;
    case SUPERVISION_AFTER_PLACEMENT_SUPERVISOR_LEFT: /* until there is another one */
        row->supervisor = (struct id){{0}};
        return;
    case SUPERVISION_AFTER_PLACEMENT_REQUIREMENT_LOST:
        if (event->placement_requirement_lost.kind == PLACEMENT_REQUIREMENT_SUPERVISOR)
            row->state = SUPERVISION_STATE_OVER;
        return;
    case SUPERVISION_AFTER_PLACEMENT_UNDONE: take_back(row, &event->placement_undone); return;
    case SUPERVISION_AFTER_PLACEMENT_NO_SHOW_REPORTED:
    case SUPERVISION_AFTER_PLACEMENT_ENDED:
    case SUPERVISION_AFTER_PLACEMENT_COMPLETED:
    case SUPERVISION_AFTER_PLACEMENT_CANCELLED: row->state = SUPERVISION_STATE_OVER; return;
    }
    bug("supervision_evolve: event type %u", event->type);
}
