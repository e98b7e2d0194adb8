/* The fairness report's page, made of the running service's rows. */
#include "commands/fairness_rows.h"

#include <stdlib.h>
#include <string.h>

#include "coding.h"
#include "contract/matching_rules.h"
#include "contract/organisation.h"
#include "contract/supervision.h"
#include "core/error.h"
#include "mentorship/mentorship.h"
#include "profile.h"

#define DAY_MS INT64_C(86400000)

enum {
    PAIRS_MAX = 20000000
}; /* of those who wait longest: what a place is worth is told by them */

/* A participant: a referral that wants a mentor. */
struct seeker {
    struct id referral, person;
    struct instant waiting_since, offered_at; /* the first offer; 0: none */
    bool is_seeking, is_closed;
    char municipality[sizeof((struct mentee *)0)->municipality];
    struct score_person *known; /* of those who seek */
};

/* A mentor, and how often they were asked; one who has left still counts for the club. */
struct mentor_offers {
    struct id id, organisation;
    uint32_t offers;
    int64_t places; /* neither taken nor proposed by hand */
    bool is_active, has_left;
    char text[ID_TEXT_SIZE];
    struct score_person known;
};

/* These two may not be matched. */
struct barred {
    struct id person, mentor;
};

struct list {
    void *at;
    size_t count, room, size;
};

struct fairness_rows {
    struct id programme; /* we see every programme's rows: those of others are passed over */
    int64_t now_ms;
    struct profile_rules rules;
    struct profile_codes codes;
    struct list municipalities, organisations, mentorships, barred, seekers, mentors;
    struct fair_participant *shown_participants;
    struct fair_mentor *shown_mentors;
    struct matching_value *gain;
};

/* Lists. */

static void *room_for(void *old, size_t count, size_t size)
{
    void *new = realloc(old, (count + 1) * size);

    if (new == NULL) bug("fairness: no memory");
    return new;
}

static void *add(struct list *list, size_t size)
{
    list->size = size;
    if (list->count == list->room) {
        list->room = list->room * 2 + 64;
        list->at = room_for(list->at, list->room, size);
    }
    return memset((char *)list->at + list->count++ * size, 0, size);
}

/* Everything that is found by id begins with it. */
static int by_id(const void *left, const void *right)
{
    return memcmp(left, right, sizeof(struct id));
}

static void sort(struct list *list)
{
    if (list->count > 1) qsort(list->at, list->count, list->size, by_id);
}

static void *find(const struct list *list, struct id id)
{
    return list->count == 0 ? NULL : bsearch(&id, list->at, list->count, list->size, by_id);
}

/* Rows. */

/* What of a mentorship counts here. */
struct spoken {
    struct id referral, participant, mentor;
    struct instant offered_at;
    enum mentorship_state state;
    bool is_suggestion, is_answered, is_told; /* by the mentor; by somebody else for them */
};

struct club {
    struct id id;
    char name[sizeof((struct organisation *)0)->name];
};

static bool take_municipality(void *cookie, const void *row)
{
    struct fairness_rows *rows = cookie;
    const struct municipality *municipality = row;

    if (id_equal(municipality->programme, rows->programme))
        *(struct municipality *)add(&rows->municipalities, sizeof *municipality) = *municipality;
    return true;
}

static bool take_organisation(void *cookie, const void *row)
{
    const struct organisation *organisation = row;
    struct fairness_rows *rows = cookie;
    struct club *club;

    if (!id_equal(organisation->programme, rows->programme)) return true;
    club = add(&rows->organisations, sizeof *club);
    club->id = organisation->id;
    memcpy(club->name, organisation->name, sizeof club->name);
    return true;
}

static void bar(struct fairness_rows *rows, struct id person, struct id mentor)
{
    *(struct barred *)add(&rows->barred, sizeof(struct barred)) = (struct barred){person, mentor};
}

/* The mentor said yes or no. */
static bool is_answered(const struct mentorship *row)
{
    return mentorship_is_bound(row->state) || mentorship_was_begun(row->state) ||
           row->state == MENTORSHIP_STATE_DECLINED;
}

static bool is_told(const struct mentorship *row)
{
    for (uint32_t i = 0; i < row->recorded.count; i++) {
        const enum mentorship_said said = row->recorded.at[i].said;

        if (said == MENTORSHIP_SAID_ACCEPT || said == MENTORSHIP_SAID_DECLINE) return true;
    }
    return false;
}

static bool take_mentorship(void *cookie, const void *at)
{
    const struct mentorship *row = at;
    struct fairness_rows *rows = cookie;

    if (!id_equal(row->programme, rows->programme)) return true;
    *(struct spoken *)add(&rows->mentorships, sizeof(struct spoken)) =
        (struct spoken){row->referral,    row->participant, row->mentor,
                        row->offered_at,  row->state,       mentorship_is_suggestion(row),
                        is_answered(row), is_told(row)};
    if (mentorship_keeps_apart(row)) bar(rows, row->participant, row->mentor);
    return true;
}

static bool take_supervision(void *cookie, const void *at)
{
    const struct supervision *row = at;

    if (row->state == SUPERVISION_STATE_CURRENT) bar(cookie, row->participant, row->supervisor);
    return true;
}

static const struct municipality *place_of(const struct fairness_rows *rows, bool is_known,
                                           enum country country, const char *code)
{
    const struct municipality *at = rows->municipalities.at;
    const uint32_t wanted = is_known ? coding_municipality(country, code) : 0;

    for (size_t i = 0; is_known && i < rows->municipalities.count; i++)
        if (coding_municipality(at[i].country, at[i].code) == wanted) return &at[i];
    return NULL;
}

static bool take_mentee(void *cookie, const void *at)
{
    struct fairness_rows *rows = cookie;
    const struct mentee *row = at;
    struct seeker *seeker;

    if (!id_equal(row->programme, rows->programme)) return true;
    seeker = add(&rows->seekers, sizeof *seeker);
    seeker->referral = row->id;
    seeker->person = row->person;
    seeker->waiting_since = row->waiting_since;
    seeker->is_seeking = row->state == MENTEE_STATE_SEARCHING && !row->is_held;
    if (row->has_municipality)
        coding_municipality_now(row->country, row->municipality, seeker->municipality);
    for (uint32_t i = 0; i < row->conflicts.count; i++)
        bar(rows, row->person, row->conflicts.at[i]);
    seeker->is_closed = row->state == MENTEE_STATE_CLOSED;
    if (!seeker->is_seeking) return true;
    seeker->known = room_for(NULL, 0, sizeof *seeker->known);
    profile_mentee(row, place_of(rows, row->has_municipality, row->country, row->municipality),
                   (struct instant){rows->now_ms}, &rows->codes, seeker->known);
    return true;
}

static bool take_mentor(void *cookie, const void *at)
{
    struct fairness_rows *rows = cookie;
    const struct mentor *row = at;
    struct mentor_offers *mentor;

    if (row->state == MENTOR_STATE_NONE || !id_equal(row->programme, rows->programme)) return true;
    mentor = add(&rows->mentors, sizeof *mentor);
    mentor->id = row->id;
    mentor->organisation = row->organisation;
    mentor->is_active = row->state == MENTOR_STATE_ACTIVE;
    mentor->has_left = row->state == MENTOR_STATE_GONE;
    mentor->places = mentor->is_active ? row->capacity : 0;
    id_write(row->id, mentor->text);
    profile_mentor(row, place_of(rows, row->has_municipality, row->country, row->municipality),
                   &rows->codes, &mentor->known);
    return true;
}

/* Together. */

static void count_mentorship(struct fairness_rows *rows, const struct spoken *one)
{
    struct seeker *seeker = find(&rows->seekers, one->referral);
    struct mentor_offers *mentor = find(&rows->mentors, one->mentor);
    const bool is_open = mentorship_is_open(one->state) && !one->is_suggestion;

    if (mentor != NULL) {
        mentor->offers += one->offered_at.ms != 0;
        mentor->places -= is_open && mentor->places > 0;
    }
    if (seeker == NULL) return;
    if (is_open) seeker->is_seeking = false;
    if (one->offered_at.ms != 0 &&
        (seeker->offered_at.ms == 0 || one->offered_at.ms < seeker->offered_at.ms))
        seeker->offered_at = one->offered_at;
}

static bool read_rows(struct fairness_rows *rows, const struct ask_for *scope, struct error *err)
{
    static const struct {
        const char *record;
        ask_visit *visit;
    } lists[] = {
        {"municipality", take_municipality},
        {"organisation", take_organisation},
        {"mentorship", take_mentorship},
        {"mentor", take_mentor},
        {"mentee", take_mentee},
    };
    const struct ask_for nobody = {0};
    struct matching_rules rules;

    if (!ask_row(&nobody, find_record("matching_rules", NULL), scope->programme, &rules, err))
        return false;
    profile_rules_of(&rules, &rows->rules);
    for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++)
        if (!ask_rows(scope, find_record(lists[i].record, NULL), NULL, NULL, lists[i].visit, rows,
                      err))
            return false;
    return ask_rows(&nobody, find_record("supervision", NULL), NULL, NULL, take_supervision, rows,
                    err);
}

static int by_pair(const void *left, const void *right)
{
    return memcmp(left, right, sizeof(struct barred));
}

struct fairness_rows *fairness_rows_read(const struct ask_for *scope, int64_t now_ms,
                                         struct error *err)
{
    struct fairness_rows *rows = calloc(1, sizeof *rows);
    const struct spoken *said;

    if (rows == NULL) bug("fairness: no memory");
    rows->programme = scope->programme;
    rows->now_ms = now_ms;
    if (!read_rows(rows, scope, err)) {
        fairness_rows_free(rows);
        return NULL;
    }
    sort(&rows->organisations);
    sort(&rows->mentors);
    sort(&rows->seekers);
    if (rows->barred.count > 1)
        qsort(rows->barred.at, rows->barred.count, sizeof(struct barred), by_pair);
    said = rows->mentorships.at;
    for (size_t i = 0; i < rows->mentorships.count; i++)
        count_mentorship(rows, &said[i]);
    return rows;
}

void fairness_rows_free(struct fairness_rows *rows)
{
    struct seeker *seekers = rows == NULL ? NULL : rows->seekers.at;

    if (rows == NULL) return;
    for (size_t i = 0; i < rows->seekers.count; i++)
        free(seekers[i].known);
    profile_codes_drop(&rows->codes);
    free(rows->municipalities.at);
    free(rows->organisations.at);
    free(rows->mentorships.at);
    free(rows->barred.at);
    free(rows->seekers.at);
    free(rows->mentors.at);
    free(rows->shown_participants);
    free(rows->shown_mentors);
    free(rows->gain);
    free(rows);
}

/* What a place is worth. */

/* The longest wait first, then the id. */
static int by_wait(const void *left, const void *right)
{
    const struct seeker *a = *(const struct seeker *const *)left,
                        *b = *(const struct seeker *const *)right;

    if (a->waiting_since.ms != b->waiting_since.ms)
        return a->waiting_since.ms < b->waiting_since.ms ? -1 : 1;
    return memcmp(&a->referral, &b->referral, sizeof a->referral);
}

static bool is_barred(const struct fairness_rows *rows, struct id person, struct id mentor)
{
    const struct barred pair = {person, mentor};

    return id_equal(person, mentor) ||
           (rows->barred.count > 0 &&
            bsearch(&pair, rows->barred.at, rows->barred.count, sizeof pair, by_pair) != NULL);
}

static bool edge_of(const struct fairness_rows *rows, const struct seeker *seeker,
                    const struct mentor_offers *mentor, int32_t *points)
{
    static const struct score_relation stranger = {false, false, false};
    struct score_person known = mentor->known;
    struct score s;

    if (!mentor->is_active || is_barred(rows, seeker->person, mentor->id)) return false;
    known.capacity = 1; /* places come and go */
    s = score_pair(&rows->rules.score, seeker->known, &known, stranger);
    *points = s.total;
    return s.failed == 0 && s.total >= rows->rules.least_points;
}

static int by_person(const void *left, const void *right)
{
    const struct seeker *a = *(const struct seeker *const *)left,
                        *b = *(const struct seeker *const *)right;
    const int order = memcmp(&a->person, &b->person, sizeof a->person);

    return order != 0 ? order : by_wait(left, right);
}

/* Each person once, by the older referral; those who wait longest first. */
static uint32_t list_seekers(const struct fairness_rows *rows, const struct seeker **seekers)
{
    const struct seeker *at = rows->seekers.at;
    size_t count = 0, kept = 0;

    for (size_t i = 0; i < rows->seekers.count; i++)
        if (at[i].is_seeking) seekers[count++] = &at[i];
    if (count > 1) qsort(seekers, count, sizeof *seekers, by_person);
    for (size_t i = 0; i < count; i++)
        if (kept == 0 || !id_equal(seekers[i]->person, seekers[kept - 1]->person))
            seekers[kept++] = seekers[i];
    if (kept > 1) qsort(seekers, kept, sizeof *seekers, by_wait);
    if (rows->mentors.count > 0 && kept > PAIRS_MAX / rows->mentors.count)
        kept = PAIRS_MAX / rows->mentors.count;
    return (uint32_t)kept;
}

static struct matching_edge *list_edges(const struct fairness_rows *rows,
                                        const struct seeker *const *seekers, uint32_t count,
                                        size_t *edge_count)
{
    const struct mentor_offers *all = rows->mentors.at;
    struct list edges = {0};

    for (uint32_t i = 0; i < count; i++)
        for (uint32_t k = 0; k < rows->mentors.count; k++) {
            int32_t points;

            if (edge_of(rows, seekers[i], &all[k], &points))
                *(struct matching_edge *)add(&edges, sizeof(struct matching_edge)) =
                    (struct matching_edge){i, k, points};
        }
    *edge_count = edges.count;
    return edges.at;
}

static bool find_gain(struct fairness_rows *rows, struct error *err)
{
    const struct seeker **seekers = room_for(NULL, rows->seekers.count, sizeof *seekers);
    uint32_t *places = room_for(NULL, rows->mentors.count, sizeof *places);
    const struct mentor_offers *all = rows->mentors.at;
    struct matching_instance in = {.objective = rows->rules.objective,
                                   .mentors = (uint32_t)rows->mentors.count,
                                   .mentor_capacity = places};
    struct matching *matching;
    struct matching_edge *edges;

    for (size_t i = 0; i < rows->mentors.count; i++)
        places[i] = (uint32_t)all[i].places;
    in.participants = list_seekers(rows, seekers);
    in.edges = edges = list_edges(rows, seekers, in.participants, &in.edge_count);
    matching = matching_create(&in, err);
    if (matching != NULL) {
        matching_solve(matching);
        matching_one_more_place(matching, rows->gain);
    }
    matching_destroy(matching);
    free(edges);
    free(places);
    free(seekers);
    return matching != NULL;
}

/* The page. */

/* Who waits, who was asked for, and who was in the last days; who gave up without an offer is not
 * told of. */
static bool counts(const struct fairness_rows *rows, const struct seeker *seeker, int64_t last_days)
{
    if (seeker->waiting_since.ms == 0) return false;
    if (seeker->offered_at.ms == 0) return !seeker->is_closed;
    return seeker->is_seeking || rows->now_ms - seeker->offered_at.ms <= last_days * DAY_MS;
}

static uint32_t days_of(const struct fairness_rows *rows, const struct seeker *seeker)
{
    const int64_t until = seeker->offered_at.ms != 0 ? seeker->offered_at.ms : rows->now_ms;
    const int64_t days = (until - seeker->waiting_since.ms) / DAY_MS;

    return days < 0 ? 0 : days > UINT32_MAX ? UINT32_MAX : (uint32_t)days;
}

static void count_answers(const struct fairness_rows *rows, struct fair_page *page)
{
    const struct spoken *said = rows->mentorships.at;

    for (size_t i = 0; i < rows->mentorships.count; i++) {
        page->answers += said[i].is_answered;
        page->answers_told += said[i].is_answered && said[i].is_told;
    }
}

bool fairness_rows_page(struct fairness_rows *rows, int64_t last_days, struct fair_page *page,
                        struct error *err)
{
    const struct seeker *seekers = rows->seekers.at;
    const struct mentor_offers *all = rows->mentors.at;

    rows->gain = room_for(NULL, rows->mentors.count, sizeof *rows->gain);
    rows->shown_mentors = room_for(NULL, rows->mentors.count, sizeof *rows->shown_mentors);
    rows->shown_participants =
        room_for(NULL, rows->seekers.count, sizeof *rows->shown_participants);
    if (!find_gain(rows, err)) return false;
    *page = (struct fair_page){.participants = rows->shown_participants,
                               .mentors = rows->shown_mentors,
                               .overdue_days = rows->rules.overdue_days,
                               .counts_offers = true};
    count_answers(rows, page);
    for (size_t i = 0; i < rows->seekers.count; i++)
        if (counts(rows, &seekers[i], last_days))
            page->participants[page->participant_count++] = (struct fair_participant){
                seekers[i].municipality, days_of(rows, &seekers[i]), seekers[i].offered_at.ms != 0};
    for (size_t i = 0; i < rows->mentors.count; i++) {
        const struct club *club = find(&rows->organisations, all[i].organisation);

        page->mentors[page->mentor_count++] =
            (struct fair_mentor){all[i].text,   club == NULL ? "" : club->name, all[i].has_left,
                                 all[i].offers, (uint32_t)all[i].places,        rows->gain[i]};
    }
    return true;
}
