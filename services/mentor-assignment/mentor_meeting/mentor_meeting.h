/* A meeting of mentor and participant, as one of them told it, and perhaps the other too. A view of the mentorship's own
 * events, because a mentorship can have hundreds. */
#pragma once

#include "contract/mentor_meeting.h"

struct aggregate;
struct ids;
struct table;
struct txn;

enum { MENTOR_MEETINGS_A_DAY = 16 }; /* that are looked at */

void mentor_meeting_evolve(struct mentor_meeting *row, const struct mentor_meeting_event *event);
bool mentor_meeting_find(struct txn *txn, const struct mentor_meeting_input *in, struct ids *found,
                         struct error *err);

/* Those of a mentorship on a day, at most so many. */
bool mentor_meeting_find_on(struct txn *txn, struct id mentorship, struct date on,
                            struct ids *found, struct error *err);
/* Whether its two met at another time, from the day of this meeting on and before that one. */
bool mentor_meeting_is_any_before(struct txn *txn, const struct mentor_meeting *met, struct date on,
                                  bool *is_any, struct error *err);

extern const struct table mentor_meetings;
extern const struct aggregate mentor_meeting_aggregate;
