/* Where programmes are kept: a row for each, and a way from its slug. */
#include "programme/programme.h"

#include "fold/aggregate.h"
#include "store/table.h"
#include "tables.h"

static const struct index by_slug = {PROGRAMMES_BY_SLUG, {"slug"}, NULL};

const struct table programmes = {PROGRAMMES, &programme_descriptor, {&by_slug}};

static bool find_slug(struct txn *txn, const char *slug, struct programme_case *c,
                      struct error *err)
{
    struct programme like = {0};
    struct ids found = {0};

    memcpy(like.slug, slug, sizeof like.slug);
    if (!index_find(txn, &programmes, &by_slug, &like, 1, NULL, 1, &found, err)) return false;
    c->is_slug_taken = found.count > 0;
    return true;
}

bool programme_load(struct txn *txn, struct id id, const struct programme_input *in,
                    struct programme_case *c, struct error *err)
{
    memset(c, 0, sizeof *c);
    if (in->type == PROGRAMME_CREATE && !find_slug(txn, in->programme_create.slug, c, err))
        return false;
    return table_get(txn, &programmes, id, &c->row, err);
}

AGGREGATE_DECIDE(programme)
AGGREGATE_EVOLVE(programme)

const struct aggregate programme_aggregate = {
    .contract = &programme_contract,
    .table = &programmes,
    .case_size = sizeof(struct programme_case),
    .load = programme_load_,
    .decide = programme_decide_,
    .evolve = programme_evolve_,
};
