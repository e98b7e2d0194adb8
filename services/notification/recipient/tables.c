/* Where recipients are kept: a row for each who was not reached once. And whose mail a delivery is. */
#include "recipient/recipient.h"

#include "matter/matter.h"
#include "message/message.h"
#include "store/table.h"
#include "tables.h"

static const struct index by_programme = {RECIPIENTS_BY_PROGRAMME, {"programme"}, NULL};

const struct table recipients = {RECIPIENTS, &recipient_descriptor, {&by_programme}};

/* The agency reads what is about its referral. */
static bool find_agency(struct txn *txn, struct id referral, struct ids *found, struct error *err)
{
    struct matter matter;

    return table_get(txn, &matters, referral, &matter, err) &&
           (!matter.has_organisation || ids_add(found, matter.organisation, err));
}

static bool find_of_mail(struct txn *txn, struct id delivery, struct ids *found, struct error *err)
{
    struct message message;

    if (!table_get(txn, &messages, delivery, &message, err)) return false;
    switch (message.audience) {
    case MESSAGE_AUDIENCE_COORDINATOR:
    case MESSAGE_AUDIENCE_PARTICIPANT:
    case MESSAGE_AUDIENCE_MENTOR:
    case MESSAGE_AUDIENCE_HOST:
    case MESSAGE_AUDIENCE_SUPERVISOR:
    case MESSAGE_AUDIENCE_PERSON:
    case MESSAGE_AUDIENCE_ASKER:
    case MESSAGE_AUDIENCE_CLEARED:
    case MESSAGE_AUDIENCE_CLUB: return ids_add(found, message.to, err);
    case MESSAGE_AUDIENCE_AGENCY: return find_agency(txn, message.referral, found, err);
    case MESSAGE_AUDIENCE_PARTNER: return true; /* a system */
    }
    bug("recipient_find: audience %u", message.audience);
}

/* Those of them whom something did not reach: nobody else has to be found again. */
static bool keep_unreached(struct txn *txn, struct ids *found, struct error *err)
{
    struct recipient row;

    if (found->count == 0) return true;
    if (!table_get(txn, &recipients, found->at[0], &row, err)) return false;
    if (row.state != RECIPIENT_STATE_LOST && row.state != RECIPIENT_STATE_MISSED) found->count = 0;
    return true;
}

bool recipient_find(struct txn *txn, const struct recipient_input *in, struct ids *found,
                    struct error *err)
{
    switch (in->type) {
    case RECIPIENT_ON_DELIVERY_GIVEN_UP: return find_of_mail(txn, in->head.id, found, err);
    case RECIPIENT_ON_DELIVERY_DELIVERED:
        return find_of_mail(txn, in->head.id, found, err) && keep_unreached(txn, found, err);
    case RECIPIENT_ON_REFERRAL_UPDATED:
        return ids_add(found, in->referral_whose.person, err) && keep_unreached(txn, found, err);
    case RECIPIENT_ON_PERSON_CHANGED:
    case RECIPIENT_ON_ORGANISATION:
    case RECIPIENT_ON_PROGRAMME:
        return ids_add(found, in->head.id, err) && keep_unreached(txn, found, err);
    case RECIPIENT_ON_PERSON_ERASED: return ids_add(found, in->head.id, err);
    }
    bug("recipient_find: input type %u", in->type);
}
