/* What deciding about a link may read; and the aggregate as a whole. */
#include "link/link.h"

#include "fold/aggregate.h"
#include "person/person.h"
#include "referral/referral.h"
#include "store/table.h"

bool link_load(struct txn *txn, struct id id, const struct link_input *in, struct link_case *c,
               struct error *err)
{
    (void)in;
    memset(c, 0, sizeof *c);
    return table_get(txn, &links, id, &c->row, err) &&
           table_get(txn, &programmes, c->row.programme, &c->programme, err);
}

static bool is_with(struct txn *txn, const struct link *row, struct id organisation, bool *is,
                    struct error *err)
{
    struct person mentor;

    *is = row->has_host && id_equal(row->host, organisation);
    if (row->kind != LINK_KIND_MENTORSHIP || !row->has_other) return true;
    if (!table_get(txn, &persons, row->other, &mentor, err)) return false;
    *is = person_takes_part_for(&mentor, PERSON_PART_MENTOR, organisation);
    return true;
}

bool link_is_known_to(struct txn *txn, struct id participant, const struct knowing *who,
                      bool (*counts)(const struct link *row, struct instant at), bool *is_known,
                      struct error *err)
{
    struct ids found = {0};
    struct link row;

    *is_known = false;
    if (!link_find_of(txn, participant, IDS_MAX, &found, err)) return false;
    for (uint32_t i = 0; i < found.count && !*is_known; i++)
        if (!table_get(txn, &links, found.at[i], &row, err) ||
            (counts(&row, who->at) && !is_with(txn, &row, who->organisation, is_known, err)))
            return false;
    return true;
}

/* An organisation sees all of those for whom it is responsible, and of others what it has to do with. */
static bool link_knows(struct txn *txn, const struct link *row, const struct knowing *who,
                       bool *is_known, struct error *err)
{
    struct referral referral;

    *is_known = false;
    if (!table_get(txn, &referrals, row->referral, &referral, err) ||
        !referral_is_of(txn, &referral, who->organisation, is_known, err))
        return false;
    return *is_known || !link_is_shown(row, who->at) ||
           is_with(txn, row, who->organisation, is_known, err);
}

static bool link_whom(struct txn *txn, const struct knowing *who, struct whom *whom,
                      struct error *err)
{
    return link_whom_of(txn, who->organisation, whom, err) &&
           referral_each_of(txn, who, link_whom_referral, whom, err);
}

static bool link_guards(struct txn *txn, const void *row, struct guarded *guarded,
                        struct error *err)
{
    const struct link *link = row;

    guarded->sake = link->participant;
    return person_guards(txn, link->participant, guarded, err) &&
           (!link->has_other || person_guards(txn, link->other, guarded, err));
}

static bool has_part(struct txn *txn, const struct link *row, struct id organisation, bool *has,
                     struct error *err)
{
    struct referral referral;

    if (!table_get(txn, &referrals, row->referral, &referral, err) ||
        !referral_is_of(txn, &referral, organisation, has, err))
        return false;
    *has |= referral.has_organisation && id_equal(referral.organisation, organisation);
    return *has || is_with(txn, row, organisation, has, err);
}

static bool is_joint(struct txn *txn, const struct link *row, const struct knowing *who,
                     struct id other, bool *is, struct error *err)
{
    struct guarded guarded = {0};

    *is = false;
    if (!link_is_shown(row, who->at)) return true;
    if (!link_guards(txn, row, &guarded, err)) return false;
    return !near_row(&who->near, &guarded) || has_part(txn, row, other, is, err);
}

static bool joins_by(struct txn *txn, const struct whose *way, const struct knowing *who,
                     struct id other, bool *joins, struct error *err)
{
    struct id id, *after = NULL;
    struct link row;
    bool has;

    for (; !*joins; after = &id) {
        if (!index_next(txn, way->by, way->at, way->size, after, &id, &has, err)) return false;
        if (!has) return true;
        if (!table_get(txn, &links, id, &row, err) || !is_joint(txn, &row, who, other, joins, err))
            return false;
    }
    return true;
}

bool link_joins(struct txn *txn, const struct knowing *who, struct id other, bool *joins,
                struct error *err)
{
    struct whom whom = {0};

    *joins = false;
    if (!link_whom(txn, who, &whom, err)) return false;
    for (uint32_t i = 0; i < whom.count && !*joins; i++)
        if (!joins_by(txn, &whom.at[i], who, other, joins, err)) return false;
    return true;
}

AGGREGATE_FIND(link)
AGGREGATE_DECIDE(link)
AGGREGATE_EVOLVE(link)
AGGREGATE_KNOWS(link)

const struct aggregate link_aggregate = {
    .contract = &link_contract,
    .table = &links,
    .case_size = sizeof(struct link_case),
    .find = link_find_,
    .load = link_load_,
    .decide = link_decide_,
    .evolve = link_evolve_,
    .knows = link_knows_,
    .guards = link_guards,
    .whom = link_whom,
};
