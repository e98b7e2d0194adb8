/* An agency sends somebody our way: from the signed webhook to a mentorship, a placement, or one of
 * the ways to a no.
 *
 * Mentorships and placements are other services'. The registry counts them (link): the referral
 * follows what comes of them, and says so itself.
 */
#pragma once

#include <string.h>

#include "contract/referral.h"
#include "link/link.h"
#include "organisation/organisation.h"
#include "partner/partner.h"
#include "programme/programme.h"

struct called;
struct concealed;
struct knowing;
struct whom;

enum { REFERRAL_LINKS_MAX = 16 };

/* All that an input about one referral may read. */
struct referral_case {
    struct referral row;
    struct programme programme; /* receive: its slug; ask_info, reopen: its rules */
    struct partner partner;     /* receive: who sends it */
    struct sealed known;        /* receive, give_info: where the person's details are */
    bool has_no_goals;          /* the same: they do not consent to their goals being kept */
    bool keeps_mailbox;         /* the same: others rely on them, */
    bool hides_mailbox;         /* or somebody may look for them; */
    bool mailbox_waits;         /* another is theirs soon, by somebody's word */
    enum protection hidden;     /* change_protection: how well the person is, */
    bool is_lowering_asked;     /* and whether somebody has asked that they be less */
    bool is_restricted;         /* accept, reopen: what is known of the person is not used */
    struct referral other;      /* link_duplicate: the one that goes on */
    struct id
        association; /* a coordinator's: the programme's, which is responsible for whom nobody else is */
    struct organisation organisation; /* hand_over: the one that it names */
    uint32_t links_count;
    struct link links[REFERRAL_LINKS_MAX]; /* those that are left */
};

/* What an event says of an external id that only the vault knows; and what stands in place of one that was struck. */
extern const char referral_unsaid[2];

/* Whether only the vault knows what the agency calls somebody who is received. */
bool referral_is_unsaid(const struct referral_received *said);
/* Whether what the agency calls it is known, or a print of that: until its person is erased. */
bool referral_is_named(const struct referral *row);
/* What is told of nobody who is under protection, but for the place that is shown. */
void referral_drop_kept(struct referral *row);

/* Open: something may still come of it. */
bool referral_is_open(enum referral_state state);

/* Closed by what came of it: more that the agency says may take it up again. That it is another's, or an
 * error, is what a coordinator says of the record itself, and theirs alone to take back. */
bool referral_agency_may_reopen(enum referral_state state);

/* The organisation whose coordinators act on it; association: the programme's. Zero: the programme's own alone. */
struct id referral_responsible(const struct referral *row, struct id association);
/* Whether that is this organisation. */
bool referral_is_of(struct txn *txn, const struct referral *row, struct id organisation, bool *is,
                    struct error *err);
/* Whether an agency has referred anybody for whom that is responsible. */
bool referral_is_between(struct txn *txn, struct id agency, struct id responsible, bool *is,
                         struct error *err);

/* Whether this command may be given, by who gives it; the aggregate's own reasons come after. */
bool referral_may(const struct referral_case *c, const struct referral_input *in,
                  struct error *err);
bool referral_decide(const struct referral_case *c, const struct referral_input *in,
                     struct referral_events *out, struct error *err);
void referral_evolve(struct referral *row, const struct referral_event *event);

/* When the agency is to be reminded, or the time to say more is over. */
struct instant referral_due(const struct referral *row, unsigned *command);

/* What is to be sealed of a command. */
void referral_conceal(const struct referral_case *c, const struct referral_input *in,
                      struct concealed *what);

/* What the agency calls it, and whose key makes a print of that. */
bool referral_alias(const struct referral_input *in, struct id *owner, const char **text);

bool referral_find(struct txn *txn, const struct referral_input *in, struct ids *found,
                   struct error *err);
bool referral_load(struct txn *txn, struct id id, const struct referral_input *in,
                   struct referral_case *c, struct error *err);

/* When the first of a programme's came; mentorships and placements come of these, later. */
bool referral_find_first(struct txn *txn, struct id programme, bool *has, struct instant *at,
                         struct error *err);

/* Ways to those for whom an organisation is responsible, for lists: to the referrals, and to whom they are about. */
bool referral_whom_of(struct txn *txn, const struct knowing *who, struct whom *whom,
                      struct error *err);
/* Of each that an organisation is responsible for, until there is no more room in whom. */
bool referral_each_of(struct txn *txn, const struct knowing *who,
                      void (*visit)(struct id referral, struct whom *whom), struct whom *whom,
                      struct error *err);
bool referral_whom_wards(struct txn *txn, const struct knowing *who, struct whom *whom,
                         struct error *err);

/* What a partner's system calls it, in lists. */
extern const struct called referral_called;

/* Adds a partner's system that referred somebody who is under protection now: who speaks as it, or hears what it does, is near
 * to them. */
bool referral_guards_partner(struct txn *txn, struct id partner, struct guarded *guarded,
                             struct error *err);

extern const struct table referrals;
extern const struct life referral_life;
extern const struct aggregate referral_aggregate;

/* What events and row say alike of who was referred. Both are pointers, evaluated often. */
#define referral_copy(to, said)                                                     \
    do {                                                                            \
        (to)->has_municipality = (said)->has_municipality;                          \
        memcpy((to)->municipality, (said)->municipality, sizeof(to)->municipality); \
        (to)->languages = (said)->languages;                                        \
        (to)->occupations = (said)->occupations;                                    \
        (to)->target_group = (said)->target_group;                                  \
        (to)->wants = (said)->wants;                                                \
        (to)->protection = (said)->protection;                                      \
        (to)->language = (said)->language;                                          \
        (to)->waiting_since = (said)->waiting_since;                                \
    } while (0)

/* And when they agreed to take part, where that is said. */
#define referral_copy_consent(to, said)                    \
    do {                                                   \
        (to)->has_consented_on = (said)->has_consented_on; \
        (to)->consented_on = (said)->consented_on;         \
    } while (0)
