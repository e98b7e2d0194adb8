/* Of each pair why it is, of each who has nobody why not, in the order of the sheet. */
#include "match/why.h"

#include <stdlib.h>
#include <string.h>

#include "core/error.h"
#include "match/fair.h"
#include "match/tell.h"

enum { BETTER_MOST = 3 }; /* better-looking mentors that are spoken of, for each participant */

struct page {
    const struct match_case *c;
    struct teller teller;
    struct match_file *file;
    struct matching_edge *edges; /* room for one participant's */
};

static const char *participant_id(const struct page *page, uint32_t index)
{
    return page->c->participants->at[index].id;
}

static const char *mentor_id(const struct page *page, uint32_t index)
{
    return page->c->mentors->at[index].id;
}

static struct told_loss loss_of(const struct matching_move *move)
{
    const int64_t *t = move->loss.term;

    return (struct told_loss){t[MATCHING_PARTICIPANTS], t[MATCHING_MENTORS], t[MATCHING_PAIRS],
                              t[MATCHING_SCORE]};
}

/* One pair. */

static void write_parts(const struct page *page, const struct score *score)
{
    long long part[SCORE_FACTORS];

    for (unsigned f = 0; f < SCORE_FACTORS; f++)
        part[f] = score->part[f];
    tell_parts(&page->teller, part);
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
    uint32_t next;

    if (!matching_without(page->c->matching, pair.participant, pair.mentor, &move)) return;
    next = gets(&move, pair.participant);
    tell_runner_up(&page->teller, next == UINT32_MAX ? NULL : mentor_id(page, next),
                   loss_of(&move));
}

static enum told_obstacle obstacle_of(enum matching_hindrance hindrance, bool is_longer)
{
    switch (hindrance) {
    case MATCHING_FEWER: return TOLD_FEWER_SERVED;
    case MATCHING_EQUAL: return TOLD_EQUAL;
    case MATCHING_MOVES: return TOLD_MOVES_OTHERS;
    case MATCHING_TAKEN: return is_longer ? TOLD_WAITED_LONGER : TOLD_WORTH_MORE;
    }
    bug("obstacle_of: %d", (int)hindrance);
}

static void write_better(const struct page *page, struct matching_edge edge)
{
    const struct match_person *people = page->c->participants->at;
    struct told_better better = {.mentor = mentor_id(page, edge.mentor), .points = edge.score};
    struct matching_move move;
    enum matching_hindrance hindrance;
    uint32_t holder;

    if (!matching_with(page->c->matching, edge.participant, edge.mentor, &move)) return;
    hindrance = matching_hindrance(&move, &holder);
    if (holder != UINT32_MAX) {
        better.holder = participant_id(page, holder);
        better.days = (long long)people[holder].known.waiting_days -
                      (long long)people[edge.participant].known.waiting_days;
    }
    better.obstacle = obstacle_of(hindrance, better.days > 0);
    better.loss = loss_of(&move);
    tell_better(&page->teller, &better);
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

/* Nobody. */

static void write_why_no_candidate(const struct page *page, uint32_t participant)
{
    long long failed[MATCH_RULES] = {0}, too_low = 0;

    for (uint32_t i = 0; i < page->c->mentors->count; i++) {
        const struct score s = match_score(page->c, participant, i);

        for (unsigned r = 0; r < SCORE_RULES; r++)
            failed[r] += s.failed >> r & 1;
        too_low += s.failed == 0;
    }
    tell_nobody(&page->teller, page->c->mentors->count, false, failed, too_low);
}

static void write_participant(const struct page *page, uint32_t participant)
{
    const struct match_person *p = &page->c->participants->at[participant];
    struct matching_edge pairs[16];
    const uint32_t count = matching_mentors_of(page->c->matching, participant, pairs, 16);
    char name[TELL_NAME_SIZE], mentor[TELL_NAME_SIZE];

    for (uint32_t i = 0; i < count; i++) {
        const struct score score = match_score(page->c, participant, pairs[i].mentor);

        match_print(page->file, "## ");
        tell(&page->teller, WORDS_EXPLAIN_PAIR,
             WORDS(words_text("participant", tell_safe(p->id, name)),
                   words_text("mentor", tell_safe(mentor_id(page, pairs[i].mentor), mentor)),
                   words_count("points", WORDS_COUNT_POINTS, score.total)));
        match_print(page->file, "\n\n");
        write_parts(page, &score);
        tell_passed(&page->teller, page->c->rules->score.hard);
        write_runner_up(page, pairs[i]);
    }
    if (count == 0) {
        match_print(page->file, "## ");
        tell(&page->teller, WORDS_EXPLAIN_WITHOUT,
             WORDS(words_text("participant", tell_safe(p->id, name)),
                   words_count("days", WORDS_COUNT_DAYS, p->known.waiting_days)));
        match_print(page->file, "\n\n");
    }
    if (matching_edges_of(page->c->matching, participant, page->edges, 0) > 0)
        write_all_better(page, participant, pairs, count);
    else
        write_why_no_candidate(page, participant);
}

static void write_summary(const struct page *page)
{
    const struct matching_value v = matching_value(page->c->matching);
    const long long participants = page->c->participants->count - v.term[MATCHING_PARTICIPANTS];
    const long long mentors = page->c->mentors->count - v.term[MATCHING_MENTORS];

    match_print(page->file, "# ");
    tell(&page->teller, WORDS_EXPLAIN_TITLE, NULL);
    match_print(page->file, "\n\n");
    tell(&page->teller, WORDS_EXPLAIN_SUMMARY,
         WORDS(words_count("pairs", WORDS_COUNT_PAIRS, v.term[MATCHING_PAIRS]),
               words_count("participants", WORDS_COUNT_PARTICIPANTS, participants),
               words_count("mentors", WORDS_COUNT_MENTORS, mentors),
               words_count("points", WORDS_COUNT_POINTS, v.term[MATCHING_SCORE])));
    match_print(page->file, "\n\n");
}

void match_why_write(const struct match_case *c, enum language language, struct match_file *file)
{
    const struct page page = {
        c, {file, language}, file, malloc((c->mentors->count + (size_t)1) * sizeof *page.edges)};

    if (page.edges == NULL) bug("match: no memory");
    write_summary(&page);
    for (uint32_t i = 0; i < c->participants->count; i++)
        write_participant(&page, c->turns[i]);
    match_fair_write_case(c, language, file);
    free(page.edges);
}
