#include "search.h"

#include <assert.h>
#include <stdlib.h>

#include "matching_rules/matching_rules.h"
#include "mentee/mentee.h"
#include "mentor/mentor.h"
#include "mentorship/mentorship.h"
#include "ranking.h"
#include "runtime/table.h"
#include "supervision/supervision.h"

enum {
    MENTORS_MAX = 1024, /* with room, of one programme: as many are looked at */
    RANKED_MAX = 32,    /* of whom the hard rules that cost a look-up are asked */
};

struct search {
    bool has_programme, has_mentee; /* there is one that was looked at last */
    struct id programme, mentee;
    size_t count;
    struct mentor mentors[MENTORS_MAX];
    struct candidate candidates[MENTORS_MAX];
    int64_t room[MENTORS_MAX]; /* how often each can be proposed now */
};

struct search *search_create(void)
{
    struct search *search = calloc(1, sizeof *search);

    if (search == NULL) bug("out of memory");
    return search;
}

void search_destroy(struct search *search)
{
    free(search);
}

/* Which programme. */

static bool take_first(void *cookie, struct id id, const void *row)
{
    struct matching_rules *first = cookie;

    *first = *(const struct matching_rules *)row;
    first->id = id;
    return false;
}

/* The next programme behind the last one; none: round. */
static bool next_programme(struct search *search, struct txn *txn, struct matching_rules *rules,
                           struct error *err)
{
    const struct id *after = search->has_programme ? &search->programme : NULL;

    memset(rules, 0, sizeof *rules);
    if (!table_scan(txn, &all_matching_rules, after, take_first, rules, err)) return false;
    search->has_programme = rules->version > 0;
    search->programme = rules->id;
    search->has_mentee = false;
    return true;
}

/* Which mentors. */

static bool add_mentor(struct search *search, struct txn *txn, struct id id, struct error *err)
{
    struct mentor *mentor = &search->mentors[search->count];
    int64_t taken, open, room;

    if (!table_get(txn, &mentors, id, mentor, err) ||
        !mentorship_count_taken(txn, id, &taken, err) ||
        !mentorship_count_open(txn, id, &open, err))
        return false;
    room = SEARCH_PER_PLACE * (mentor->capacity - taken) - (open - taken);
    if (taken >= mentor->capacity || room <= 0) return true;
    search->candidates[search->count] = (struct candidate){mentor, taken};
    search->room[search->count++] = room;
    return true;
}

static bool load_mentors(struct search *search, struct txn *txn, struct error *err)
{
    struct id last;
    struct ids ids = {0};

    search->count = 0;
    do {
        const struct id *after = ids.count > 0 ? &last : NULL;

        ids.count = 0;
        if (!mentor_find_available(txn, search->programme, after, &ids, err)) return false;
        for (uint32_t i = 0; i < ids.count && search->count < MENTORS_MAX; i++)
            if (!add_mentor(search, txn, ids.at[i], err)) return false;
        if (ids.count > 0) last = ids.at[ids.count - 1];
    } while (ids.count == IDS_MAX && search->count < MENTORS_MAX);
    return true;
}

/* Whom to whom. */

/* Those who may be ranked at all, to the front of `into`. */
static size_t pick(const struct search *search, const struct mentee *mentee, struct candidate *into)
{
    size_t count = 0;

    for (size_t i = 0; i < search->count; i++) {
        const struct mentor *mentor = &search->mentors[i];
        const bool is_clear = mentee->protection == PROTECTION_NONE || mentor->cleared;

        if (search->room[i] > 0 && is_clear && !id_equal(mentor->id, mentee->person))
            into[count++] = search->candidates[i];
    }
    return count;
}

static bool is_barred(struct txn *txn, struct id mentor, struct id participant, bool *is_so,
                      struct error *err)
{
    bool was_mentor, said_no, is_supervisor;

    if (!mentorship_read_past(txn, mentor, participant, &was_mentor, &said_no, err) ||
        !supervision_is_between(txn, mentor, participant, &is_supervisor, err))
        return false;
    *is_so = was_mentor || said_no || is_supervisor;
    return true;
}

static void add_proposal(struct search *search, const struct mentee *mentee,
                         const struct ranked *ranked, int64_t rank, struct found *found)
{
    struct proposal *proposal = &found->at[found->count++];

    assert(found->count <= SEARCH_FOUND_MAX);
    memset(proposal, 0, sizeof *proposal);
    proposal->programme = mentee->programme;
    proposal->country = mentee->country;
    proposal->body.referral = mentee->id;
    proposal->body.mentor = ranked->candidate->mentor->id;
    proposal->body.has_rank = true;
    proposal->body.rank = rank;
    proposal->body.has_total = true;
    proposal->body.total = ranked->total;
    proposal->body.has_explanation = true;
    proposal->body.explanation = ranked->explanation;
    search->room[ranked->candidate->mentor - search->mentors]--;
}

static bool propose(struct search *search, struct txn *txn, const struct mentee *mentee,
                    struct instant now, struct found *found, struct error *err)
{
    static _Thread_local struct candidate candidates[MENTORS_MAX];
    static _Thread_local struct ranked best[RANKED_MAX];
    const size_t count = pick(search, mentee, candidates);
    const size_t ranked = ranking_best(mentee, candidates, count, now, best, RANKED_MAX);
    int64_t rank = 0;

    for (size_t i = 0; i < ranked && rank < SEARCH_PER_MENTEE; i++) {
        bool is_so;

        if (!is_barred(txn, best[i].candidate->mentor->id, mentee->person, &is_so, err))
            return false;
        if (!is_so) add_proposal(search, mentee, &best[i], ++rank, found);
    }
    return true;
}

/* The participant may have a mentor, or proposals, by another referral. */
static bool look_at(struct search *search, struct txn *txn, struct id referral, struct instant now,
                    struct found *found, struct error *err)
{
    struct mentee mentee;
    int64_t open;

    if (!table_get(txn, &mentees, referral, &mentee, err) ||
        !mentorship_count_with(txn, mentee.person, &open, err))
        return false;
    return open > 0 || propose(search, txn, &mentee, now, found, err);
}

static bool look_at_mentees(struct search *search, struct txn *txn, struct instant now,
                            struct found *found, struct error *err)
{
    const struct id *after = search->has_mentee ? &search->mentee : NULL;
    struct ids seeking = {0};

    if (!mentee_find_seeking(txn, search->programme, after, SEARCH_MENTEES, &seeking, err))
        return false;
    for (uint32_t i = 0; i < seeking.count; i++)
        if (!look_at(search, txn, seeking.at[i], now, found, err)) return false;
    search->has_mentee = seeking.count == SEARCH_MENTEES;
    if (search->has_mentee) search->mentee = seeking.at[seeking.count - 1];
    return true;
}

bool search_next(struct search *search, struct txn *txn, struct instant now, struct found *found,
                 struct error *err)
{
    struct matching_rules rules;

    found->count = 0;
    found->is_round = false;
    if (!search->has_mentee) {
        if (!next_programme(search, txn, &rules, err)) return false;
        found->is_round = !search->has_programme;
        if (found->is_round || rules.is_closed) return true;
    }
    if (!load_mentors(search, txn, err)) return false;
    if (search->count == 0) {
        search->has_mentee = false;
        return true;
    }
    return look_at_mentees(search, txn, now, found, err);
}
