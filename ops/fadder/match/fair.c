/* The fairness report as Markdown: small groups are put together, or left out where even that is
 * too few. */
#include "match/fair.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/error.h"
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

static const char *shown(const char *name, const char *const *say)
{
    return name[0] == '\0' ? say[SAY_NOWHERE] : name;
}

static void write_figures(struct match_file *file, const struct fairness_group *g)
{
    match_print(file, " | %u | %u | %u | %u (%u.%u %%) |\n", g->people, g->p50_days, g->p90_days,
                g->overdue, g->overdue_permille / 10, g->overdue_permille % 10);
}

static void write_group(struct match_file *file, const char *name, const struct fairness_group *g)
{
    match_print(file, "| %s", name);
    write_figures(file, g);
}

/* The small ones stand together in the line behind the others. */
static void write_groups(const struct fair_page *page, const struct groups *g,
                         struct fairness_waiting *rows, const char *const *say,
                         struct match_file *file)
{
    bool *is_small = room(g->count, sizeof *is_small);
    struct fairness_group *sums = room(g->count + (size_t)2, sizeof *sums);
    const uint32_t together =
        fairness_join_small(rows, page->participant_count, FAIR_LEAST, g->count, is_small);

    fairness_waiting_by_group(rows, page->participant_count, page->overdue_days, sums,
                              g->count + 1);
    for (uint32_t i = 0; i < g->count; i++)
        if (!is_small[i]) write_group(file, shown(g->names[i], say), &sums[i]);
    if (together > 0) {
        match_print(file, "| ");
        match_print(file, say[SAY_FEW], together, FAIR_LEAST);
        write_figures(file, &sums[g->count]);
    }
    write_group(file, say[SAY_EVERYBODY], &sums[g->count + 1]);
    free(is_small);
    free(sums);
}

static void write_waiting(const struct fair_page *page, const char *const *say,
                          struct match_file *file)
{
    const uint32_t count = page->participant_count;
    struct groups g = group(page, count, municipality_of);
    struct fairness_waiting *rows = room(count, sizeof *rows);

    for (uint32_t i = 0; i < count; i++) {
        const struct fair_participant *p = &page->participants[i];

        rows[i] = (struct fairness_waiting){group_of(&g, p->municipality), p->days, p->has_offer};
    }
    if (count < FAIR_LEAST) {
        match_print(file, say[SAY_TOO_FEW], FAIR_LEAST);
        match_print(file, "\n");
    } else {
        match_print(file,
                    say[page->counts_offers ? SAY_BY_MUNICIPALITY_OFFERS : SAY_BY_MUNICIPALITY],
                    page->overdue_days);
        match_print(file, "\n|---|---:|---:|---:|---:|\n");
        write_groups(page, &g, rows, say, file);
    }
    match_print(file, "\n");
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

static void write_club(const char *name, const struct club *club, const char *const *say,
                       struct match_file *file)
{
    static const struct matching_value nothing = {{0}};
    const int64_t *t = club->gain.term;

    match_print(file, "| %s | %u | %u | ", shown(name, say), club->mentors, club->offers);
    if (memcmp(&club->gain, &nothing, sizeof nothing) == 0)
        match_print(file, "%s", say[SAY_NOTHING]);
    else
        match_print(file, say[SAY_GAIN], (long long)t[0], (long long)t[1], (long long)t[2],
                    (long long)t[3]);
    match_print(file, " |\n");
}

static void write_clubs(const struct fair_page *page, const char *const *say,
                        struct match_file *file)
{
    struct groups g = group(page, page->mentor_count, club_of);
    struct club *clubs = room(g.count, sizeof *clubs);

    for (uint32_t i = 0; i < page->mentor_count; i++) {
        const struct fair_mentor *q = &page->mentors[i];
        struct club *club = &clubs[group_of(&g, q->club)];

        club->mentors++;
        club->offers += q->offers;
        if (is_more(&q->gain, &club->gain)) club->gain = q->gain;
    }
    match_print(file, "%s\n|---|---:|---:|---|\n",
                say[page->counts_offers ? SAY_BY_CLUB_OFFERS : SAY_BY_CLUB]);
    for (uint32_t i = 0; i < g.count; i++)
        write_club(g.names[i], &clubs[i], say, file);
    match_print(file, "\n");
    free(clubs);
    free(g.names);
}

static void write_mentors(const struct fair_page *page, const char *const *say,
                          struct match_file *file)
{
    match_print(file, "%s\n|---|---|---:|---:|\n",
                say[page->counts_offers ? SAY_MENTORS_HEAD_OFFERS : SAY_MENTORS_HEAD]);
    for (uint32_t i = 0; i < page->mentor_count; i++) {
        const struct fair_mentor *q = &page->mentors[i];

        match_print(file, "| %s | %s | %u | %u |\n", q->id, shown(q->club, say), q->offers,
                    q->free_places);
    }
}

void match_fair_write(const struct fair_page *page, enum match_language language,
                      struct match_file *file)
{
    const char *const *say = match_sayings[language];

    match_print(file, "# %s\n\n", say[SAY_FAIRNESS]);
    write_waiting(page, say, file);
    write_clubs(page, say, file);
    write_mentors(page, say, file);
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

void match_fair_write_case(const struct match_case *c, enum match_language language,
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

        page.mentors[i] = (struct fair_mentor){q->id, q->club, 0, q->places, gain[i]};
    }
    count_proposals(c, &page);
    match_fair_write(&page, language, file);
    free(gain);
    free(page.participants);
    free(page.mentors);
}
