/* One programme's matching, kept from look to look: who seeks, who has room, what is proposed, and
 * the best that could be (matching/), brought up to date from a snapshot of the state.
 *
 * Participants are those who seek and have nothing open but at most one suggestion of the matcher's;
 * mentors those whom offers can be made to. Who is under protection is neither: nothing is known of them. Places that are taken, or proposed by hand, are not
 * there to be matched. One thread at a time; no pointer into a snapshot is kept.
 */
#pragma once

#include "contract/mentorship.h"
#include "matching/matching.h"
#include "profile.h"

struct error;
struct txn;

enum {
    PLAN_PARTICIPANTS_MAX = 2000, /* who have waited longest; the others when these have somebody */
    PLAN_MENTORS_MAX = 2000,      /* the first by id */
    PLAN_BY_HAND_MAX = 64,        /* in one go; the others the next time */
    PLAN_LARGE = 250000, /* candidate pairs: beyond, alternatives are ranked by points alone */
};

#define PLAN_NONE UINT32_MAX

/* Mentors whom something between the two leaves out: bits of mentorship_hard_rule. */
struct plan_barred {
    struct id mentor;
    unsigned rules;
};

struct plan_participant {
    struct id referral, person;
    int64_t version;
    struct instant waiting_since;
    struct score_person known;
    uint32_t barred_first, barred_count; /* in plan.barred, by mentor's id */
    bool has_suggestion;
    struct id suggestion, suggested; /* that mentorship, and its mentor */
    int64_t suggestion_version;
    struct instant suggested_at;                 /* 1970: before that was kept */
    struct mentorship_alternatives alternatives; /* as they were listed last */
    bool has_why;
    struct mentee_why why; /* as it was explained last */
    uint64_t print;        /* of all that edges depend on */
    uint32_t index;        /* in the matching */
};

struct plan_mentor {
    struct id id, organisation;
    int64_t version;
    struct score_person known;
    uint32_t places; /* to be matched */
    uint64_t print;
    uint32_t index;
};

/* Of whom nothing is known that a match goes by, and that has not been said yet. */
struct plan_by_hand {
    struct id referral;
    int64_t version;
};

struct plan {
    struct id programme;
    enum country country;
    int64_t rules_version;
    struct profile_rules rules;
    struct profile_codes codes;
    struct instant now; /* of the last look */

    uint32_t participant_count, mentor_count;
    struct plan_participant *participants; /* by referral: of those who waited longest */
    struct plan_mentor *mentors;           /* by id */
    struct plan_barred *barred;
    uint32_t by_hand_count;
    struct plan_by_hand by_hand[PLAN_BY_HAND_MAX];

    struct matching *matching; /* the best there could be */
    uint32_t *participant_at,
        *mentor_at; /* by index in the matching: position above, or PLAN_NONE */
    uint32_t participant_indices, mentor_indices, participant_room, mentor_room;
    uint32_t solves, updates; /* until now: anew, and by single changes */
    uint32_t turn;            /* who without a proposal is explained next */
    uint32_t better_turn, alternatives_turn, missing_turn; /* whose suggestion is looked at next */
};

struct plan *plan_create(struct id programme);
void plan_destroy(struct plan *plan);

/* Look again. Small changes are put into the matching one by one, many make a new one. An error of
 * the store, or rules and numbers that do not fit the objective: the plan is empty then. */
bool plan_look(struct plan *plan, struct txn *txn, const struct matching_rules *rules,
               struct instant now, struct error *err);

/* Points, and what speaks against it, of two positions. rules: bits of mentorship_hard_rule. */
struct score plan_score(const struct plan *plan, uint32_t participant, uint32_t mentor,
                        unsigned *rules);

/* A mentor's position, or PLAN_NONE. */
uint32_t plan_find_mentor(const struct plan *plan, struct id id);

/* By what is there now: for each index of a participant its mentor's, or CHAIN_NOBODY. A suggestion
 * that could not be made today is none, and of too many for a mentor's places those remain who have
 * waited longest. Room for participant_indices. */
void plan_present(const struct plan *plan, uint32_t *mentor_of);
