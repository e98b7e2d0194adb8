/* What follows for its recipient from what came of a mail, and from what is said of them. */
#include "recipient/recipient.h"

/* A policy, and what is not said more of, may be about us or about all: it is about the recipient where
 * others were reached meanwhile. */
static bool is_of_the_recipient(const struct delivery_given_up *as)
{
    if (as->has_cause && as->cause == DELIVERY_CAUSE_RECIPIENT) return true;
    if (as->reader_alone && (!as->has_cause || as->cause == DELIVERY_CAUSE_POLICY)) return true;
    return as->reason == DELIVERY_REASON_NO_ADDRESS || as->reason == DELIVERY_REASON_BAD_ADDRESS;
}

static void lose(const struct recipient_case *c, const struct recipient_input *in,
                 struct recipient_events *out)
{
    struct recipient_lost *said = &recipient_emit(out, RECIPIENT_LOST, c->row.id)->recipient_lost;

    said->delivery = in->head.id;
    said->at = in->head.at;
}

static void miss(const struct recipient_case *c, const struct recipient_input *in,
                 struct recipient_events *out)
{
    struct recipient_missed *said =
        &recipient_emit(out, RECIPIENT_MISSED, c->row.id)->recipient_missed;

    said->delivery = in->head.id;
    said->at = in->head.at;
}

/* Whoever is no longer there misses nothing, nor does whom nothing had to be said to any more, or never should be. */
static bool is_miss(const struct delivery_given_up *as)
{
    return as->reason != DELIVERY_REASON_NO_READER && as->reason != DELIVERY_REASON_TOO_LATE &&
           as->reason != DELIVERY_REASON_NOT_CLEARED && as->reason != DELIVERY_REASON_TAKEN_BACK &&
           as->reason != DELIVERY_REASON_NOT_HEARD && as->reason != DELIVERY_REASON_OVERTAKEN;
}

static void give_up(const struct recipient_case *c, const struct recipient_input *in,
                    struct recipient_events *out)
{
    const struct delivery_given_up *as = &in->delivery_given_up;

    if (c->row.state == RECIPIENT_STATE_LOST || c->row.state == RECIPIENT_STATE_FORGOTTEN) return;
    if (is_of_the_recipient(as))
        lose(c, in, out);
    else if (c->row.state != RECIPIENT_STATE_MISSED && is_miss(as))
        miss(c, in, out);
}

static void find(const struct recipient_case *c, struct recipient_events *out)
{
    if (c->row.state == RECIPIENT_STATE_LOST || c->row.state == RECIPIENT_STATE_MISSED)
        recipient_emit(out, RECIPIENT_FOUND, c->row.id);
}

/* It matters only whether they have another mailbox. Events of before that was said tell no more than whether anything
 * was said of who they are. */
#define HAS_MOVED(said, is_said) ((said).has_new_mailbox ? (said).new_mailbox : (is_said))

bool recipient_decide(const struct recipient_case *c, const struct recipient_input *in,
                      struct recipient_events *out, struct error *err)
{
    (void)err; /* what has happened elsewhere is not refused */
    switch (in->type) {
    case RECIPIENT_ON_DELIVERY_GIVEN_UP: give_up(c, in, out); return true;
    case RECIPIENT_ON_DELIVERY_DELIVERED: find(c, out); return true;
    case RECIPIENT_ON_REFERRAL_UPDATED:
        if (HAS_MOVED(in->referral_updated, true)) find(c, out);
        return true;
    case RECIPIENT_ON_PERSON_CHANGED:
        if (HAS_MOVED(in->person_changed, !in->person_changed.kept)) find(c, out);
        return true;
    case RECIPIENT_ON_ORGANISATION_CHANGED:
        if (HAS_MOVED(in->organisation_changed, in->organisation_changed.has_sealed)) find(c, out);
        return true;
    case RECIPIENT_ON_PROGRAMME_CHANGED:
        if (HAS_MOVED(in->programme_changed, in->programme_changed.has_sealed)) find(c, out);
        return true;
    case RECIPIENT_ON_PERSON_ERASED:
    case RECIPIENT_ON_ORGANISATION_CLOSED: return true;
    }
    bug("recipient_decide: input type %u", in->type);
}
