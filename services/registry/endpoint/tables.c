/* Where endpoints are kept: a row for each, and a way from their partner. */
#include "endpoint/endpoint.h"

#include "fold/aggregate.h"
#include "store/table.h"
#include "tables.h"

static bool is_active(const void *row)
{
    return ((const struct endpoint *)row)->state == ENDPOINT_STATE_ACTIVE;
}

static const struct index by_partner = {ENDPOINTS_BY_PARTNER, {"partner"}, NULL};
static const struct index by_programme = {ENDPOINTS_BY_PROGRAMME, {"programme"}, NULL};
static const struct index active_of = {ENDPOINTS_ACTIVE, {"partner"}, is_active};

const struct table endpoints = {
    ENDPOINTS, &endpoint_descriptor, {&by_partner, &active_of, &by_programme}};

bool endpoint_count_active(struct txn *txn, struct id partner, int64_t *active, struct error *err)
{
    const struct endpoint like = {.partner = partner};

    return index_count(txn, &endpoints, &active_of, &like, 1, INT64_MAX, active, err);
}

bool endpoint_find(struct txn *txn, const struct endpoint_input *in, struct ids *found,
                   struct error *err)
{
    const struct endpoint like = {.partner = in->head.id};

    if (in->type == ENDPOINT_CREATE) return true; /* always a new one */
    switch (in->type) {
    case ENDPOINT_ON_PARTNER_DISABLED:
    case ENDPOINT_ON_PARTNER_UNDONE:
        return index_find(txn, &endpoints, &by_partner, &like, 1, NULL, IDS_MAX, found, err);
    case ENDPOINT_ON_DELIVERY_GIVEN_UP:
        return in->delivery_given_up.result != DELIVERY_RESULT_GONE ||
               ids_add(found, in->delivery_given_up.to, err);
    case ENDPOINT_COMMAND: break; /* these say which one they are about */
    }
    bug("endpoint_find: input type %u", in->type);
}
