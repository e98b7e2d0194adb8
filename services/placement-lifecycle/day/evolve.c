/* What a line is after each of its placement's events. */
#include "day/day.h"

#include "core/trait.h"

static void write_line(struct day *row, struct id placement,
                       const struct placement_day_logged *said)
{
    row->state = DAY_STATE_LOGGED;
    row->placement = placement;
    row->participant = said->participant;
    row->host = said->host;
    row->has_agency = said->has_agency;
    row->agency = said->agency;
    row->on = said->on;
    row->minutes = said->minutes;
    row->activity = said->activity;
    row->has_corrects = said->has_corrects;
    row->corrects = said->corrects;
    row->has_was_disputed = said->has_was_disputed;
    row->was_disputed = said->was_disputed;
    row->has_supervisor = said->has_supervisor;
    row->supervisor = said->supervisor;
    row->has_recorded_of = said->has_recorded_of;
    row->recorded_of = said->recorded_of;
    row->has_recorded_told = said->has_recorded_told;
    row->recorded_told = said->recorded_told;
}

static void answer(struct day *row, enum day_state state, bool is_recorded, enum told_how told)
{
    row->state = state;
    row->has_answer_told = is_recorded;
    row->answer_told = told;
}

static void strike(struct day *row, const struct placement_day_struck *said)
{
    row->state = DAY_STATE_STRUCK;
    row->has_struck_of = said->has_recorded_of;
    row->struck_of = said->recorded_of;
    row->has_struck_told = said->has_recorded_told;
    row->struck_told = said->recorded_told;
}

void day_evolve(struct day *row, const struct day_event *event)
{
    switch (event->type) {
    case DAY_AFTER_PLACEMENT_DAY_LOGGED: /* told to the new line and to the one that it corrects */
        if (row->state == DAY_STATE_NONE)
            write_line(row, event->id, &event->placement_day_logged);
        else
            row->state = DAY_STATE_CORRECTED;
        return;
    case DAY_AFTER_PLACEMENT_DAY_AGREED:
        answer(row, DAY_STATE_AGREED, event->placement_day_agreed.has_recorded_told,
               event->placement_day_agreed.recorded_told);
        return;
    case DAY_AFTER_PLACEMENT_DAY_DISPUTED:
        answer(row, DAY_STATE_DISPUTED, event->placement_day_disputed.has_recorded_told,
               event->placement_day_disputed.recorded_told);
        return;
    case DAY_AFTER_PLACEMENT_DAY_STRUCK: strike(row, &event->placement_day_struck); return;
    case DAY_AFTER_PLACEMENT_SUPERVISOR_REPLACED:
        row->has_supervisor = true;
        row->supervisor = event->placement_supervisor_replaced.supervisor;
        return;
    case DAY_AFTER_PLACEMENT_SUPERVISOR_LEFT:
        row->has_supervisor = false;
        row->supervisor = (struct id){{0}};
        return;
    case DAY_AFTER_PERSON: traits_clear(&day_descriptor, row, TRAIT_ABSENCE); return;
    }
    bug("day_evolve: event type %u", event->type);
}
