/* What is known of a meeting after each of its mentorship's events. */
#include "mentor_meeting/mentor_meeting.h"

static void write_meeting(struct mentor_meeting *row, struct id mentorship,
                          const struct mentorship_whose *whose, struct date on, int64_t minutes,
                          enum mentorship_party by)
{
    row->mentorship = mentorship;
    row->mentor = whose->mentor;
    row->participant = whose->participant;
    row->on = on;
    row->minutes = minutes;
    row->by = by;
}

static void confirm(struct mentor_meeting *row, const struct mentorship_meeting_confirmed *said)
{
    row->has_confirmed_by = true;
    row->confirmed_by = said->by;
    row->has_confirmed_minutes = true;
    row->confirmed_minutes = said->minutes;
    row->minutes += said->added;
}

void mentor_meeting_evolve(struct mentor_meeting *row, const struct mentor_meeting_event *event)
{
    const struct mentorship_started *first = &event->mentorship_started;
    const struct mentorship_meeting_logged *next = &event->mentorship_meeting_logged;

    switch (event->type) {
    case MENTOR_MEETING_AFTER_MENTORSHIP_STARTED:
        write_meeting(row, event->id, &event->mentorship_whose, first->on, first->minutes,
                      first->by);
        return;
    case MENTOR_MEETING_AFTER_MENTORSHIP_MEETING_LOGGED:
        write_meeting(row, event->id, &event->mentorship_whose, next->on, next->minutes, next->by);
        return;
    case MENTOR_MEETING_AFTER_MENTORSHIP_MEETING_CONFIRMED:
        confirm(row, &event->mentorship_meeting_confirmed);
        return;
    case MENTOR_MEETING_AFTER_MENTORSHIP_UNDONE: row->has_struck = row->struck = true; return;
    }
    bug("mentor_meeting_evolve: event type %u", event->type);
}
