/* The optimum from scratch.
 *
 * An auction comes close while no term counts persons; exact search mends what it left, first for
 * one side and then for the other. Only then do the bonuses for persons count, which concerns the
 * few who have nobody: prices as large as a bonus would make an auction crawl.
 */
#include "matching/auction.h"
#include "matching/canon.h"
#include "matching/graph.h"
#include "matching/settle.h"

static void settle_side(struct matching *m, enum side_name name)
{
    uint32_t *everybody = m->scratch.list[name];

    for (uint32_t i = 0; i < m->side[name].count; i++)
        everybody[i] = i;
    settle(m, name, everybody, m->side[name].count);
}

void matching_solve(struct matching *m)
{
    struct side *p = &m->side[PARTICIPANT], *q = &m->side[MENTOR];
    const int64_t bonus[2] = {p->bonus, q->bonus};

    for (uint32_t i = 0; i < p->count; i++)
        while (p->person[i].load > 0)
            graph_unlink(m, i, arcs_of(p, i)->to);
    p->bonus = q->bonus = 0;
    auction(m);
    settle_side(m, PARTICIPANT);
    settle_side(m, MENTOR);
    p->bonus = bonus[PARTICIPANT];
    settle_side(m, PARTICIPANT);
    q->bonus = bonus[MENTOR];
    settle_side(m, MENTOR);
    canon(m);
}
