#include "matching/fairness.h"

#include <stdlib.h>
#include <string.h>

#include "core/error.h"

static int by_group_and_days(const void *left, const void *right)
{
    const struct fairness_waiting *a = left, *b = right;

    if (a->group != b->group) return a->group < b->group ? -1 : 1;
    return a->days < b->days ? -1 : a->days > b->days;
}

static int by_days(const void *left, const void *right)
{
    const struct fairness_waiting *a = left, *b = right;

    return a->days < b->days ? -1 : a->days > b->days;
}

/* Nearest rank, of rows by rising days. */
static uint32_t quantile(const struct fairness_waiting *rows, size_t count, unsigned hundredths)
{
    return rows[(count * hundredths + 99) / 100 - 1].days;
}

static struct fairness_group sum_up(const struct fairness_waiting *rows, size_t count,
                                    uint32_t limit_days)
{
    struct fairness_group g = {.people = (uint32_t)count};

    if (count == 0) return g;
    g.p50_days = quantile(rows, count, 50);
    g.p90_days = quantile(rows, count, 90);
    for (size_t i = 0; i < count; i++)
        g.overdue += !rows[i].has_offer && rows[i].days >= limit_days;
    g.overdue_permille = (uint32_t)((uint64_t)g.overdue * 1000 / count);
    return g;
}

void fairness_waiting_by_group(struct fairness_waiting *rows, size_t count, uint32_t limit_days,
                               struct fairness_group *groups, uint32_t group_count)
{
    memset(groups, 0, (group_count + (size_t)1) * sizeof *groups);
    if (count == 0) return;
    qsort(rows, count, sizeof *rows, by_group_and_days);
    for (size_t begin = 0, end; begin < count; begin = end) {
        for (end = begin + 1; end < count && rows[end].group == rows[begin].group; end++)
            continue;
        if (rows[begin].group < group_count)
            groups[rows[begin].group] = sum_up(rows + begin, end - begin, limit_days);
    }
    qsort(rows, count, sizeof *rows, by_days);
    groups[group_count] = sum_up(rows, count, limit_days);
}

/* The smallest group with people in it that is not joined yet; group_count: there is none. */
static uint32_t smallest(const uint32_t *people, const bool *is_joined, uint32_t group_count)
{
    uint32_t found = group_count;

    for (uint32_t g = 0; g < group_count; g++)
        if (people[g] > 0 && !is_joined[g] && (found == group_count || people[g] < people[found]))
            found = g;
    return found;
}

uint32_t fairness_join_small(struct fairness_waiting *rows, size_t count, uint32_t least,
                             uint32_t group_count, bool *is_joined)
{
    uint32_t *people = calloc(group_count + (size_t)1, sizeof *people);
    uint32_t together = 0, joined = 0;

    if (people == NULL) bug("fairness: no memory");
    memset(is_joined, 0, group_count * sizeof *is_joined);
    for (size_t i = 0; i < count; i++)
        if (rows[i].group < group_count) people[rows[i].group]++;
    for (;;) {
        const uint32_t next = smallest(people, is_joined, group_count);

        if (next == group_count) break;
        if (people[next] >= least && (together == 0 || together >= least)) break;
        is_joined[next] = true;
        together += people[next];
        joined++;
    }
    for (size_t i = 0; i < count; i++)
        if (rows[i].group < group_count && is_joined[rows[i].group]) rows[i].group = group_count;
    free(people);
    return joined;
}
