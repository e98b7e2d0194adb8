/* What deciding about a message may read; and the aggregate as a whole. */
#include "message/message.h"

#include "fold/aggregate.h"
#include "secrecy/secrecy.h"
#include "store/table.h"

/* Who looks after somebody who was referred. */
static bool load_matters(struct txn *txn, struct id person, struct message_case *c,
                         struct error *err)
{
    struct ids found = {0};

    if (!matter_find_about(txn, person, &found, err)) return false;
    for (uint32_t i = 0; i < found.count; i++)
        if (!table_get(txn, &matters, found.at[i], &c->matters[c->matters_count++], err))
            return false;
    return true;
}

/* Of the programme's, and of the organisation that looks after them: of a mentor whom no agency referred, their club. */
static bool hears(const struct message_case *c, const struct clearance *who)
{
    const struct id *of = who->has_organisation ? &who->organisation : NULL;

    return of == NULL || (c->tenant.has_owner && id_equal(c->tenant.owner, *of)) ||
           (c->matter.has_responsible && id_equal(c->matter.responsible, *of)) ||
           (!c->matter.hidden && c->affiliation.has_organisation &&
            id_equal(c->affiliation.organisation, *of));
}

static bool load_cleared(struct txn *txn, struct message_case *c, struct error *err)
{
    struct ids found = {.count = IDS_MAX};
    struct clearance row;
    struct id after;

    for (const struct id *behind = NULL; found.count == IDS_MAX; behind = &after) {
        found.count = 0;
        if (!clearance_find_all(txn, c->tenant.id, behind, &found, err)) return false;
        for (uint32_t i = 0; i < found.count && c->cleared_count < CLEARANCES_MAX; i++) {
            if (!table_get(txn, &clearances, found.at[i], &row, err)) return false;
            if (hears(c, &row)) c->cleared[c->cleared_count++] = row.id;
        }
        if (found.count > 0) after = found.at[found.count - 1];
    }
    return true;
}

bool message_load(struct txn *txn, struct id id, const struct message_input *in,
                  struct message_case *c, struct error *err)
{
    const struct id *mentor = message_mentor(in), *referral = message_referral(in),
                    *person = message_person(in);

    memset(c, 0, sizeof *c);
    if (!table_get(txn, &tenants, in->head.programme, &c->tenant, err) ||
        !table_get(txn, &progresses, in->head.id, &c->progress, err))
        return false;
    if (mentor != NULL && !table_get(txn, &affiliations, *mentor, &c->affiliation, err))
        return false;
    if (person != NULL && !load_matters(txn, *person, c, err)) return false;
    if (referral != NULL && !table_get(txn, &matters, *referral, &c->matter, err)) return false;
    if ((c->matter.hidden || in->type == MESSAGE_ON_PERSON_HIDDEN) && !load_cleared(txn, c, err))
        return false;
    if (message_is_of_mentorship(in->type)) return table_get(txn, &requests, id, &c->request, err);
    return !message_tells_partner(in->type) || referral == NULL ||
           outlet_find_told(txn, c->matter.partner, in->head.at, &c->outlets, err);
}

static bool message_guards(struct txn *txn, const void *row, struct guarded *guarded,
                           struct error *err)
{
    const struct message *message = row;
    struct secrecy secrecy;
    struct matter matter;

    if (!message_is_guarded(message)) return true;
    if (message_is_of_person(message)) {
        if (!table_get(txn, &secrecies, message->about, &secrecy, err)) return false;
        guarded_add(guarded, secrecy.has_kept, message->about);
        return true;
    }
    if (!table_get(txn, &matters, message->referral, &matter, err)) return false;
    guarded_add(guarded, matter.hidden, matter.person);
    return true;
}

bool message_guards_of(struct txn *txn, struct id message, struct guarded *guarded,
                       struct error *err)
{
    struct message row;

    return table_get(txn, &messages, message, &row, err) && message_guards(txn, &row, guarded, err);
}

AGGREGATE_FIND(message)
AGGREGATE_DECIDE(message)
AGGREGATE_EVOLVE(message)

const struct aggregate message_aggregate = {
    .contract = &message_contract,
    .table = &messages,
    .case_size = sizeof(struct message_case),
    .find = message_find_,
    .load = message_load_,
    .decide = message_decide_,
    .evolve = message_evolve_,
    .guards = message_guards,
};
