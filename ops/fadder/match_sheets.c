/* From two sheets to a matching, and to what people read of it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "command.h"
#include "core/date.h"
#include "core/error.h"
#include "match.h"
#include "match_people.h"
#include "match_rules.h"
#include "match_why.h"

static void *room(void *old, size_t count, size_t size)
{
    void *new = realloc(old, count * size + 1);

    if (new == NULL) bug("match: no memory for %zu", count);
    return new;
}

static int fail(const struct error *err)
{
    fprintf(stderr, "fadder match: %s\n", err->text);
    return EXIT_FAILED;
}

/* --- Who may be named --------------------------------------------------------------------------- */

/* Mentors that a participant's row names must be there, or a hard rule would pass unseen. */
static void check_named(struct match_people *participants, const struct match_people *mentors,
                        const struct match_word_list *list)
{
    for (uint32_t i = 0; i < list->count; i++)
        if (match_people_find(mentors, list->at[i]) == mentors->count)
            csv_fault(&participants->csv, list->line, list->column, "there is no mentor \"%.64s\"",
                      list->at[i]);
}

static bool check_all_named(struct match_people *participants, const struct match_people *mentors)
{
    for (uint32_t i = 0; i < participants->count; i++) {
        check_named(participants, mentors, &participants->at[i].conflicts);
        check_named(participants, mentors, &participants->at[i].supervisors);
        check_named(participants, mentors, &participants->at[i].former);
    }
    return participants->csv.fault_count == 0;
}

/* --- The instance ------------------------------------------------------------------------------ */

struct turn {
    int64_t since;
    uint32_t index;
};

/* People are in order of id already. */
static int by_wait(const void *left, const void *right)
{
    const struct turn *a = left, *b = right;

    if (a->since != b->since) return a->since < b->since ? -1 : 1;
    return a->index < b->index ? -1 : a->index > b->index;
}

struct plan {
    struct match_case c;
    struct matching *matching;
    uint32_t *turns, *rank, *capacity[2];
    struct matching_edge *edges;
};

static void rank(struct plan *plan)
{
    const uint32_t count = plan->c.participants->count;
    struct turn *turns = room(NULL, count, sizeof *turns);

    for (uint32_t i = 0; i < count; i++)
        turns[i] = (struct turn){plan->c.participants->at[i].waiting_since, i};
    if (count > 1) qsort(turns, count, sizeof *turns, by_wait);
    plan->turns = room(NULL, count, sizeof *plan->turns);
    plan->rank = room(NULL, count, sizeof *plan->rank);
    for (uint32_t i = 0; i < count; i++) {
        plan->turns[i] = turns[i].index;
        plan->rank[turns[i].index] = i;
    }
    plan->c.turns = plan->turns;
    free(turns);
}

static size_t find_candidates(struct plan *plan)
{
    size_t count = 0, space = 0;

    for (uint32_t p = 0; p < plan->c.participants->count; p++)
        for (uint32_t q = 0; q < plan->c.mentors->count; q++) {
            const struct score s = match_score(&plan->c, p, q);

            if (s.failed != 0 || s.total < plan->c.rules->least_score) continue;
            if (count == space) {
                space = space == 0 ? 4096 : 2 * space;
                plan->edges = room(plan->edges, space, sizeof *plan->edges);
            }
            plan->edges[count++] = (struct matching_edge){p, q, s.total};
        }
    return count;
}

static uint32_t *places(const struct match_people *people)
{
    uint32_t *list = room(NULL, people->count, sizeof *list);

    for (uint32_t i = 0; i < people->count; i++)
        list[i] = people->at[i].places;
    return list;
}

static bool solve(struct plan *plan, const struct matching_objective *objective, struct error *err)
{
    struct matching_instance in = {.objective = *objective,
                                   .participants = plan->c.participants->count,
                                   .mentors = plan->c.mentors->count};

    rank(plan);
    plan->capacity[0] = places(plan->c.participants);
    plan->capacity[1] = places(plan->c.mentors);
    in.edge_count = find_candidates(plan);
    in.participant_rank = plan->rank;
    in.participant_capacity = plan->capacity[0];
    in.mentor_capacity = plan->capacity[1];
    in.edges = plan->edges;
    plan->matching = matching_create(&in, err);
    if (plan->matching == NULL) return false;
    matching_solve(plan->matching);
    plan->c.matching = plan->matching;
    return true;
}

static void forget(struct plan *plan)
{
    matching_destroy(plan->matching);
    free(plan->turns);
    free(plan->rank);
    free(plan->capacity[0]);
    free(plan->capacity[1]);
    free(plan->edges);
}

/* --- The answer -------------------------------------------------------------------------------- */

static void write_cell(struct match_file *file, const char *text, char delimiter)
{
    const char special[] = {delimiter, '"', '\n', '\r', '\0'};

    if (strpbrk(text, special) == NULL) {
        match_print(file, "%s", text);
        return;
    }
    match_print(file, "\"");
    for (; *text != '\0'; text++)
        match_print(file, *text == '"' ? "\"\"" : "%c", *text);
    match_print(file, "\"");
}

/* In order of id, with the parts of each score, as the participants' sheet separates its columns. */
static bool write_pairs(const struct match_case *c, const char *path, struct error *err)
{
    const char delimiter = c->participants->csv.delimiter;
    struct match_file *file = match_open(path, err);
    struct matching_edge pairs[16];

    if (file == NULL) return false;
    match_print(file, "participant%cmentor%cscore", delimiter, delimiter);
    for (unsigned f = 0; f < SCORE_FACTORS; f++)
        match_print(file, "%c%s", delimiter, match_factor_words[f]);
    match_print(file, "\n");
    for (uint32_t i = 0; i < c->participants->count; i++) {
        const uint32_t count = matching_mentors_of(c->matching, i, pairs, 16);

        for (uint32_t k = 0; k < count; k++) {
            const struct score s = match_score(c, i, pairs[k].mentor);

            write_cell(file, c->participants->at[i].id, delimiter);
            match_print(file, "%c", delimiter);
            write_cell(file, c->mentors->at[pairs[k].mentor].id, delimiter);
            match_print(file, "%c%d", delimiter, s.total);
            for (unsigned f = 0; f < SCORE_FACTORS; f++)
                match_print(file, "%c%d", delimiter, s.part[f]);
            match_print(file, "\n");
        }
    }
    return match_close(file, err);
}

static bool write_why(const struct match_case *c, const char *path, enum match_language language,
                      struct error *err)
{
    struct match_file *file = match_open(path, err);

    if (file == NULL) return false;
    match_why_write(c, language, file);
    return match_close(file, err);
}

static bool read_language(const char *given, enum match_language *language)
{
    *language = MATCH_EN;
    if (given == NULL) return true;
    for (unsigned i = 0; i < MATCH_LANGUAGES; i++)
        if (strcmp(match_language_codes[i], given) == 0) {
            *language = (enum match_language)i;
            return true;
        }
    fprintf(stderr, "fadder match: --language is en, sv, nb or nn\n");
    return false;
}

static bool read_today(const char *given, int64_t *day)
{
    struct date date;

    if (given == NULL) {
        *day = (int64_t)(time(NULL) / 86400);
        return true;
    }
    if (!date_read(given, (uint32_t)strlen(given), &date)) {
        fprintf(stderr, "fadder match: --today is a date such as 2026-11-22\n");
        return false;
    }
    *day = date.day;
    return true;
}

static int answer(const struct match_sheets *sheets, const struct matching_objective *objective,
                  const struct match_people *participants, const struct match_people *mentors,
                  const struct match_rules *rules, enum match_language language)
{
    struct plan plan = {.c = {.participants = participants, .mentors = mentors, .rules = rules}};
    struct error err;
    const bool ok =
        solve(&plan, objective, &err) && write_pairs(&plan.c, sheets->out, &err) &&
        (sheets->explain == NULL || write_why(&plan.c, sheets->explain, language, &err));

    forget(&plan);
    return ok ? EXIT_DONE : fail(&err);
}

int match_sheets(const struct match_sheets *sheets, const struct matching_objective *objective)
{
    struct match_rules rules = match_rules_default;
    struct match_people participants = {0}, mentors = {0};
    struct match_book *book;
    enum match_language language;
    struct error err;
    int64_t today;
    int code = EXIT_FAILED;
    bool has_mentors, has_participants;

    if (!read_language(sheets->language, &language) || !read_today(sheets->today, &today))
        return EXIT_USAGE;
    if (sheets->rules != NULL && !match_rules_load(sheets->rules, &rules, &err)) return fail(&err);
    book = match_book_create();
    has_mentors = match_mentors_load(sheets->mentors, book, &mentors);
    has_participants = match_participants_load(sheets->participants, book, today, &participants);
    if (has_mentors && has_participants && check_all_named(&participants, &mentors))
        code = answer(sheets, objective, &participants, &mentors, &rules, language);
    match_people_free(&participants);
    match_people_free(&mentors);
    match_book_destroy(book);
    return code;
}
