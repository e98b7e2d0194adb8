#include "match_why.h"

#include <stdlib.h>
#include <string.h>

#include "core/error.h"

enum { BETTER_MOST = 3 }; /* better-looking mentors that are spoken of, for each participant */

struct page {
    const struct match_case *c;
    const char *const *say;
    const char *const *factors, *const *rules;
    struct match_file *file;
    struct matching_edge *edges; /* room for one participant's */
};

static bool names(const struct match_word_list *list, const char *id)
{
    for (uint32_t i = 0; i < list->count; i++)
        if (strcmp(list->at[i], id) == 0) return true;
    return false;
}

struct score match_score(const struct match_case *c, uint32_t participant, uint32_t mentor)
{
    const struct match_person *p = &c->participants->at[participant], *q = &c->mentors->at[mentor];
    const struct score_relation relation = {.is_conflict = names(&p->conflicts, q->id),
                                            .is_supervisor = names(&p->supervisors, q->id),
                                            .is_former = names(&p->former, q->id)};

    return score_pair(&c->rules->score, &p->known, &q->known, relation);
}

static const char *participant_id(const struct page *page, uint32_t index)
{
    return page->c->participants->at[index].id;
}

static const char *mentor_id(const struct page *page, uint32_t index)
{
    return page->c->mentors->at[index].id;
}

static bool loses_people(const struct matching_value *loss)
{
    return loss->term[MATCHING_PARTICIPANTS] != 0 || loss->term[MATCHING_MENTORS] != 0 ||
           loss->term[MATCHING_PAIRS] != 0;
}

/* --- One pair ---------------------------------------------------------------------------------- */

static void write_parts(const struct page *page, const struct score *score)
{
    match_print(page->file, "%s\n|---|---:|\n", page->say[SAY_FACTOR_HEAD]);
    for (unsigned f = 0; f < SCORE_FACTORS; f++)
        match_print(page->file, "| %s | %d |\n", page->factors[f], score->part[f]);
    match_print(page->file, "\n");
}

static void write_rules_passed(const struct page *page)
{
    char list[512] = "";

    for (unsigned r = 0; r < SCORE_RULES; r++) {
        if ((page->c->rules->score.hard >> r & 1) == 0) continue;
        if (list[0] != '\0') strncat(list, ", ", sizeof list - strlen(list) - 1);
        strncat(list, page->rules[r], sizeof list - strlen(list) - 1);
    }
    if (list[0] == '\0') return;
    match_print(page->file, page->say[SAY_RULES_PASSED], list);
    match_print(page->file, "\n");
}

/* Whom the participant would get in a move, or UINT32_MAX. */
static uint32_t gets(const struct matching_move *move, uint32_t participant)
{
    for (uint32_t i = 0; i < move->change_count && i < MATCHING_CHANGES_MAX; i++)
        if (move->changes[i].is_made && move->changes[i].participant == participant)
            return move->changes[i].mentor;
    return UINT32_MAX;
}

static void write_runner_up(const struct page *page, struct matching_edge pair)
{
    struct matching_move move;
    long long t[MATCHING_TERMS];
    uint32_t next;

    if (!matching_without(page->c->matching, pair.participant, pair.mentor, &move)) return;
    for (unsigned i = 0; i < MATCHING_TERMS; i++)
        t[i] = (long long)move.loss.term[i];
    next = gets(&move, pair.participant);
    match_print(page->file, "\n");
    if (next == UINT32_MAX)
        match_print(page->file, page->say[SAY_NO_RUNNER_UP], t[0], t[1], t[2], t[3]);
    else if (loses_people(&move.loss))
        match_print(page->file, page->say[SAY_RUNNER_UP_TERMS], mentor_id(page, next), t[0], t[1],
                    t[2], t[3]);
    else
        match_print(page->file, page->say[SAY_RUNNER_UP], mentor_id(page, next), t[3]);
    match_print(page->file, "\n");
}

/* Who gives way to the new pair, as first in the chain; UINT32_MAX: nobody has to. */
static uint32_t gives_way(const struct matching_move *move)
{
    for (uint32_t i = 1; i < move->change_count && i < MATCHING_CHANGES_MAX; i++)
        if (!move->changes[i].is_made && move->changes[i].mentor == move->changes[0].mentor)
            return move->changes[i].participant;
    return UINT32_MAX;
}

static void write_better(const struct page *page, struct matching_edge edge)
{
    const struct match_person *people = page->c->participants->at;
    struct matching_move move;
    long long t[MATCHING_TERMS], longer;
    const char *id = mentor_id(page, edge.mentor);
    uint32_t other;

    if (!matching_with(page->c->matching, edge.participant, edge.mentor, &move)) return;
    for (unsigned i = 0; i < MATCHING_TERMS; i++)
        t[i] = (long long)move.loss.term[i];
    other = gives_way(&move);
    match_print(page->file, "- ");
    if (loses_people(&move.loss)) {
        match_print(page->file, page->say[SAY_BETTER_TERMS], id, edge.score, t[0], t[1], t[2],
                    t[3]);
    } else if (t[MATCHING_SCORE] == 0) {
        match_print(page->file, page->say[SAY_BETTER_TIE], id, edge.score);
    } else if (other == UINT32_MAX || other == edge.participant) {
        match_print(page->file, page->say[SAY_BETTER_CHAIN], id, edge.score, t[3]);
    } else {
        longer = (long long)people[other].known.waiting_days -
                 (long long)people[edge.participant].known.waiting_days;
        if (longer > 0)
            match_print(page->file, page->say[SAY_BETTER_LONGER], id, edge.score,
                        participant_id(page, other), longer, t[3]);
        else
            match_print(page->file, page->say[SAY_BETTER_OTHER], id, edge.score,
                        participant_id(page, other), t[3]);
    }
    match_print(page->file, "\n");
}

static bool is_among(const struct matching_edge *pairs, uint32_t count, uint32_t mentor)
{
    for (uint32_t i = 0; i < count; i++)
        if (pairs[i].mentor == mentor) return true;
    return false;
}

/* The mentors that would score higher than the least that the participant got. */
static void write_all_better(const struct page *page, uint32_t participant,
                             const struct matching_edge *pairs, uint32_t count)
{
    const uint32_t edges =
        matching_edges_of(page->c->matching, participant, page->edges, page->c->mentors->count);
    uint32_t told = 0;

    match_print(page->file, "\n");
    for (uint32_t i = 0; i < edges && told < BETTER_MOST; i++) {
        if (count > 0 && page->edges[i].score <= pairs[count - 1].score) break;
        if (is_among(pairs, count, page->edges[i].mentor)) continue;
        write_better(page, page->edges[i]);
        told++;
    }
    if (told > 0) match_print(page->file, "\n");
}

/* --- Nobody ------------------------------------------------------------------------------------ */

static void write_why_no_candidate(const struct page *page, uint32_t participant)
{
    long long failed[SCORE_RULES] = {0}, low = 0;

    match_print(page->file, page->say[SAY_NO_CANDIDATE], (long long)page->c->mentors->count);
    match_print(page->file, "\n\n");
    for (uint32_t i = 0; i < page->c->mentors->count; i++) {
        const struct score s = match_score(page->c, participant, i);

        for (unsigned r = 0; r < SCORE_RULES; r++)
            failed[r] += s.failed >> r & 1;
        low += s.failed == 0;
    }
    for (unsigned r = 0; r < SCORE_RULES; r++) {
        if (failed[r] == 0) continue;
        match_print(page->file, "- ");
        match_print(page->file, page->say[SAY_RULE_FAILED], page->rules[r], failed[r]);
        match_print(page->file, "\n");
    }
    if (low > 0) {
        match_print(page->file, "- ");
        match_print(page->file, page->say[SAY_TOO_LOW], low);
        match_print(page->file, "\n");
    }
    match_print(page->file, "\n");
}

static void write_participant(const struct page *page, uint32_t participant)
{
    const struct match_person *p = &page->c->participants->at[participant];
    struct matching_edge pairs[16];
    const uint32_t count = matching_mentors_of(page->c->matching, participant, pairs, 16);

    for (uint32_t i = 0; i < count; i++) {
        const struct score score = match_score(page->c, participant, pairs[i].mentor);

        match_print(page->file, "## ");
        match_print(page->file, page->say[SAY_PAIR], p->id, mentor_id(page, pairs[i].mentor),
                    score.total);
        match_print(page->file, "\n\n");
        write_parts(page, &score);
        write_rules_passed(page);
        write_runner_up(page, pairs[i]);
    }
    if (count == 0) {
        match_print(page->file, "## ");
        match_print(page->file, page->say[SAY_WITHOUT], p->id, (long long)p->known.waiting_days);
        match_print(page->file, "\n\n");
    }
    if (matching_edges_of(page->c->matching, participant, page->edges, 0) > 0)
        write_all_better(page, participant, pairs, count);
    else
        write_why_no_candidate(page, participant);
}

void match_why_write(const struct match_case *c, enum match_language language,
                     struct match_file *file)
{
    const struct page page = {c,
                              match_sayings[language],
                              match_factor_names[language],
                              match_rule_names[language],
                              file,
                              malloc((c->mentors->count + (size_t)1) * sizeof *page.edges)};
    const struct matching_value v = matching_value(c->matching);

    if (page.edges == NULL) bug("match: no memory");
    match_print(file, "# %s\n\n", page.say[SAY_TITLE]);
    match_print(file, page.say[SAY_SUMMARY], (long long)v.term[MATCHING_PAIRS],
                c->participants->count - (long long)v.term[MATCHING_PARTICIPANTS],
                c->mentors->count - (long long)v.term[MATCHING_MENTORS],
                (long long)v.term[MATCHING_SCORE]);
    match_print(file, "\n\n");
    for (uint32_t i = 0; i < c->participants->count; i++)
        write_participant(&page, c->turns[i]);
    match_fairness_write(c, language, file);
    free(page.edges);
}
