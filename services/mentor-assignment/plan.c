/* One programme's matching, kept from snapshot to snapshot: rows become participants, mentors and
 * edges with scores, and what has changed since the last look is told to the solver as changes. */
#include "plan.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "coding.h"
#include "core/error.h"
#include "matching/chain.h"
#include "mentee/mentee.h"
#include "mentor/mentor.h"
#include "mentorship/mentorship.h"
#include "municipality/municipality.h"
#include "store/table.h"
#include "supervision/supervision.h"

enum { FEW_CHANGES = 16 }; /* and a quarter of all: more make a new matching */

static void *room_for(void *old, size_t count, size_t size)
{
    void *new = realloc(old, (count + 1) * size);

    if (new == NULL) bug("out of memory");
    return new;
}

struct plan *plan_create(struct id programme)
{
    struct plan *plan = room_for(NULL, 0, sizeof *plan);

    *plan = (struct plan){.programme = programme, .rules_version = -1};
    plan->participants = room_for(NULL, 0, sizeof *plan->participants);
    plan->mentors = room_for(NULL, 0, sizeof *plan->mentors);
    return plan;
}

void plan_destroy(struct plan *plan)
{
    if (plan == NULL) return;
    matching_destroy(plan->matching);
    profile_codes_drop(&plan->codes);
    free(plan->participants);
    free(plan->mentors);
    free(plan->barred);
    free(plan->participant_at);
    free(plan->mentor_at);
    free(plan);
}

/* FNV-1a: tells whether something has changed, nothing more. */
static uint64_t print_more(uint64_t print, const void *bytes, size_t size)
{
    for (size_t i = 0; i < size; i++)
        print = (print ^ ((const unsigned char *)bytes)[i]) * UINT64_C(1099511628211);
    return print;
}

#define PRINT_FIRST UINT64_C(14695981039346656037)

/* Reading a snapshot. */

/* What one look reads, before it is compared with the last. */
struct look {
    struct plan *plan;
    struct txn *txn;
    struct instant now;
    uint32_t participant_count, mentor_count, barred_count, barred_room;
    struct plan_participant *participants;
    struct plan_mentor *mentors;
    struct plan_barred *barred;
};

/* Whichever of its names, that of then or that of now, was said when it was located. */
static bool find_place(const struct look *look, bool is_known, enum country country,
                       const char *code, struct municipality *place,
                       const struct municipality **found, struct error *err)
{
    char now[sizeof place->code] = "";

    *found = NULL;
    if (!is_known) return true;
    coding_municipality_now(country, code, now);
    if (!municipality_get(look->txn, look->plan->programme, now, place, err)) return false;
    if (place->version == 0 && strcmp(now, code) != 0 &&
        !municipality_get(look->txn, look->plan->programme, code, place, err))
        return false;
    if (place->version > 0) *found = place;
    return true;
}

/* Places that are neither taken nor proposed by hand: suggestions do not count, they are the plan's
 * own to change. */
static bool count_places(const struct look *look, const struct mentor *row, uint32_t *places,
                         struct error *err)
{
    int64_t open, suggested;

    if (!mentorship_count_open(look->txn, row->id, &open, err) ||
        !mentorship_count_suggested(look->txn, row->id, &suggested, err))
        return false;
    open -= suggested;
    *places = row->capacity > open ? (uint32_t)(row->capacity - open) : 0;
    return true;
}

static bool read_mentor(struct look *look, struct id id, struct error *err)
{
    struct plan_mentor *to = &look->mentors[look->mentor_count];
    const struct municipality *place;
    struct municipality row_place;
    struct mentor row;

    memset(to, 0, sizeof *to);
    if (!table_get(look->txn, &mentors, id, &row, err) ||
        !mentor_complete(look->txn, &row, look->now, err))
        return false;
    if (row.protection != PROTECTION_NONE) return true;
    if (!find_place(look, row.has_municipality, row.country, row.municipality, &row_place, &place,
                    err) ||
        !count_places(look, &row, &to->places, err))
        return false;
    to->id = id;
    to->organisation = row.organisation;
    to->version = row.version;
    profile_mentor(&row, place, &look->plan->codes, &to->known);
    to->print = print_more(PRINT_FIRST, &to->known, sizeof to->known);
    to->index = PLAN_NONE;
    look->mentor_count++;
    return true;
}

static bool read_mentors(struct look *look, struct error *err)
{
    struct ids ids = {0};
    struct id last;

    do {
        const struct id *after = ids.count > 0 ? &last : NULL;

        ids.count = 0;
        if (!mentor_find_available(look->txn, look->plan->programme, after, &ids, err))
            return false;
        look->mentors =
            room_for(look->mentors, look->mentor_count + (size_t)ids.count, sizeof *look->mentors);
        for (uint32_t i = 0; i < ids.count && look->mentor_count < PLAN_MENTORS_MAX; i++)
            if (!read_mentor(look, ids.at[i], err)) return false;
        if (ids.count > 0) last = ids.at[ids.count - 1];
    } while (ids.count == IDS_MAX && look->mentor_count < PLAN_MENTORS_MAX);
    return true;
}

static void bar(struct look *look, struct plan_participant *who, struct id mentor,
                enum mentorship_hard_rule rule)
{
    for (uint32_t i = who->barred_first; i < look->barred_count; i++)
        if (id_equal(look->barred[i].mentor, mentor)) {
            look->barred[i].rules |= 1u << rule;
            return;
        }
    if (look->barred_count == look->barred_room) {
        look->barred_room = look->barred_room * 2 + 16;
        look->barred = room_for(look->barred, look->barred_room, sizeof *look->barred);
    }
    look->barred[look->barred_count] = (struct plan_barred){.rules = 1u << rule};
    look->barred[look->barred_count++].mentor = mentor;
}

static bool bar_past(struct look *look, struct plan_participant *who, struct error *err)
{
    struct ids ids = {0};
    struct id last;

    do {
        const struct id *after = ids.count > 0 ? &last : NULL;

        ids.count = 0;
        if (!mentorship_find_past(look->txn, who->person, after, &ids, err)) return false;
        for (uint32_t i = 0; i < ids.count; i++) {
            struct mentorship row;

            if (!table_get(look->txn, &mentorships, ids.at[i], &row, err)) return false;
            bar(look, who, row.mentor,
                mentorship_was_begun(row.state) ? MENTORSHIP_HARD_RULE_FORMER
                                                : MENTORSHIP_HARD_RULE_SAID_NO);
        }
        if (ids.count > 0) last = ids.at[ids.count - 1];
    } while (ids.count == IDS_MAX);
    return true;
}

static bool bar_supervisors(struct look *look, struct plan_participant *who, struct error *err)
{
    struct ids ids = {0};

    if (!supervision_find_of(look->txn, who->person, &ids, err)) return false;
    for (uint32_t i = 0; i < ids.count; i++) {
        struct supervision row;

        if (!table_get(look->txn, &supervisions, ids.at[i], &row, err)) return false;
        bar(look, who, row.supervisor, MENTORSHIP_HARD_RULE_SUPERVISOR);
    }
    return true;
}

static int by_mentor(const void *left, const void *right)
{
    const struct plan_barred *a = left, *b = right;

    return memcmp(&a->mentor, &b->mentor, sizeof a->mentor);
}

static bool read_barred(struct look *look, const struct mentee *row, struct plan_participant *who,
                        struct error *err)
{
    who->barred_first = look->barred_count;
    for (uint32_t i = 0; i < row->conflicts.count; i++)
        bar(look, who, row->conflicts.at[i], MENTORSHIP_HARD_RULE_CONFLICT);
    if (!bar_past(look, who, err) || !bar_supervisors(look, who, err)) return false;
    who->barred_count = look->barred_count - who->barred_first;
    if (who->barred_count > 1)
        qsort(&look->barred[who->barred_first], who->barred_count, sizeof *look->barred, by_mentor);
    return true;
}

/* Whether the person has nothing open but at most one suggestion, of this very referral. */
static bool read_open(struct look *look, struct plan_participant *who, bool *is_free,
                      struct error *err)
{
    struct ids ids = {0};
    struct mentorship row;

    if (!mentorship_find_with(look->txn, who->person, &ids, err)) return false;
    *is_free = ids.count <= 1;
    if (ids.count != 1) return true;
    if (!table_get(look->txn, &mentorships, ids.at[0], &row, err)) return false;
    *is_free = mentorship_is_suggestion(&row) && id_equal(row.referral, who->referral);
    who->has_suggestion = *is_free;
    who->suggestion = row.id;
    who->suggested = row.mentor;
    who->suggestion_version = row.version;
    who->suggested_at = row.proposed_at;
    who->alternatives = row.alternatives;
    return true;
}

static uint64_t print_of(const struct look *look, const struct plan_participant *who,
                         const struct score_rules *rules)
{
    struct score_person known = who->known;
    const uint32_t weeks = known.waiting_days / 7;
    uint64_t print;

    known.waiting_days = weeks < rules->waiting_most_weeks ? weeks : rules->waiting_most_weeks;
    print = print_more(PRINT_FIRST, &known, sizeof known);
    for (uint32_t i = 0; i < who->barred_count; i++) {
        const struct plan_barred *barred = &look->barred[who->barred_first + i];

        print = print_more(print, &barred->mentor, sizeof barred->mentor);
        print = print_more(print, &barred->rules, sizeof barred->rules);
    }
    return print;
}

/* Who is cleared finds them somebody: that is said, once. */
static void leave_to_hand(struct plan *plan, const struct mentee *row)
{
    if (row->has_why && row->why.has_by_hand) return;
    if (plan->by_hand_count == PLAN_BY_HAND_MAX) return;
    plan->by_hand[plan->by_hand_count++] =
        (struct plan_by_hand){.referral = row->id, .version = row->version};
}

static bool read_participant(struct look *look, struct id referral, struct error *err)
{
    struct plan_participant *to = &look->participants[look->participant_count];
    const struct municipality *place;
    struct municipality row_place;
    struct mentee row;
    bool is_free;

    memset(to, 0, sizeof *to);
    if (!table_get(look->txn, &mentees, referral, &row, err) ||
        !mentee_complete(look->txn, &row, look->now, err))
        return false;
    to->referral = referral;
    to->person = row.person;
    if (!read_open(look, to, &is_free, err)) return false;
    if (!is_free) return true;
    if (row.protection != PROTECTION_NONE) {
        if (!to->has_suggestion) leave_to_hand(look->plan, &row);
        return true;
    }
    if (!find_place(look, row.has_municipality, row.country, row.municipality, &row_place, &place,
                    err) ||
        !read_barred(look, &row, to, err))
        return false;
    to->version = row.version;
    to->waiting_since = row.waiting_since;
    to->has_why = row.has_why;
    to->why = row.why;
    profile_mentee(&row, place, look->now, &look->plan->codes, &to->known);
    to->print = print_of(look, to, &look->plan->rules.score);
    to->index = PLAN_NONE;
    look->plan->country = row.country;
    look->participant_count++;
    return true;
}

static bool read_participants(struct look *look, struct error *err)
{
    struct ids ids = {0};
    struct id last;

    look->plan->by_hand_count = 0;
    do {
        const struct id *after = ids.count > 0 ? &last : NULL;

        ids.count = 0;
        if (!mentee_find_seeking(look->txn, look->plan->programme, after, IDS_MAX, &ids, err))
            return false;
        look->participants =
            room_for(look->participants, look->participant_count + (size_t)ids.count,
                     sizeof *look->participants);
        for (uint32_t i = 0; i < ids.count && look->participant_count < PLAN_PARTICIPANTS_MAX; i++)
            if (!read_participant(look, ids.at[i], err)) return false;
        if (ids.count > 0) last = ids.at[ids.count - 1];
    } while (ids.count == IDS_MAX && look->participant_count < PLAN_PARTICIPANTS_MAX);
    return true;
}

struct person_at {
    struct id person;
    uint32_t position;
};

static int by_person(const void *left, const void *right)
{
    const struct person_at *a = left, *b = right;
    const int order = memcmp(&a->person, &b->person, sizeof a->person);

    return order != 0 ? order : a->position < b->position ? -1 : 1;
}

/* Somebody with two referrals seeks one mentor: by the one with a suggestion, else by the older. */
static void drop_duplicates(struct look *look)
{
    struct person_at *list = room_for(NULL, look->participant_count, sizeof *list);
    uint32_t kept = 0;

    for (uint32_t i = 0; i < look->participant_count; i++)
        list[i] = (struct person_at){look->participants[i].person, i};
    if (look->participant_count > 1) qsort(list, look->participant_count, sizeof *list, by_person);
    for (uint32_t i = 1; i < look->participant_count; i++)
        if (id_equal(list[i].person, list[i - 1].person))
            look->participants[list[i].position].person = (struct id){{0}};
    for (uint32_t i = 0; i < look->participant_count; i++)
        if (!id_equal(look->participants[i].person, (struct id){{0}}))
            look->participants[kept++] = look->participants[i];
    look->participant_count = kept;
    free(list);
}

/* Edges. */

static unsigned barred_rules(const struct plan *plan, const struct plan_participant *who,
                             struct id mentor)
{
    const struct plan_barred like = {.mentor = mentor}, *found;

    if (who->barred_count == 0) return 0;
    found =
        bsearch(&like, &plan->barred[who->barred_first], who->barred_count, sizeof like, by_mentor);
    return found == NULL ? 0 : found->rules;
}

struct score plan_score(const struct plan *plan, uint32_t participant, uint32_t mentor,
                        unsigned *rules)
{
    const struct plan_participant *p = &plan->participants[participant];
    const struct plan_mentor *q = &plan->mentors[mentor];
    const struct score s = score_pair(&plan->rules.score, &p->known, &q->known,
                                      (struct score_relation){false, false, false});

    *rules = barred_rules(plan, p, q->id);
    if (id_equal(p->person, q->id)) *rules |= 1u << MENTORSHIP_HARD_RULE_CONFLICT;
    if ((s.failed >> SCORE_CLEARANCE & 1) != 0) *rules |= 1u << MENTORSHIP_HARD_RULE_CLEARANCE;
    return s;
}

/* A free place is none of the edge's business: places come and go. */
static bool edge_of(const struct plan *plan, uint32_t participant, uint32_t mentor,
                    struct matching_edge *edge)
{
    unsigned rules;
    const struct score s = plan_score(plan, participant, mentor, &rules);

    if (rules != 0 || s.total < plan->rules.least_points) return false;
    *edge = (struct matching_edge){plan->participants[participant].index,
                                   plan->mentors[mentor].index, s.total};
    return true;
}

/* From the last look to this one. */

static void place(uint32_t **at, uint32_t *count, uint32_t *room, uint32_t index, uint32_t position)
{
    while (index >= *room) {
        *room = *room * 2 + 64;
        *at = room_for(*at, *room, sizeof **at);
    }
    while (*count <= index)
        (*at)[(*count)++] = PLAN_NONE;
    (*at)[index] = position;
}

static void place_everybody(struct plan *plan)
{
    for (uint32_t i = 0; i < plan->participant_indices; i++)
        plan->participant_at[i] = PLAN_NONE;
    for (uint32_t i = 0; i < plan->mentor_indices; i++)
        plan->mentor_at[i] = PLAN_NONE;
    for (uint32_t i = 0; i < plan->participant_count; i++)
        if (plan->participants[i].index != PLAN_NONE)
            place(&plan->participant_at, &plan->participant_indices, &plan->participant_room,
                  plan->participants[i].index, i);
    for (uint32_t i = 0; i < plan->mentor_count; i++)
        if (plan->mentors[i].index != PLAN_NONE)
            place(&plan->mentor_at, &plan->mentor_indices, &plan->mentor_room,
                  plan->mentors[i].index, i);
}

/* Seconds since 2000, the next free number where two are the same: longest waiting, then id. */
static uint32_t rank_of(struct instant waiting_since)
{
    const int64_t seconds = waiting_since.ms / 1000 - INT64_C(946684800);

    return seconds < 0 ? 0 : seconds > UINT32_MAX / 2 ? UINT32_MAX / 2 : (uint32_t)seconds;
}

struct ranked {
    uint32_t rank, position;
};

static int by_rank(const void *left, const void *right)
{
    const struct ranked *a = left, *b = right;

    if (a->rank != b->rank) return a->rank < b->rank ? -1 : 1;
    return a->position < b->position ? -1 : a->position > b->position;
}

/* By position: whoever waited longest has the least; no two the same. */
static uint32_t *ranks_of(const struct plan *plan)
{
    struct ranked *list = room_for(NULL, plan->participant_count, sizeof *list);
    uint32_t *ranks = room_for(NULL, plan->participant_count, sizeof *ranks), next = 0;

    for (uint32_t i = 0; i < plan->participant_count; i++)
        list[i] = (struct ranked){rank_of(plan->participants[i].waiting_since), i};
    if (plan->participant_count > 1) qsort(list, plan->participant_count, sizeof *list, by_rank);
    for (uint32_t i = 0; i < plan->participant_count; i++) {
        if (list[i].rank > next) next = list[i].rank;
        ranks[list[i].position] = next++;
    }
    free(list);
    return ranks;
}

static size_t all_edges(struct plan *plan, struct matching_edge **edges)
{
    size_t count = 0, room = 0;

    *edges = NULL;
    for (uint32_t i = 0; i < plan->participant_count; i++) {
        if (count + plan->mentor_count > room || *edges == NULL) {
            room = 2 * room + plan->mentor_count;
            *edges = room_for(*edges, room, sizeof **edges);
        }
        for (uint32_t k = 0; k < plan->mentor_count; k++)
            count += edge_of(plan, i, k, &(*edges)[count]);
    }
    return count;
}

/* A matching of everybody, solved from scratch. */
static bool make_anew(struct plan *plan, struct error *err)
{
    uint32_t *capacities = room_for(NULL, plan->mentor_count, sizeof *capacities);
    uint32_t *ranks = ranks_of(plan);
    struct matching_instance instance = {.objective = plan->rules.objective,
                                         .participants = plan->participant_count,
                                         .mentors = plan->mentor_count,
                                         .mentor_capacity = capacities,
                                         .participant_rank = ranks};
    struct matching_edge *edges;

    for (uint32_t i = 0; i < plan->participant_count; i++)
        plan->participants[i].index = i;
    for (uint32_t i = 0; i < plan->mentor_count; i++) {
        plan->mentors[i].index = i;
        capacities[i] = plan->mentors[i].places;
    }
    instance.edge_count = all_edges(plan, &edges);
    instance.edges = edges;
    matching_destroy(plan->matching);
    plan->participant_indices = plan->mentor_indices = 0;
    plan->matching = matching_create(&instance, err);
    if (plan->matching != NULL) matching_solve(plan->matching);
    plan->solves++;
    free(capacities);
    free(ranks);
    free(edges);
    place_everybody(plan);
    return plan->matching != NULL;
}

/* Who is as before keeps their index; how many are not, of both sides. */
static uint32_t keep_participants(const struct plan *plan, struct look *look)
{
    uint32_t changes = 0, k = 0;

    for (uint32_t i = 0; i < look->participant_count; i++) {
        struct plan_participant *now = &look->participants[i];

        while (k < plan->participant_count &&
               memcmp(&plan->participants[k].referral, &now->referral, sizeof now->referral) < 0)
            k++;
        if (k < plan->participant_count &&
            id_equal(plan->participants[k].referral, now->referral) &&
            plan->participants[k].print == now->print)
            now->index = plan->participants[k].index;
        changes += now->index == PLAN_NONE;
    }
    return changes;
}

static uint32_t keep_mentors(const struct plan *plan, struct look *look)
{
    uint32_t changes = 0, k = 0;

    for (uint32_t i = 0; i < look->mentor_count; i++) {
        struct plan_mentor *now = &look->mentors[i];

        while (k < plan->mentor_count && memcmp(&plan->mentors[k].id, &now->id, sizeof now->id) < 0)
            k++;
        if (k < plan->mentor_count && id_equal(plan->mentors[k].id, now->id) &&
            plan->mentors[k].print == now->print)
            now->index = plan->mentors[k].index;
        changes += now->index == PLAN_NONE;
    }
    return changes;
}

/* Those who are gone, or not as before, leave the matching. */
static bool take_out(struct plan *plan, const uint32_t *participant_at, const uint32_t *mentor_at,
                     struct error *err)
{
    for (uint32_t i = 0; i < plan->participant_indices; i++)
        if (participant_at[i] != PLAN_NONE && plan->participant_at[i] == PLAN_NONE) {
            if (!matching_remove_participant(plan->matching, i, err)) return false;
            plan->updates++;
        }
    for (uint32_t i = 0; i < plan->mentor_indices; i++)
        if (mentor_at[i] != PLAN_NONE && plan->mentor_at[i] == PLAN_NONE) {
            if (!matching_remove_mentor(plan->matching, i, err)) return false;
            plan->updates++;
        }
    return true;
}

static bool put_in_mentor(struct plan *plan, uint32_t position, struct matching_edge *edges,
                          struct error *err)
{
    struct plan_mentor *mentor = &plan->mentors[position];
    size_t count = 0;

    for (uint32_t i = 0; i < plan->participant_count; i++)
        if (plan->participants[i].index != PLAN_NONE)
            count += edge_of(plan, i, position, &edges[count]);
    plan->updates++;
    return matching_add_mentor(plan->matching, mentor->places, plan->mentor_indices, edges, count,
                               &mentor->index, err);
}

static bool put_in_participant(struct plan *plan, uint32_t position, uint32_t rank,
                               struct matching_edge *edges, struct error *err)
{
    struct plan_participant *who = &plan->participants[position];
    size_t count = 0;

    for (uint32_t k = 0; k < plan->mentor_count; k++)
        count += edge_of(plan, position, k, &edges[count]);
    plan->updates++;
    return matching_add_participant(plan->matching, 1, rank, edges, count, &who->index, err);
}

static bool put_in(struct plan *plan, struct error *err)
{
    const uint32_t most =
        plan->participant_count > plan->mentor_count ? plan->participant_count : plan->mentor_count;
    struct matching_edge *edges = room_for(NULL, most, sizeof *edges);
    uint32_t *ranks = ranks_of(plan);
    bool is_ok = true;

    for (uint32_t i = 0; i < plan->mentor_count; i++) {
        struct plan_mentor *mentor = &plan->mentors[i];

        if (mentor->index == PLAN_NONE)
            is_ok = put_in_mentor(plan, i, edges, err);
        else
            is_ok =
                matching_set_mentor_capacity(plan->matching, mentor->index, mentor->places, err);
        if (!is_ok) break;
        place(&plan->mentor_at, &plan->mentor_indices, &plan->mentor_room, mentor->index, i);
    }
    for (uint32_t i = 0; is_ok && i < plan->participant_count; i++)
        if (plan->participants[i].index == PLAN_NONE)
            is_ok = put_in_participant(plan, i, ranks[i], edges, err);
    free(edges);
    free(ranks);
    if (is_ok) place_everybody(plan);
    return is_ok;
}

/* What the last look read is the look's now, to be freed with it. */
static void take_over(struct plan *plan, struct look *look)
{
    const struct look last = {
        .participants = plan->participants, .mentors = plan->mentors, .barred = plan->barred};

    plan->participants = look->participants;
    plan->participant_count = look->participant_count;
    plan->mentors = look->mentors;
    plan->mentor_count = look->mentor_count;
    plan->barred = look->barred;
    plan->now = look->now;
    look->participants = last.participants;
    look->mentors = last.mentors;
    look->barred = last.barred;
}

static uint32_t *copy_of(const uint32_t *list, uint32_t count)
{
    uint32_t *copy = room_for(NULL, count, sizeof *copy);

    if (count > 0) memcpy(copy, list, count * sizeof *copy);
    return copy;
}

static bool bring_up_to_date(struct plan *plan, struct error *err)
{
    uint32_t *participant_at = copy_of(plan->participant_at, plan->participant_indices);
    uint32_t *mentor_at = copy_of(plan->mentor_at, plan->mentor_indices);
    struct error ignored;
    bool is_ok;

    place_everybody(plan);
    is_ok = take_out(plan, participant_at, mentor_at, &ignored) && put_in(plan, &ignored);
    free(participant_at);
    free(mentor_at);
    return is_ok ||
           make_anew(plan, err); /* what does not fit into the old one may into a new one */
}

static void forget(struct plan *plan)
{
    matching_destroy(plan->matching);
    plan->matching = NULL;
    plan->participant_count = plan->mentor_count = 0;
    plan->participant_indices = plan->mentor_indices = 0;
}

static bool is_much(const struct plan *plan, uint32_t changes)
{
    const uint32_t people = plan->participant_count + plan->mentor_count;
    const uint32_t indices = plan->participant_indices + plan->mentor_indices;

    return changes > FEW_CHANGES + people / 4 || indices > 2 * people + 64;
}

bool plan_look(struct plan *plan, struct txn *txn, const struct matching_rules *rules,
               struct instant now, struct error *err)
{
    struct look look = {.plan = plan, .txn = txn, .now = now};
    const bool has_same_rules = plan->rules_version == rules->version;
    bool is_ok;

    if (!has_same_rules) profile_rules_of(rules, &plan->rules);
    plan->rules_version = rules->version;
    is_ok = read_mentors(&look, err) && read_participants(&look, err);
    if (is_ok) {
        uint32_t changes;

        drop_duplicates(&look);
        changes = has_same_rules && plan->matching != NULL
                      ? keep_participants(plan, &look) + keep_mentors(plan, &look)
                      : UINT32_MAX;
        take_over(plan, &look);
        is_ok = changes == UINT32_MAX || is_much(plan, changes) ? make_anew(plan, err)
                                                                : bring_up_to_date(plan, err);
    }
    if (!is_ok) forget(plan);
    free(look.participants);
    free(look.mentors);
    free(look.barred);
    return is_ok;
}

/* What is proposed just now. */

uint32_t plan_find_mentor(const struct plan *plan, struct id id)
{
    uint32_t low = 0, high = plan->mentor_count;

    while (low < high) {
        const uint32_t middle = low + (high - low) / 2;

        if (memcmp(&plan->mentors[middle].id, &id, sizeof id) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low < plan->mentor_count && id_equal(plan->mentors[low].id, id) ? low : PLAN_NONE;
}

void plan_present(const struct plan *plan, uint32_t *mentor_of)
{
    uint32_t *left = room_for(NULL, plan->mentor_count, sizeof *left);
    struct ranked *list = room_for(NULL, plan->participant_count, sizeof *list);
    struct matching_edge edge;

    for (uint32_t i = 0; i < plan->participant_indices; i++)
        mentor_of[i] = CHAIN_NOBODY;
    for (uint32_t i = 0; i < plan->mentor_count; i++)
        left[i] = plan->mentors[i].places;
    for (uint32_t i = 0; i < plan->participant_count; i++)
        list[i] = (struct ranked){rank_of(plan->participants[i].waiting_since), i};
    if (plan->participant_count > 1) qsort(list, plan->participant_count, sizeof *list, by_rank);
    for (uint32_t i = 0; i < plan->participant_count; i++) {
        const struct plan_participant *who = &plan->participants[list[i].position];
        const uint32_t mentor =
            who->has_suggestion ? plan_find_mentor(plan, who->suggested) : PLAN_NONE;

        if (mentor == PLAN_NONE || left[mentor] == 0) continue;
        if (!edge_of(plan, list[i].position, mentor, &edge)) continue;
        left[mentor]--;
        mentor_of[who->index] = plan->mentors[mentor].index;
    }
    free(left);
    free(list);
}
