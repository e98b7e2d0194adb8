/* Where deliveries are kept: a row for each, and the queues of those that wait. */
#include "delivery/delivery.h"

#include "store/table.h"
#include "tables.h"

static bool is_queued(const void *row)
{
    return ((const struct delivery *)row)->state == DELIVERY_STATE_QUEUED;
}

static const struct index due = {DELIVERIES_DUE, {"lane", "due"}, is_queued};

static const struct index by_partner = {DELIVERIES_BY_PARTNER, {"partner"}, NULL};
static const struct index by_to = {DELIVERIES_BY_TO, {"to"}, NULL};
static const struct index waiting = {DELIVERIES_WAITING, {"to"}, is_queued};
static const struct index to_go = {DELIVERIES_TO_GO, {"to", "due"}, is_queued};
static const struct index by_programme = {DELIVERIES_BY_PROGRAMME, {"programme"}, NULL};

const struct table deliveries = {
    DELIVERIES, &delivery_descriptor, {&due, &by_partner, &by_to, &waiting, &by_programme, &to_go}};

bool delivery_find(struct txn *txn, const struct delivery_input *in, struct ids *found,
                   struct error *err)
{
    const struct delivery like = {.to = in->head.id};

    if (in->type == DELIVERY_ON_PERSON_ERASED)
        return index_find(txn, &deliveries, &waiting, &like, 1, NULL, IDS_MAX, found, err);
    return ids_add(found, in->head.id, err); /* the message's own */
}

bool delivery_find_to_go(struct txn *txn, struct id to, struct ids *found, struct error *err)
{
    const struct delivery like = {.to = to};

    return index_find(txn, &deliveries, &to_go, &like, 1, NULL, IDS_MAX, found, err);
}

bool delivery_find_due(struct txn *txn, struct id lane, uint32_t most, struct ids *found,
                       struct error *err)
{
    const struct delivery like = {.lane = lane};

    return index_find(txn, &deliveries, &due, &like, 1, NULL, most, found, err);
}
