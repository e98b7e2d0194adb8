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
    row->minutes += said->added;
    if (row->has_confirmed_by) {
        row->has_third = row->has_third_minutes = true;
        row->third = said->by;
        row->third_minutes = said->minutes;
        row->has_third_told = said->has_recorded_told;
        row->third_told = said->recorded_told;
        return;
    }
    row->has_confirmed_by = row->has_confirmed_minutes = true;
    row->confirmed_by = said->by;
    row->confirmed_minutes = said->minutes;
    row->has_confirmed_told = said->has_recorded_told;
    row->confirmed_told = said->recorded_told;
}

/* What was told last. */
static void take_back(struct mentor_meeting *row, const struct mentorship_undone *said)
{
    if (!said->confirmed) {
        row->has_struck = row->struck = true;
        return;
    }
    row->minutes -= said->added;
    if (row->has_third) {
        row->has_third = row->has_third_minutes = false;
        row->third = (enum mentorship_party)0;
        row->third_minutes = 0;
        row->has_third_told = false;
        row->third_told = (enum told_how)0;
        return;
    }
    row->has_confirmed_by = row->has_confirmed_minutes = false;
    row->confirmed_by = (enum mentorship_party)0;
    row->confirmed_minutes = 0;
    row->has_confirmed_told = false;
    row->confirmed_told = (enum told_how)0;
}

/* Each one's word is their own. */
static void correct(struct mentor_meeting *row, const struct mentorship_meeting_corrected *said)
{
    row->on = said->on;
    row->minutes = said->counts;
    if (row->has_confirmed_by && row->confirmed_by == said->by)
        row->confirmed_minutes = said->minutes;
    if (row->has_third && row->third == said->by) row->third_minutes = said->minutes;
    row->has_corrected_by = row->has_corrected_told = said->has_recorded_told;
    row->corrected_by = said->has_recorded_told ? said->by : (enum mentorship_party)0;
    row->corrected_told = said->recorded_told;
}

void mentor_meeting_evolve(struct mentor_meeting *row, const struct mentor_meeting_event *event)
{
    const struct mentorship_started *first = &event->mentorship_started;
    const struct mentorship_meeting_logged *next = &event->mentorship_meeting_logged;

    switch (event->type) {
    case MENTOR_MEETING_AFTER_MENTORSHIP_STARTED:
        write_meeting(row, event->id, &event->mentorship_whose, first->on, first->minutes,
                      first->by);
        row->has_told = first->has_recorded_told;
        row->told = first->recorded_told;
        return;
    case MENTOR_MEETING_AFTER_MENTORSHIP_MEETING_LOGGED:
        write_meeting(row, event->id, &event->mentorship_whose, next->on, next->minutes, next->by);
        row->has_told = next->has_recorded_told;
        row->told = next->recorded_told;
        return;
    case MENTOR_MEETING_AFTER_MENTORSHIP_MEETING_CONFIRMED:
        confirm(row, &event->mentorship_meeting_confirmed);
        return;
    case MENTOR_MEETING_AFTER_MENTORSHIP_MEETING_CORRECTED:
        correct(row, &event->mentorship_meeting_corrected);
        return;
    case MENTOR_MEETING_AFTER_MENTORSHIP_MEETING_STRUCK:
        row->has_struck = row->struck = true;
        row->has_same = event->mentorship_meeting_struck.has_same;
        row->same = event->mentorship_meeting_struck.same;
        row->has_struck_told = event->mentorship_meeting_struck.has_recorded_told;
        row->struck_told = event->mentorship_meeting_struck.recorded_told;
        return;
    case MENTOR_MEETING_AFTER_MENTORSHIP_UNDONE: take_back(row, &event->mentorship_undone); return;
    }
    bug("mentor_meeting_evolve: event type %u", event->type);
}
