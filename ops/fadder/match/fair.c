/* The fairness report as Markdown: small groups are put together, or left out where even that is
 * too few. */
#include "match/fair.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/error.h"
#include "match/tell.h"
#include "matching/fairness.h"

/* Names in order, each once: what people are grouped by. */
struct groups {
    const char **names;
    uint32_t count;
};

static void *room(size_t count, size_t size)
{
    void *new = calloc(count + 1, size);

    if (new == NULL) bug("match: no memory");
    return new;
}

static int by_name(const void *left, const void *right)
{
    return strcmp(*(const char *const *)left, *(const char *const *)right);
}

/* The name of the i-th. */
typedef const char *name_of(const struct fair_page *page, uint32_t i);

static const char *municipality_of(const struct fair_page *page, uint32_t i)
{
    return page->participants[i].municipality;
}

static const char *club_of(const struct fair_page *page, uint32_t i)
{
    return page->mentors[i].club;
}

static struct groups group(const struct fair_page *page, uint32_t count, name_of *name)
{
    struct groups g = {room(count, sizeof *g.names), 0};
    uint32_t kept = 0;

    for (uint32_t i = 0; i < count; i++)
        g.names[i] = name(page, i);
    if (count > 1) qsort(g.names, count, sizeof *g.names, by_name);
    for (uint32_t i = 0; i < count; i++)
        if (kept == 0 || strcmp(g.names[kept - 1], g.names[i]) != 0) g.names[kept++] = g.names[i];
    g.count = kept;
    return g;
}

static uint32_t group_of(const struct groups *g, const char *name)
{
    const char **at = bsearch(&name, g->names, g->count, sizeof *g->names, by_name);

    return (uint32_t)(at - g->names);
}

/* A cell of a table. */
static void write_name(const struct teller *teller, const char *name)
{
    match_print(teller->file, "| ");
    if (name[0] == '\0')
        tell(teller, WORDS_FAIRNESS_NOWHERE, NULL);
    else
        tell_name(teller, name);
    match_print(teller->file, " | ");
}

static void write_figures(const struct teller *teller, const struct fairness_group *g)
{
    match_print(teller->file, "%u | %u | %u | %u (%u.%u %%) |\n", g->people, g->p50_days,
                g->p90_days, g->overdue, g->overdue_permille / 10, g->overdue_permille % 10);
}

/* A line whose name is a text of ours. */
static void write_sum(const struct teller *teller, enum words_key name,
                      const struct words_value *values, const struct fairness_group *g)
{
    match_print(teller->file, "| ");
    tell(teller, name, values);
    match_print(teller->file, " | ");
    write_figures(teller, g);
}

/* The small ones stand together in the line behind the others. */
static void write_groups(const struct teller *teller, const struct fair_page *page,
                         const struct groups *g, struct fairness_waiting *rows)
{
    bool *is_small = room(g->count, sizeof *is_small);
    struct fairness_group *sums = room(g->count + (size_t)2, sizeof *sums);
    const uint32_t together =
        fairness_join_small(rows, page->participant_count, FAIR_LEAST, g->count, is_small);

    fairness_waiting_by_group(rows, page->participant_count, page->overdue_days, sums,
                              g->count + 1);
    for (uint32_t i = 0; i < g->count; i++) {
        if (is_small[i]) continue;
        write_name(teller, g->names[i]);
        write_figures(teller, &sums[i]);
    }
    if (together > 0)
        write_sum(teller, WORDS_FAIRNESS_FEW,
                  WORDS(words_count("municipalities", WORDS_COUNT_MUNICIPALITIES, together),
                        words_count("people", WORDS_COUNT_PEOPLE, FAIR_LEAST)),
                  &sums[g->count]);
    write_sum(teller, WORDS_FAIRNESS_EVERYBODY, NULL, &sums[g->count + 1]);
    free(is_small);
    free(sums);
}

static void write_waiting(const struct teller *teller, const struct fair_page *page)
{
    const uint32_t count = page->participant_count;
    struct groups g = group(page, count, municipality_of);
    struct fairness_waiting *rows = room(count, sizeof *rows);

    for (uint32_t i = 0; i < count; i++) {
        const struct fair_participant *p = &page->participants[i];

        rows[i] = (struct fairness_waiting){group_of(&g, p->municipality), p->days, p->has_offer};
    }
    if (count < FAIR_LEAST) {
        tell(teller, WORDS_FAIRNESS_TOO_FEW,
             WORDS(words_count("people", WORDS_COUNT_PEOPLE, FAIR_LEAST)));
        match_print(teller->file, "\n");
    } else {
        tell(teller,
             page->counts_offers ? WORDS_FAIRNESS_BY_MUNICIPALITY_OFFERS
                                 : WORDS_FAIRNESS_BY_MUNICIPALITY,
             WORDS(words_count("days", WORDS_COUNT_DAYS, page->overdue_days)));
        match_print(teller->file, "\n|---|---:|---:|---:|---:|\n");
        write_groups(teller, page, &g, rows);
    }
    match_print(teller->file, "\n");
    free(rows);
    free(g.names);
}

/* The objective compares; the first term that differs decides in its default order. */
static bool is_more(const struct matching_value *a, const struct matching_value *b)
{
    for (unsigned t = 0; t < MATCHING_TERMS; t++)
        if (a->term[t] != b->term[t]) return a->term[t] > b->term[t];
    return false;
}

struct club {
    uint32_t mentors, offers;
    struct matching_value gain; /* of one more place with the mentor where it is worth most */
};

static void write_club(const struct teller *teller, const char *name, const struct club *club)
{
    static const struct matching_value nothing = {{0}};
    const int64_t *t = club->gain.term;

    write_name(teller, name);
    match_print(teller->file, "%u | %u | ", club->mentors, club->offers);
    if (memcmp(&club->gain, &nothing, sizeof nothing) == 0)
        tell(teller, WORDS_FAIRNESS_NOTHING, NULL);
    else
        tell(teller, WORDS_FAIRNESS_GAIN,
             WORDS(words_count("participants", WORDS_COUNT_MORE_PARTICIPANTS,
                               t[MATCHING_PARTICIPANTS]),
                   words_count("mentors", WORDS_COUNT_MORE_MENTORS, t[MATCHING_MENTORS]),
                   words_count("pairs", WORDS_COUNT_MORE_PAIRS, t[MATCHING_PAIRS]),
                   words_count("points", WORDS_COUNT_MORE_POINTS, t[MATCHING_SCORE])));
    match_print(teller->file, " |\n");
}

static void write_clubs(const struct teller *teller, const struct fair_page *page)
{
    struct groups g = group(page, page->mentor_count, club_of);
    struct club *clubs = room(g.count, sizeof *clubs);

    for (uint32_t i = 0; i < page->mentor_count; i++) {
        const struct fair_mentor *q = &page->mentors[i];
        struct club *club = &clubs[group_of(&g, q->club)];

        club->mentors += !q->has_left;
        club->offers += q->offers;
        if (is_more(&q->gain, &club->gain)) club->gain = q->gain;
    }
    tell(teller, page->counts_offers ? WORDS_FAIRNESS_BY_CLUB_OFFERS : WORDS_FAIRNESS_BY_CLUB,
         NULL);
    match_print(teller->file, "\n|---|---:|---:|---|\n");
    for (uint32_t i = 0; i < g.count; i++)
        write_club(teller, g.names[i], &clubs[i]);
    match_print(teller->file, "\n");
    free(clubs);
    free(g.names);
}

static void write_answers(const struct teller *teller, const struct fair_page *page)
{
    if (!page->counts_offers) return;
    tell(teller, WORDS_FAIRNESS_ANSWERS,
         WORDS(words_number("answers", page->answers), words_number("told", page->answers_told)));
    match_print(teller->file, "\n\n");
}

static void write_mentors(const struct teller *teller, const struct fair_page *page)
{
    tell(teller,
         page->counts_offers ? WORDS_FAIRNESS_MENTORS_HEAD_OFFERS : WORDS_FAIRNESS_MENTORS_HEAD,
         NULL);
    match_print(teller->file, "\n|---|---|---:|---:|\n");
    for (uint32_t i = 0; i < page->mentor_count; i++) {
        const struct fair_mentor *q = &page->mentors[i];

        if (q->has_left) continue;
        match_print(teller->file, "| ");
        tell_name(teller, q->id);
        match_print(teller->file, " ");
        write_name(teller, q->club);
        match_print(teller->file, "%u | %u |\n", q->offers, q->free_places);
    }
}

void match_fair_write(const struct fair_page *page, enum language language, struct match_file *file)
{
    const struct teller teller = {file, language};

    match_print(file, "# ");
    tell(&teller, WORDS_FAIRNESS_TITLE, NULL);
    match_print(file, "\n\n");
    write_waiting(&teller, page);
    write_clubs(&teller, page);
    write_answers(&teller, page);
    write_mentors(&teller, page);
}

static void count_proposals(const struct match_case *c, const struct fair_page *page)
{
    struct matching_edge pairs[16];

    for (uint32_t i = 0; i < c->participants->count; i++) {
        const uint32_t count = matching_mentors_of(c->matching, i, pairs, 16);

        page->participants[i].has_offer = count > 0;
        for (uint32_t k = 0; k < count; k++) {
            page->mentors[pairs[k].mentor].offers++;
            page->mentors[pairs[k].mentor].free_places--;
        }
    }
}

void match_fair_write_case(const struct match_case *c, enum language language,
                           struct match_file *file)
{
    struct fair_page page = {.participant_count = c->participants->count,
                             .mentor_count = c->mentors->count,
                             .overdue_days = c->rules->overdue_days};
    struct matching_value *gain = room(page.mentor_count, sizeof *gain);

    page.participants = room(page.participant_count, sizeof *page.participants);
    page.mentors = room(page.mentor_count, sizeof *page.mentors);
    matching_one_more_place(c->matching, gain);
    for (uint32_t i = 0; i < page.participant_count; i++) {
        const struct match_person *p = &c->participants->at[i];

        page.participants[i] =
            (struct fair_participant){p->municipality, p->known.waiting_days, false};
    }
    for (uint32_t i = 0; i < page.mentor_count; i++) {
        const struct match_person *q = &c->mentors->at[i];

        page.mentors[i] = (struct fair_mentor){q->id, q->club, false, 0, q->places, gain[i]};
    }
    count_proposals(c, &page);
    match_fair_write(&page, language, file);
    free(gain);
    free(page.participants);
    free(page.mentors);
}
