/* Where partners are kept. */
#include "partner/partner.h"

#include "store/table.h"
#include "tables.h"

static const struct index by_state = {PARTNERS_BY_STATE, {"programme", "state"}, NULL};
static const struct index by_organisation = {PARTNERS_BY_ORGANISATION, {"organisation"}, NULL};

const struct table partners = {PARTNERS, &partner_descriptor, {&by_state, &by_organisation}};

static bool each_in(struct txn *txn, struct id programme, enum partner_state state,
                    bool (*visit)(void *cookie, struct id partner, struct error *err), void *cookie,
                    struct error *err)
{
    const struct id first[2] = {programme, {{(uint8_t)state}}};
    struct id id, *after = NULL;
    bool has = true;

    for (;; after = &id) {
        if (!index_next(txn, &by_state, first, sizeof first[0] + 1, after, &id, &has, err))
            return false;
        if (!has) return true;
        if (!visit(cookie, id, err)) return false;
    }
}

bool partner_each_of(struct txn *txn, struct id programme,
                     bool (*visit)(void *cookie, struct id partner, struct error *err),
                     void *cookie, struct error *err)
{
    for (unsigned state = PARTNER_STATE_NONE; state <= PARTNER_STATE_DISABLED; state++)
        if (!each_in(txn, programme, state, visit, cookie, err)) return false;
    return true;
}
