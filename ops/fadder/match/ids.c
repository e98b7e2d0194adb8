/* Ids are compared as they stand; a mentor's is also found without its case, to say who was perhaps
 * meant. */
#include "match/ids.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/error.h"
#include "letters/letters.h"

/* An id without its case. */
struct loose {
    char *folded;
    const struct match_person *person;
};

struct loose_ids {
    struct loose *at;
    uint32_t count;
};

static int by_folded(const void *left, const void *right)
{
    const struct loose *a = left, *b = right;

    return strcmp(a->folded, b->folded);
}

static struct loose_ids loosen(const struct match_people *people)
{
    struct loose_ids ids = {calloc(people->count + (size_t)1, sizeof *ids.at), people->count};

    if (ids.at == NULL) bug("match: no memory");
    for (uint32_t i = 0; i < ids.count; i++)
        ids.at[i] = (struct loose){letters_fold(people->at[i].id), &people->at[i]};
    if (ids.count > 1) qsort(ids.at, ids.count, sizeof *ids.at, by_folded);
    return ids;
}

static void forget(struct loose_ids *ids)
{
    for (uint32_t i = 0; i < ids->count; i++)
        free(ids->at[i].folded);
    free(ids->at);
}

/* A mentor whose id differs by case alone, or is the same; or NULL. */
static const struct match_person *find(const struct loose_ids *ids, const char *id)
{
    char *folded = letters_fold(id);
    const struct loose like = {folded, NULL};
    const struct loose *found =
        ids->count == 0 ? NULL : bsearch(&like, ids->at, ids->count, sizeof like, by_folded);

    free(folded);
    return found == NULL ? NULL : found->person;
}

static int by_line(const void *left, const void *right)
{
    const struct loose *a = left, *b = right;
    const int order = by_folded(left, right);

    if (order != 0) return order;
    return a->person->line < b->person->line ? -1 : a->person->line > b->person->line;
}

/* Ids of one sheet that differ by case alone are two people's: that may be so. */
static void note_case(const struct match_people *people)
{
    struct loose_ids ids = loosen(people);

    if (ids.count > 1) qsort(ids.at, ids.count, sizeof *ids.at, by_line);
    for (uint32_t i = 1; i < ids.count; i++) {
        const struct match_person *p = ids.at[i].person, *above = ids.at[i - 1].person;

        if (by_folded(&ids.at[i - 1], &ids.at[i]) != 0) continue;
        csv_note(
            &people->csv, p->line, p->column,
            "\"%.64s\" and \"%.64s\" in line %llu count as two people: if it is one, take out a "
            "row",
            p->id, above->id, (unsigned long long)above->line);
    }
    forget(&ids);
}

/* Mentors that a participant's row names must be there, or a hard rule would pass unseen. */
static void check_named(struct match_people *participants, const struct match_people *mentors,
                        const struct loose_ids *ids, const struct match_word_list *list)
{
    for (uint32_t i = 0; i < list->count; i++) {
        const struct match_person *near;

        if (match_people_find(mentors, list->at[i]) < mentors->count) continue;
        near = find(ids, list->at[i]);
        csv_fault(&participants->csv, list->line, list->column,
                  near == NULL ? "there is no mentor \"%.64s\""
                               : "there is no mentor \"%.64s\", but there is \"%.64s\"",
                  list->at[i], near == NULL ? "" : near->id);
    }
}

static void check_all_named(struct match_people *participants, const struct match_people *mentors,
                            const struct loose_ids *ids)
{
    for (uint32_t i = 0; i < participants->count; i++) {
        check_named(participants, mentors, ids, &participants->at[i].conflicts);
        check_named(participants, mentors, ids, &participants->at[i].supervisors);
        check_named(participants, mentors, ids, &participants->at[i].former);
    }
}

/* One world or two. */

/* Ids that would be the same if somebody had not changed their case. */
static void check_case(struct match_people *participants, const struct match_people *mentors,
                       const struct loose_ids *ids)
{
    for (uint32_t i = 0; i < participants->count; i++) {
        const struct match_person *p = &participants->at[i];
        const struct match_person *near = find(ids, p->id);

        if (near == NULL || match_people_find(mentors, p->id) < mentors->count) continue;
        csv_fault(&participants->csv, p->line, p->column,
                  "\"%.64s\" is \"%.64s\" in %.60s, line %llu: write it the same if it is the same "
                  "person; if not, say --different-people",
                  p->id, near->id, mentors->csv.path, (unsigned long long)near->line);
    }
}

/* Whether a participant's id is a mentor's as well: the first of them, in order of id, or NULL. */
static const struct match_person *find_shared(const struct match_people *participants,
                                              const struct match_people *mentors, uint32_t *count)
{
    const struct match_person *first = NULL;

    *count = 0;
    for (uint32_t i = 0; i < participants->count; i++) {
        if (match_people_find(mentors, participants->at[i].id) == mentors->count) continue;
        if (first == NULL) first = &participants->at[i];
        (*count)++;
    }
    return first;
}

static bool check_shared(const struct match_people *participants,
                         const struct match_people *mentors)
{
    uint32_t count;
    const struct match_person *first = find_shared(participants, mentors, &count);

    if (first == NULL) return true;
    fprintf(
        stderr,
        "%s, line %llu, column %u (id): \"%s\" is in %s, line %llu, as well%s. Say which it is:\n"
        "    --same-people       the same id is the same person, who is nobody's own mentor\n"
        "    --different-people  each sheet counts for itself: the same id is two people\n",
        participants->csv.path, (unsigned long long)first->line, first->column + 1, first->id,
        mentors->csv.path,
        (unsigned long long)mentors->at[match_people_find(mentors, first->id)].line,
        count > 1 ? ", and it is not the only one" : "");
    return false;
}

bool ids_check(struct match_people *participants, const struct match_people *mentors,
               enum ids_world world)
{
    struct loose_ids ids = loosen(mentors);
    bool is_shared;

    note_case(mentors);
    note_case(participants);
    check_all_named(participants, mentors, &ids);
    if (world != IDS_DIFFERENT) check_case(participants, mentors, &ids);
    is_shared = world == IDS_UNSAID && !check_shared(participants, mentors);
    forget(&ids);
    return participants->csv.fault_count == 0 && !is_shared;
}
