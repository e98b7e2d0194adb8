/* What follows for its recipient from what came of a mail, and from what is said of them. */
#include "recipient/recipient.h"

/* A mail that failed of the network, of us or of what it said tells nothing of its recipient. */
static bool is_of_the_recipient(const struct delivery_given_up *as)
{
    if (as->has_cause)
        return as->cause == DELIVERY_CAUSE_RECIPIENT || as->cause == DELIVERY_CAUSE_POLICY;
    return as->reason == DELIVERY_REASON_NO_ADDRESS || as->reason == DELIVERY_REASON_BAD_ADDRESS;
}

static void lose(const struct recipient_case *c, const struct recipient_input *in,
                 struct recipient_events *out)
{
    struct recipient_lost *said;

    if (c->row.state == RECIPIENT_STATE_LOST || c->row.state == RECIPIENT_STATE_FORGOTTEN) return;
    if (!is_of_the_recipient(&in->delivery_given_up)) return;

    said = &recipient_emit(out, RECIPIENT_LOST, c->row.id)->recipient_lost;
    said->delivery = in->head.id;
    said->at = in->head.at;
}

static void find(const struct recipient_case *c, struct recipient_events *out)
{
    if (c->row.state == RECIPIENT_STATE_LOST) recipient_emit(out, RECIPIENT_FOUND, c->row.id);
}

/* Of organisations and programmes it matters only whether their mailbox is another. */
bool recipient_decide(const struct recipient_case *c, const struct recipient_input *in,
                      struct recipient_events *out, struct error *err)
{
    (void)err; /* what has happened elsewhere is not refused */
    switch (in->type) {
    case RECIPIENT_ON_DELIVERY_GIVEN_UP: lose(c, in, out); return true;
    case RECIPIENT_ON_DELIVERY_DELIVERED:
    case RECIPIENT_ON_REFERRAL_UPDATED: find(c, out); return true;
    case RECIPIENT_ON_PERSON_CHANGED:
        if (!in->person_changed.kept) find(c, out);
        return true;
    case RECIPIENT_ON_ORGANISATION_CHANGED:
        if (in->organisation_changed.has_sealed) find(c, out);
        return true;
    case RECIPIENT_ON_PROGRAMME_CHANGED:
        if (in->programme_changed.has_sealed) find(c, out);
        return true;
    case RECIPIENT_ON_PERSON_ERASED:
    case RECIPIENT_ON_ORGANISATION_CLOSED: return true;
    }
    bug("recipient_decide: input type %u", in->type);
}
