/* What every input carries besides its body. All that a decider may know about the world stands
 * here: it asks for no time, makes no ids and looks nobody up. */
#pragma once

#include "contract/common.h"
#include "core/date.h"
#include "core/id.h"
#include "core/instant.h"

/* Who acts, one bit each so that a life-cycle can say who may. services/README.md explains the
 * letters. */
enum role {
    ROLE_CO = 1 << ACTOR_ROLE_COORDINATOR,
    ROLE_PA = 1 << ACTOR_ROLE_PROGRAMME_ADMIN,
    ROLE_ME = 1 << ACTOR_ROLE_MENTOR,
    ROLE_PT = 1 << ACTOR_ROLE_PARTICIPANT,
    ROLE_GU = 1 << ACTOR_ROLE_GUARDIAN,
    ROLE_HO = 1 << ACTOR_ROLE_HOST,
    ROLE_SU = 1 << ACTOR_ROLE_SUPERVISOR,
    ROLE_CN = 1 << ACTOR_ROLE_COUNSELLOR,
    ROLE_DM = 1 << ACTOR_ROLE_DECISION_MAKER,
    ROLE_VC = 1 << ACTOR_ROLE_VOLUNTEER_COORDINATOR,
    ROLE_DP = 1 << ACTOR_ROLE_DATA_PROTECTION_OFFICER,
    ROLE_AG = 1 << ACTOR_ROLE_AGENCY_SYSTEM,
    ROLE_TM = 1 << ACTOR_ROLE_TM,   /* a deadline */
    ROLE_SYS = 1 << ACTOR_ROLE_SYS, /* a rule of ours, or the operator's own program */
};

/* Which of the bits a role is: its word's number. */
static inline enum actor_role role_word(enum role role)
{
    return (enum actor_role)__builtin_ctz(role);
}

static inline enum role role_bit(enum actor_role word)
{
    return (enum role)(1u << word);
}

struct actor {
    enum role role;
    struct id id;           /* a person's; AG: the partner's; SYS and TM: zero */
    struct id organisation; /* on whose behalf; zero: nobody's */
};

struct reach_networks;

enum { FRESH_IDS = 6, VERSION_ANY = -1 };

struct head {
    struct instant at;
    struct actor actor;
    bool is_cleared;          /* the actor is, for people under protection; */
    bool is_shared;           /* somebody who is not may have kept what they showed: core/near.h */
    struct id credential;     /* what the actor showed: a token's id, a partner's; zero: nothing */
    struct id programme;      /* the tenant; zero: none (the operator's own) */
    enum country country;     /* for the event's envelope; meaningless without a programme */
    struct id id;             /* of the aggregate that it is about; a creation has none. Of an ON_
                                 input: the aggregate that the event happened to */
    int64_t version;          /* of that aggregate as the actor saw it, 0 for a creation;
                                 VERSION_ANY for deadlines, which nobody looked at first */
    struct actor by;          /* of an ON_ input: whose word it came of here, */
    struct id shown, event;   /* what they showed for it; and the event's own id */
    struct id ids[FRESH_IDS]; /* never used before, for what the decision makes. ids[0] is the new
                                 aggregate's own; the last is the sealed event's */
    const struct reach_networks *admitted; /* of a command: which of our own networks webhooks may
                                              go to; NULL: none */
    bool has_behalf;                       /* whose word it is, where that is not the actor's own */
    struct behalf behalf;
    bool has_sealed;
    struct sealed sealed; /* where the vault put what was personal in the body */
    bool new_mailbox;     /* among that is a mailbox which was not there before, */
    bool too_young;       /* or a birth which is too late for who takes part as a participant; */
    unsigned news;        /* and what else in it is new, as concealed.change counts it: bits */
    struct id alias; /* the print of what others call it (aggregate.alias); zero: there is none */
};
