/* Where outlets are kept: a row for each, and a way to a partner's. */
#include "outlet/outlet.h"

#include "fold/aggregate.h"
#include "store/table.h"
#include "tables.h"

static bool is_active(const void *row)
{
    return ((const struct outlet *)row)->state == OUTLET_STATE_ACTIVE;
}

static const struct index by_partner = {OUTLETS_BY_PARTNER, {"partner"}, is_active};

static bool has_until(const void *row)
{
    const struct outlet *outlet = row;

    return outlet->state == OUTLET_STATE_DISABLED && outlet->has_until;
}

static const struct index waiting = {OUTLETS_WAITING, {"partner"}, has_until};

const struct table outlets = {OUTLETS, &outlet_descriptor, {&by_partner, &waiting}};

static bool find_active(struct txn *txn, struct id partner, uint32_t most, struct ids *found,
                        struct error *err)
{
    const struct outlet like = {.partner = partner};

    return index_find(txn, &outlets, &by_partner, &like, 1, NULL, most, found, err);
}

static bool add_waiting(struct txn *txn, const struct ids *page, struct instant now,
                        struct ids *found, struct error *err)
{
    struct outlet row;

    for (uint32_t i = 0; i < page->count && found->count < OUTLETS_MAX; i++) {
        if (!table_get(txn, &outlets, page->at[i], &row, err)) return false;
        if (outlet_may_return(&row, now) && !ids_add(found, row.id, err)) return false;
    }
    return true;
}

/* Those that were disabled long ago stay in the index: the clock moves no row. */
static bool find_waiting(struct txn *txn, struct id partner, struct instant now, struct ids *found,
                         struct error *err)
{
    const struct outlet like = {.partner = partner};
    struct ids page = {.count = IDS_MAX};
    struct id after;

    for (const struct id *behind = NULL; page.count == IDS_MAX; behind = &after) {
        page.count = 0;
        if (!index_find(txn, &outlets, &waiting, &like, 1, behind, IDS_MAX, &page, err) ||
            !add_waiting(txn, &page, now, found, err))
            return false;
        if (page.count > 0) after = page.at[page.count - 1];
    }
    return true;
}

bool outlet_find_told(struct txn *txn, struct id partner, struct instant now, struct ids *found,
                      struct error *err)
{
    return find_active(txn, partner, OUTLETS_MAX, found, err) &&
           find_waiting(txn, partner, now, found, err);
}

bool outlet_find(struct txn *txn, const struct outlet_input *in, struct ids *found,
                 struct error *err)
{
    switch (in->type) {
    case OUTLET_ON_ENDPOINT_CREATED:
    case OUTLET_ON_ENDPOINT_SECRET_ROTATED:
    case OUTLET_ON_ENDPOINT_DISABLED:
    case OUTLET_ON_ENDPOINT_UNDONE:
    case OUTLET_ON_ENDPOINT_GONE: return ids_add(found, in->head.id, err);
    case OUTLET_ON_PARTNER_DISABLED: return find_active(txn, in->head.id, IDS_MAX, found, err);
    case OUTLET_ON_DELIVERY_GIVEN_UP:
        return in->delivery_given_up.result != DELIVERY_RESULT_GONE ||
               ids_add(found, in->delivery_given_up.to, err);
    }
    bug("outlet_find: input type %u", in->type);
}

AGGREGATE_FIND(outlet)
AGGREGATE_EVOLVE(outlet)

const struct aggregate outlet_aggregate = {
    .contract = &outlet_contract,
    .table = &outlets,
    .find = outlet_find_,
    .evolve = outlet_evolve_,
};
