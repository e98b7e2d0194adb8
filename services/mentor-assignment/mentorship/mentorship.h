/* One mentor for one participant: proposed, offered, accepted and so on to the last meeting, or one
 * of the ways to a no.
 *
 * Invariant I1: the mentorships of one mentor that hold a place never become more than the mentor
 * has places; an offer is where one comes to hold a place, and it is counted in the very
 * transaction that writes it. A place is held from offered to active and on hold.
 */
#pragma once

#include "contract/mentorship.h"
#include "matching_rules/matching_rules.h"
#include "mentee/mentee.h"
#include "mentor/mentor.h"
#include "mentor_meeting/mentor_meeting.h"

enum { MENTORSHIP_OTHERS_MAX = 16 }; /* of one participant that are open, this one included */

/* All that an input about one mentorship may read. Of what happened elsewhere, only the row; and of an
 * answer, the rules. */
struct mentorship_case {
    struct mentorship row; /* all zero for a creation */
    struct mentee mentee;
    struct mentor mentor;
    int64_t taken;      /* of the mentor's places, this one included */
    int64_t spoken_for; /* of them: by whatever is open; suggest only, as the next */
    struct mentorship displaced;
    struct matching_rules rules;
    bool is_supervisor; /* of the same person, at a placement; propose and suggest, as all below */
    bool was_mentor; /* of the same person: completed or ended early, and that keeps them apart */
    bool said_no;    /* declined, let it expire, or it was withdrawn, and that does */
    bool has_met_before; /* again, before the day that the first meeting is said to have been on */
    uint32_t meetings_count; /* the one that is named, if one is; of the day that is told of */
    struct mentor_meeting meetings[1 + MENTOR_MEETINGS_A_DAY];
    uint32_t others_count;                           /* also for accept */
    struct mentorship others[MENTORSHIP_OTHERS_MAX]; /* the participant's other open ones */
};

/* Open: something may still come of it. Bound: from the mentor's yes to the end. */
bool mentorship_is_open(enum mentorship_state state);
bool mentorship_holds_place(enum mentorship_state state);
bool mentorship_is_bound(enum mentorship_state state);
/* Where one stands again whose last step is taken back. */
enum mentorship_state mentorship_before(enum mentorship_restored restored);
/* An offer whose mentor has asked something: its time goes on with the coordinator's answer. */
bool mentorship_stands_still(const struct mentorship *row);
/* A proposal of the matcher's that nobody has acted upon: it may be replaced by another. */
bool mentorship_is_suggestion(const struct mentorship *row);

bool mentorship_decide(const struct mentorship_case *c, const struct mentorship_input *in,
                       struct mentorship_events *out, struct error *err);
void mentorship_evolve(struct mentorship *row, const struct mentorship_event *event);
struct instant mentorship_due(const struct mentorship *row, unsigned *command);

bool mentorship_find(struct txn *txn, const struct mentorship_input *in, struct ids *found,
                     struct error *err);
bool mentorship_load(struct txn *txn, struct id id, const struct mentorship_input *in,
                     struct mentorship_case *c, struct error *err);

/* Something came of it that is over; or it came to nothing, and not because another was proposed. */
bool mentorship_was_begun(enum mentorship_state state);
bool mentorship_was_in_vain(enum mentorship_state state);
/* It is one of these, and so the two are not brought together again: for the matcher, and for whoever counts what it could do. */
bool mentorship_keeps_apart(const struct mentorship *row);

/* Those of a participant that are open, all of them; those of a mentor, until found is full; and those that are over, that keep apart, in
 * order of id behind `after` (NULL: from the first), until found is full. */
/* Whether it has to do with an organisation: by the mentor, or as responsible for the participant. */
struct knowing;
bool mentorship_knows(struct txn *txn, const struct mentorship *row, const struct knowing *who,
                      bool *is_known, struct error *err);
bool mentorship_find_with(struct txn *txn, struct id participant, struct ids *found,
                          struct error *err);
bool mentorship_find_open_of(struct txn *txn, struct id mentor, struct ids *found,
                             struct error *err);
bool mentorship_find_past(struct txn *txn, struct id participant, const struct id *after,
                          struct ids *found, struct error *err);

/* Counted from the indexes: a mentor's places taken; all of a mentor's that are open; of these, the
 * suggestions; all of a participant's. Whether the two were mentor and participant before, and whether the mentor was
 * asked and it came to nothing. */
bool mentorship_count_taken(struct txn *txn, struct id mentor, int64_t *taken, struct error *err);
bool mentorship_count_open(struct txn *txn, struct id mentor, int64_t *open, struct error *err);
bool mentorship_count_suggested(struct txn *txn, struct id mentor, int64_t *suggested,
                                struct error *err);
bool mentorship_count_with(struct txn *txn, struct id participant, int64_t *open,
                           struct error *err);
bool mentorship_read_past(struct txn *txn, struct id mentor, struct id participant,
                          bool *was_mentor, bool *said_no, struct error *err);

/* Adds whom one is about, if they are under protection; not its mentor. */
bool mentorship_guards_of(struct txn *txn, struct id mentorship, struct guarded *guarded,
                          struct error *err);

/* A way to those of a referral, for lists. */
void mentorship_whom_of(struct id programme, struct id referral, struct whom *whom);

extern const struct table mentorships;
extern const struct life mentorship_life;
extern const struct aggregate mentorship_aggregate;
