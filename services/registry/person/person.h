/* Somebody who takes part, and as what.
 *
 * Nothing here tells who it is: that is in the vault, under a key of the person's own, and the row
 * says where (sealed). A participant is made by the referral that brings them; whoever else, by
 * being registered. Erasing leaves a row that knows nothing but that there was somebody.
 */
#pragma once

#include <string.h>

#include "contract/person.h"
#include "hands/hands.h"
#include "link/link.h"
#include "organisation/organisation.h"
#include "programme/programme.h"
#include "referral/referral.h"

struct concealed;
struct guarded;
struct whom;

enum { PERSON_LINKS_MAX = IDS_MAX };

/* All that an input about one person may read. */
struct person_case {
    struct person row;
    struct programme
        programme; /* register: where to; what is told of an erasure: whose they are; what
                                    lets nothing keep them: for how long */
    struct organisation organisation; /* the one that the command names */
    struct person reader;             /* read: who acts, when they are a person */
    struct referral brought;          /* hide: the referral that brought them */
    struct origin
        origin; /* of who grants a part, or asks for what takes two or confirms it; of what
                             is shown by who says how somebody is reached */
    bool is_looking_after; /* end_role: as mentor or supervisor, just now */
    bool is_known;         /* read: a coordinator's organisation has a link with them */
    bool is_between;       /* read: there is or was a link between them and whom that protects */
    bool is_ward;          /* a coordinator's organisation is responsible for them */
    uint32_t links_count;
    struct link
        links[PERSON_LINKS_MAX]; /* read: the person's own, or the participant's who reads */
};

/* Whether what is known of them is kept and not used (restriction.h), also while that is about to end. */
bool person_is_restricted(const struct person *row);
/* Whether neither name nor place may leave the vault but to who is cleared. */
bool person_is_protected(enum protection protection);

/* Whether they are cleared for people under protection, in the part of that programme that goes with the role, if it is not
 * over: in another they may be somebody whom nobody cleared. */
bool person_has_clearance(const struct person *row, struct id programme, enum actor_role role,
                          const struct head *head);
/* Whether who acts is near somebody: that they are cleared was so when what they show was looked up, and has to be so still. */
bool person_is_near(const struct person *whose, const struct person *actor,
                    const struct head *head);
/* Whether it has begun and is not over, today where the programme is; and whether it is over. */
bool person_role_is_current(const struct person_role *role, const struct head *head);
bool person_role_is_over(const struct person_role *role, const struct head *head);
/* Whether they take part as this for the organisation; and whether they belong to it, or take part for it
 * as anything. */
bool person_takes_part_for(const struct person *row, enum person_part part, struct id organisation);
bool person_is_of(const struct person *row, struct id organisation);

/* Whether this command may be given, by who gives it; the aggregate's own reasons come after. */
bool person_may(const struct person_case *c, const struct person_input *in, struct error *err);
bool person_decide(const struct person_case *c, const struct person_input *in,
                   struct person_events *out, struct error *err);
void person_evolve(struct person *row, const struct person_event *event);

/* At once when what is told of them has to be hidden, or shown; else when the first of the person's roles is over, somebody is reminded that they wait for an answer, what one asked for and
 * nobody confirmed lapses, they are told that they will be forgotten, or they are. */
struct instant person_due(const struct person *row, unsigned *command);

/* Of a read: whom it is to protect, which lives in the input; NULL: nobody is named. */
const struct id *person_protects(const struct person_input *in);

/* What is to be sealed of a command; and what a `read` opens. */
void person_conceal(const struct person_case *c, const struct person_input *in,
                    struct concealed *what);
void person_open(const struct person_case *c, const struct person_input *in, struct id *owner,
                 struct sealed *sealed);

/* What the agency calls the referral of somebody who is to be hidden, and whose key makes a print of that. */
bool person_alias(const struct person_case *c, const struct person_input *in, struct id *owner,
                  const char **text);

bool person_find(struct txn *txn, const struct person_input *in, struct ids *found,
                 struct error *err);
bool person_load(struct txn *txn, struct id id, const struct person_input *in,
                 struct person_case *c, struct error *err);

/* Adds somebody whom a row is about, if they are under protection. */
bool person_guards(struct txn *txn, struct id person, struct guarded *guarded, struct error *err);

/* Of a programme: the first of those who were referred and are under protection; and whether anybody is cleared to coordinate. */
bool person_first_guarded(struct txn *txn, struct id programme, struct id *first, bool *has,
                          struct error *err);
bool person_is_any_cleared(struct txn *txn, struct id programme, bool *is_any, struct error *err);

/* The next behind `after` of a programme's whom nothing keeps any more, in order. */
bool person_find_released(struct txn *txn, struct id programme, const struct id *after,
                          uint32_t most, struct ids *found, struct error *err);

/* Ways to an organisation's own people, for lists; and each of its mentors, until there are too many. */
void person_whom_of(struct id organisation, struct whom *whom);
bool person_each_mentor_of(struct txn *txn, struct id organisation,
                           bool (*visit)(struct txn *txn, struct id mentor, struct whom *whom,
                                         struct error *err),
                           struct whom *whom, struct error *err);

extern const struct table persons;
extern const struct life person_life;
extern const struct aggregate person_aggregate;
