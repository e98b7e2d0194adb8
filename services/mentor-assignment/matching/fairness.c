#include "matching/fairness.h"

#include <stdlib.h>
#include <string.h>

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

void fairness_count(const uint32_t *groups, size_t count, uint32_t *by_group, uint32_t group_count)
{
    memset(by_group, 0, group_count * sizeof *by_group);
    for (size_t i = 0; i < count; i++)
        if (groups[i] < group_count) by_group[groups[i]]++;
}
