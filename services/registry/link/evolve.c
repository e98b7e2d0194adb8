/* What a link is after each event. Nothing is checked here: it has already happened. */
#include "link/link.h"

bool link_is_left(enum link_state state)
{
    return state == LINK_STATE_AGREED || state == LINK_STATE_RUNNING ||
           state == LINK_STATE_COMPLETED;
}

bool link_is_open(const struct link *row, struct instant at)
{
    return row->state == LINK_STATE_AGREED || row->state == LINK_STATE_RUNNING ||
           (row->has_until && at.ms < row->until.ms);
}

bool link_is_shown(const struct link *row, struct instant at)
{
    return row->state == LINK_STATE_PROPOSED || link_is_open(row, at);
}

bool link_is_agreed(const struct link *row)
{
    return row->kind == LINK_KIND_MENTORSHIP || row->agreement;
}

/* What was completed counts no more where all of it was, and the referral begins anew. */
static void after_reopened(struct link *row, const struct referral_reopened *said)
{
    if (said->anew && row->state == LINK_STATE_COMPLETED) row->earlier = true;
}

static void be_mentorship(struct link *row, enum link_state state,
                          const struct mentorship_whose *whose)
{
    row->kind = LINK_KIND_MENTORSHIP;
    row->state = state;
    row->referral = whose->referral;
    row->participant = whose->participant;
    row->has_other = true;
    row->other = whose->mentor;
}

static void bind(struct link *row)
{
    row->has_bound = row->bound = true;
}

static void planned(struct link *row, const struct placement_planned *said)
{
    row->kind = LINK_KIND_PLACEMENT;
    row->state = LINK_STATE_AGREED;
    bind(row);
    row->referral = said->referral;
    row->participant = said->participant;
    row->agreement = false;
    row->has_host = true;
    row->host = said->host;
}

static void set_supervisor(struct link *row, bool has, struct id supervisor)
{
    row->has_other = has;
    row->other = has ? supervisor : (struct id){{0}};
}

static void requirement_met(struct link *row, const struct placement_requirement_met *said)
{
    if (said->kind == PLACEMENT_REQUIREMENT_SUPERVISOR && said->has_supervisor)
        set_supervisor(row, true, said->supervisor);
    if (said->kind == PLACEMENT_REQUIREMENT_AGREEMENT) row->agreement = true;
}

static void requirement_lost(struct link *row, const struct placement_requirement_lost *said)
{
    if (said->kind == PLACEMENT_REQUIREMENT_SUPERVISOR)
        set_supervisor(row, false, (struct id){{0}});
    if (said->kind == PLACEMENT_REQUIREMENT_AGREEMENT) row->agreement = false;
}

static void placement_started(struct link *row, const struct placement_started *said)
{
    row->state = LINK_STATE_RUNNING;
    set_supervisor(row, true, said->supervisor);
}

enum link_state link_of_mentorship(enum mentorship_restored state)
{
    switch (state) {
    case MENTORSHIP_RESTORED_PROPOSED:
    case MENTORSHIP_RESTORED_OFFERED:
    case MENTORSHIP_RESTORED_ACCEPTED: return LINK_STATE_PROPOSED;
    case MENTORSHIP_RESTORED_AGREED: return LINK_STATE_AGREED;
    case MENTORSHIP_RESTORED_ACTIVE:
    case MENTORSHIP_RESTORED_ON_HOLD: return LINK_STATE_RUNNING;
    }
    bug("link_of_mentorship: %u", state);
}

enum link_state link_of_placement(enum placement_restored state)
{
    switch (state) {
    case PLACEMENT_RESTORED_PLANNED:
    case PLACEMENT_RESTORED_READY: return LINK_STATE_AGREED;
    case PLACEMENT_RESTORED_STARTED:
    case PLACEMENT_RESTORED_INTERRUPTED: return LINK_STATE_RUNNING;
    case PLACEMENT_RESTORED_COMPLETED: return LINK_STATE_COMPLETED;
    case PLACEMENT_RESTORED_ENDED_EARLY: return LINK_STATE_ENDED;
    }
    bug("link_of_placement: %u", state);
}

/* A step was taken back. What goes on after all is nobody's to look back at yet. */
static void stand_again(struct link *row, enum link_state state)
{
    row->state = state;
    if (state != LINK_STATE_AGREED && state != LINK_STATE_RUNNING) return;
    row->has_until = row->earlier = false;
    row->until = (struct instant){0};
}

void link_evolve(struct link *row, const struct link_event *event)
{
    switch (event->type) {
    case LINK_CLOSED:
        row->has_until = true;
        row->until = event->link_closed.until;
        return;
    case LINK_AFTER_REFERRAL_REOPENED: after_reopened(row, &event->referral_reopened); return;
    case LINK_AFTER_MENTORSHIP_PROPOSED: /* may be heard late, when the rest is known */
        if (row->state == LINK_STATE_NONE)
            be_mentorship(row, LINK_STATE_PROPOSED, &event->mentorship_whose);
        return;
    case LINK_AFTER_MENTORSHIP_AGREED:
        be_mentorship(row, LINK_STATE_AGREED, &event->mentorship_whose);
        bind(row);
        return;
    case LINK_AFTER_MENTORSHIP_STARTED: row->state = LINK_STATE_RUNNING; return;
    case LINK_AFTER_MENTORSHIP_COMPLETED:
    case LINK_AFTER_PLACEMENT_COMPLETED: row->state = LINK_STATE_COMPLETED; return;
    case LINK_AFTER_MENTORSHIP_UNDONE:
        stand_again(row, link_of_mentorship(event->mentorship_undone.state));
        return;
    case LINK_AFTER_PLACEMENT_UNDONE:
        if (event->placement_undone.has_state)
            stand_again(row, link_of_placement(event->placement_undone.state));
        return;
    case LINK_AFTER_MENTORSHIP_DECLINED:
    case LINK_AFTER_MENTORSHIP_ENDED:
    case LINK_AFTER_MENTORSHIP_WITHDRAWN:
    case LINK_AFTER_MENTORSHIP_EXPIRED:
    case LINK_AFTER_MENTORSHIP_SUPERSEDED:
    case LINK_AFTER_PLACEMENT_NO_SHOW_REPORTED:
    case LINK_AFTER_PLACEMENT_ENDED:
    case LINK_AFTER_PLACEMENT_CANCELLED: row->state = LINK_STATE_ENDED; return;
    case LINK_AFTER_PLACEMENT_PLANNED: planned(row, &event->placement_planned); return;
    case LINK_AFTER_PLACEMENT_REQUIREMENT_MET:
        requirement_met(row, &event->placement_requirement_met);
        return;
    case LINK_AFTER_PLACEMENT_REQUIREMENT_LOST:
        requirement_lost(row, &event->placement_requirement_lost);
        return;
    case LINK_AFTER_PLACEMENT_SUPERVISOR_REPLACED:
        set_supervisor(row, true, event->placement_supervisor_replaced.supervisor);
        return;
    case LINK_AFTER_PLACEMENT_SUPERVISOR_LEFT: set_supervisor(row, false, (struct id){{0}}); return;
    case LINK_AFTER_PLACEMENT_STARTED: placement_started(row, &event->placement_started); return;
    }
    bug("link_evolve: event type %u", event->type);
}
