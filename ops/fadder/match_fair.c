/* The fairness report: offers per mentor and club, waiting by municipality, what a place is worth. */
#include <stdlib.h>
#include <string.h>

#include "core/error.h"
#include "match_why.h"
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

static const char *name_of(const struct match_person *person, bool is_club)
{
    return is_club ? person->club : person->municipality;
}

static struct groups group(const struct match_people *people, bool is_club)
{
    struct groups g = {room(people->count, sizeof *g.names), 0};
    uint32_t kept = 0;

    for (uint32_t i = 0; i < people->count; i++)
        g.names[i] = name_of(&people->at[i], is_club);
    if (people->count > 1) qsort(g.names, people->count, sizeof *g.names, by_name);
    for (uint32_t i = 0; i < people->count; i++)
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

static void write_group(struct match_file *file, const char *name, const struct fairness_group *g)
{
    match_print(file, "| %s | %u | %u | %u | %u (%u.%u %%) |\n", name, g->people, g->p50_days,
                g->p90_days, g->overdue, g->overdue_permille / 10, g->overdue_permille % 10);
}

static void write_waiting(const struct match_case *c, const char *const *say,
                          struct match_file *file)
{
    const uint32_t count = c->participants->count;
    struct groups g = group(c->participants, false);
    struct fairness_waiting *rows = room(count, sizeof *rows);
    struct fairness_group *sums = room(g.count + (size_t)1, sizeof *sums);

    for (uint32_t i = 0; i < count; i++) {
        const struct match_person *p = &c->participants->at[i];

        rows[i] = (struct fairness_waiting){group_of(&g, p->municipality), p->known.waiting_days,
                                            matching_mentors_of(c->matching, i, NULL, 0) > 0};
    }
    fairness_waiting_by_group(rows, count, c->rules->overdue_days, sums, g.count);
    match_print(file, say[SAY_BY_MUNICIPALITY], c->rules->overdue_days);
    match_print(file, "\n|---|---:|---:|---:|---:|\n");
    for (uint32_t i = 0; i < g.count; i++)
        write_group(file, shown(g.names[i], say), &sums[i]);
    write_group(file, say[SAY_EVERYBODY], &sums[g.count]);
    match_print(file, "\n");
    free(rows);
    free(sums);
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
    uint32_t mentors, proposals;
    struct matching_value gain; /* of one more place with the mentor where it is worth most */
};

static void write_clubs(const struct match_case *c, const uint32_t *proposals,
                        const char *const *say, struct match_file *file)
{
    static const struct matching_value nothing = {{0}};
    struct groups g = group(c->mentors, true);
    struct club *clubs = room(g.count, sizeof *clubs);
    struct matching_value *gain = room(c->mentors->count, sizeof *gain);

    matching_one_more_place(c->matching, gain);
    for (uint32_t i = 0; i < c->mentors->count; i++) {
        struct club *club = &clubs[group_of(&g, c->mentors->at[i].club)];

        club->mentors++;
        club->proposals += proposals[i];
        if (is_more(&gain[i], &club->gain)) club->gain = gain[i];
    }
    match_print(file, "%s\n|---|---:|---:|---|\n", say[SAY_BY_CLUB]);
    for (uint32_t i = 0; i < g.count; i++) {
        const struct club *club = &clubs[i];
        const int64_t *t = club->gain.term;

        match_print(file, "| %s | %u | %u | ", shown(g.names[i], say), club->mentors,
                    club->proposals);
        if (memcmp(&club->gain, &nothing, sizeof nothing) == 0)
            match_print(file, "%s", say[SAY_NOTHING]);
        else
            match_print(file, say[SAY_GAIN], (long long)t[0], (long long)t[1], (long long)t[2],
                        (long long)t[3]);
        match_print(file, " |\n");
    }
    match_print(file, "\n");
    free(clubs);
    free(gain);
    free(g.names);
}

static void write_mentors(const struct match_case *c, const uint32_t *proposals,
                          const char *const *say, struct match_file *file)
{
    match_print(file, "%s\n|---|---|---:|---:|\n", say[SAY_MENTORS_HEAD]);
    for (uint32_t i = 0; i < c->mentors->count; i++) {
        const struct match_person *q = &c->mentors->at[i];

        match_print(file, "| %s | %s | %u | %u |\n", q->id, shown(q->club, say), proposals[i],
                    q->places - proposals[i]);
    }
}

void match_fairness_write(const struct match_case *c, enum match_language language,
                          struct match_file *file)
{
    const char *const *say = match_sayings[language];
    uint32_t *proposals = room(c->mentors->count, sizeof *proposals);
    struct matching_edge pairs[16];

    for (uint32_t i = 0; i < c->participants->count; i++) {
        const uint32_t count = matching_mentors_of(c->matching, i, pairs, 16);

        for (uint32_t k = 0; k < count; k++)
            proposals[pairs[k].mentor]++;
    }
    match_print(file, "# %s\n\n", say[SAY_FAIRNESS]);
    write_waiting(c, say, file);
    write_clubs(c, proposals, say, file);
    write_mentors(c, proposals, say, file);
    free(proposals);
}
