/* A mentorship or placement of a referral, as far as the registry has to know: to follow what comes
 * of the referral, and to know who may see personal data, and until when. Of what is only proposed, the
 * mentorships whose mentor is an organisation's: it sees whom it is about.
 *
 * A view: other services own what happens, and only their events change it. All that the registry
 * says itself is how long those of a link that is over may still see whom it was about.
 */
#pragma once

#include <string.h>

#include "contract/link.h"
#include "programme/programme.h"

struct knowing;
struct whom;

struct link_case {
    struct link row;
    struct programme programme; /* whose rules say how long */
};

/* Something has come of it or still may. */
bool link_is_left(enum link_state state);

/* Those of it may know who it is about: from the agreement on, and for as long as the programme gives
 * them when it is over. An organisation sees that there is somebody from the proposal on. */
bool link_is_open(const struct link *row, struct instant at);
bool link_is_shown(const struct link *row, struct instant at);
/* The participant knows by whom they are looked after: not of a placement that is only planned. */
bool link_is_agreed(const struct link *row);

/* What one is again when a step is taken back, by where the mentorship or the placement stands then. */
enum link_state link_of_mentorship(enum mentorship_restored state);
enum link_state link_of_placement(enum placement_restored state);

bool link_decide(const struct link_case *c, const struct link_input *in, struct link_events *out,
                 struct error *err);
void link_evolve(struct link *row, const struct link_event *event);

bool link_find(struct txn *txn, const struct link_input *in, struct ids *found, struct error *err);
bool link_load(struct txn *txn, struct id id, const struct link_input *in, struct link_case *c,
               struct error *err);

/* A referral's that are left; and a participant's that are shown or were open once. */
bool link_find_left(struct txn *txn, struct id referral, uint32_t most, struct ids *found,
                    struct error *err);
bool link_find_of(struct txn *txn, struct id participant, uint32_t most, struct ids *found,
                  struct error *err);

/* Whether somebody has a mentorship that is agreed, or a placement that they supervise, and it is not over. */
bool link_is_anybody_with(struct txn *txn, struct id other, bool *is, struct error *err);

/* Whether an organisation's mentor, or the organisation as host, has to do with a participant: by a link
 * that is shown, or one that is open. */
bool link_is_known_to(struct txn *txn, struct id participant, const struct knowing *who,
                      bool (*counts)(const struct link *row, struct instant at), bool *is_known,
                      struct error *err);

/* Whether two persons have or had to do with each other: one is or was the participant. */
bool link_is_between(struct txn *txn, struct id one, struct id another, bool *is,
                     struct error *err);

/* Whether the organisation of who asks and another look after somebody together, as responsible, host, agency, or by a mentor: by a
 * link that is shown, and of nobody to whom who asks is not near. */
bool link_joins(struct txn *txn, const struct knowing *who, struct id other, bool *joins,
                struct error *err);

/* Ways for lists, of an organisation as host and by its mentors: to the links themselves, to the participants whom they are
 * about, and these one by one (by the reader's field). */
void link_whom_referral(struct id referral, struct whom *whom);
bool link_whom_of(struct txn *txn, struct id organisation, struct whom *whom, struct error *err);
bool link_whom_participants(struct txn *txn, struct id organisation, struct whom *whom,
                            struct error *err);
bool link_whom_each(struct txn *txn, struct id organisation, struct whom *whom, struct error *err);

extern const struct table links;
extern const struct aggregate link_aggregate;
