/* Something that one reader has to hear of: what happened, who is told, by mail or webhook.
 *
 * Which event is said to whom is one table, in decide.c. A message does not change; what came of it
 * is the delivery of the same id. What is said to three readers is three messages, so there is one
 * row to look at for each, and one Message-ID or webhook-id.
 */
#pragma once

#include "affiliation/affiliation.h"
#include "clearance/clearance.h"
#include "contract/message.h"
#include "matter/matter.h"
#include "outlet/outlet.h"
#include "progress/progress.h"
#include "request/request.h"
#include "tenant/tenant.h"

struct aggregate;

/* What deciding about an event may need; all but the event itself is there only for those types of
 * event that ask for it. */
struct message_case {
    struct matter matter;           /* of the referral, where it is about one */
    struct ids outlets;             /* where that partner listens */
    struct request request;         /* of a mentorship */
    struct affiliation affiliation; /* of the mentor whom it is about */
    uint32_t matters_count;         /* about the person whom it is about */
    struct matter matters[MATTERS_OF_ONE];
    struct tenant tenant;     /* the programme */
    struct progress progress; /* of what happened */
    uint32_t cleared_count; /* its coordinators who are, and hear of the matter: of who is hidden */
    struct id cleared[CLEARANCES_MAX];
};

struct guarded;

/* Whether a partner is told of events of this type. */
bool message_tells_partner(enum message_input_type type);

/* Whether the event is a mentorship's. */
bool message_is_of_mentorship(enum message_input_type type);

/* Whether it is of a case, a referral and what came of it, that is told to others than whom it is about: of somebody who
 * is hidden, only to who is cleared. What an agency is asked about whom it referred, it knows. */
bool message_is_of_case(const struct message *row);

/* Whether it says to who is not cleared that somebody who is takes over, and nothing else: it is the last that they hear of
 * somebody's case. Who is cleared hears that it is theirs now. */
bool message_is_farewell(enum message_kind kind);

/* Whether an organisation's or the programme's mailbox reads it, and nobody knows who that is. */
bool message_is_to_mailbox(const struct message *row);

/* Whether it says that somebody is hidden whom no agency referred: about whom. */
bool message_is_of_person(const struct message *row);

/* Whether that there is such a mail tells of a case, whoever reads it: what systems are told is theirs. */
bool message_is_guarded(const struct message *row);

/* Of whose case it is, if they are hidden. */
bool message_guards_of(struct txn *txn, struct id message, struct guarded *guarded,
                       struct error *err);

/* The mentor whom an event is about; NULL: it is about none. Valid as long as the input. */
const struct id *message_mentor(const struct message_input *in);

/* The referral that it is about; NULL: it is about none. Valid as long as the input. */
const struct id *message_referral(const struct message_input *in);

/* The person whom an event of the person's own is about, or of their mails; NULL: it is of none. Valid as long as the input. */
const struct id *message_person(const struct message_input *in);

/* Whether the one says that the step was taken back of which the other told the same reader; or told an earlier such step. */
bool message_corrects(const struct message *correction, const struct message *told);

/* Whether these two may go in one mail: to one reader's one mailbox, the same of two things, or what can wait. */
bool message_may_join(const struct message *one, const struct message *other);

/* What is said to a reader about one thing, in order of id behind `after` (NULL: from the first). */
bool message_find_about(struct txn *txn, struct id about, struct id to, const struct id *after,
                        struct ids *found, struct error *err);

/* Whether it reminds of what is due by now: what follows from that is said by other mails. */
bool message_has_lapsed(const struct message *row, struct instant now);

/* Whether what it reminds of was answered since, or what it tells of has ended; progress: of what it is about, now. */
bool message_is_overtaken(const struct message *row, const struct progress *progress);

bool message_decide(const struct message_case *c, const struct message_input *in,
                    struct message_events *out, struct error *err);
void message_evolve(struct message *row, const struct message_event *event);

bool message_find(struct txn *txn, const struct message_input *in, struct ids *found,
                  struct error *err);
bool message_load(struct txn *txn, struct id id, const struct message_input *in,
                  struct message_case *c, struct error *err);

extern const struct table messages;
extern const struct aggregate message_aggregate;
