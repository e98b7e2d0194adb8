/* What deciding about a posting may read; and the aggregate as a whole. */
#include "posting/posting.h"

#include "fold/aggregate.h"
#include "placement/placement.h"
#include "store/table.h"

bool posting_load(struct txn *txn, struct id id, const struct posting_input *in,
                  struct posting_case *c, struct error *err)
{
    memset(c, 0, sizeof *c);
    if (in->type == POSTING_CREATE)
        return table_get(txn, &all_placement_rules, in->head.programme, &c->rules, err);
    return table_get(txn, &postings, id, &c->row, err) &&
           table_get(txn, &all_placement_rules, c->row.programme, &c->rules, err) &&
           placement_count_seats(txn, id, &c->taken, err);
}

/* A participant sees where they will be, from the agreement on; an organisation what it offers itself, and where those are
 * planned for whom it is responsible. */
static bool posting_knows(struct txn *txn, const struct posting *row, const struct knowing *who,
                          bool *is_known, struct error *err)
{
    if (who->near.role != ROLE_CO) return placement_is_agreed(txn, who, row->id, is_known, err);
    *is_known = id_equal(row->host, who->organisation);
    return *is_known || placement_has_ward_at(txn, row->id, who, is_known, err);
}

static void add_posting(const struct placement *row, struct whom *whom)
{
    whom_add(whom, row->posting);
}

static bool posting_whom(struct txn *txn, const struct knowing *who, struct whom *whom,
                         struct error *err)
{
    struct placement placement;
    struct ids found = {0};

    if (who->near.role == ROLE_CO) {
        posting_whom_of(who->organisation, whom);
        return placement_whom_wards(txn, who, add_posting, whom, err);
    }
    if (!placement_find_of(txn, who->person, &found, err)) return false;
    for (uint32_t i = 0; i < found.count; i++) {
        if (!table_get(txn, &placements, found.at[i], &placement, err)) return false;
        whom_add(whom, placement.posting);
    }
    return true;
}

AGGREGATE_FIND(posting)
AGGREGATE_DECIDE(posting)
AGGREGATE_EVOLVE(posting)
AGGREGATE_DUE(posting)
AGGREGATE_KNOWS(posting)

const struct aggregate posting_aggregate = {
    .contract = &posting_contract,
    .life = &posting_life,
    .table = &postings,
    .case_size = sizeof(struct posting_case),
    .find = posting_find_,
    .load = posting_load_,
    .decide = posting_decide_,
    .evolve = posting_evolve_,
    .due = posting_due_,
    .knows = posting_knows_,
    .whom = posting_whom,
};
