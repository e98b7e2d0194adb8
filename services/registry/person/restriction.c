/* What is asked is answered or taken back once; what holds ends when they have been told, or want it to. */
#include "person/restriction.h"

#include "core/zone.h"
#include "person/asking.h"

bool person_is_left_for(enum person_purpose purpose)
{
    return purpose == PERSON_PURPOSE_LEGAL_CLAIMS || purpose == PERSON_PURPOSE_PROTECT_ANOTHER;
}

bool person_ask_restriction_of(const struct person_case *c, const struct person_input *in,
                               struct person_events *out, struct error *err)
{
    const struct asking asking = asking_begin(&in->head);
    struct person_restriction_asked *said;

    if (c->row.has_restriction_asked) return refuse(err, &person_restriction_asked_already);
    if (person_is_restricted(&c->row) && !c->row.has_restriction_until)
        return refuse(err, &person_restricted_already);
    if (!asking_check(c, &in->head, err)) return false;

    said = &person_emit(out, PERSON_RESTRICTION_ASKED, c->row.id)->person_restriction_asked;
    said->ground = in->person_ask_restriction.ground;
    said->at = asking.at;
    said->due = asking.due;
    said->remind = asking.remind;
    asking_record(c, &in->head, PERSON_SAID_ASK_RESTRICTION, out);
    return true;
}

static void say_lifted(const struct person *row, bool own_wish, struct person_events *out)
{
    struct person_restriction_lifted *said =
        &person_emit(out, PERSON_RESTRICTION_LIFTED, row->id)->person_restriction_lifted;

    said->has_referral = row->has_referral;
    said->referral = row->referral;
    said->own_wish = own_wish;
}

/* Who takes it back takes back all of it. */
bool person_withdraw_restriction_of(const struct person_case *c, const struct person_input *in,
                                    struct person_events *out, struct error *err)
{
    const bool is_asked = c->row.has_restriction_asked, is_held = person_is_restricted(&c->row);

    if (!is_asked && !is_held) return refuse(err, &person_restriction_not_asked);
    if (!asking_check_since(c, &in->head, true,
                            is_asked ? c->row.restriction_asked_at : c->row.restricted_since, err))
        return false;

    if (is_asked) person_emit(out, PERSON_RESTRICTION_WITHDRAWN, c->row.id);
    if (is_held) say_lifted(&c->row, true, out);
    asking_record(c, &in->head, PERSON_SAID_WITHDRAW_RESTRICTION, out);
    return true;
}

bool person_restrict_use_of(const struct person_case *c, enum person_ground ground,
                            const struct head *head, struct person_events *out, struct error *err)
{
    struct person_restricted *said;

    if (person_is_restricted(&c->row) && !c->row.has_restriction_until)
        return refuse(err, &person_restricted_already);

    said = &person_emit(out, PERSON_RESTRICTED, c->row.id)->person_restricted;
    said->ground = ground;
    said->has_referral = c->row.has_referral;
    said->referral = c->row.referral;
    said->at = head->at;
    return true;
}

bool person_refuse_restriction_of(const struct person_case *c,
                                  enum person_restriction_reason reason, struct person_events *out,
                                  struct error *err)
{
    if (!c->row.has_restriction_asked) return refuse(err, &person_restriction_not_asked);

    person_emit(out, PERSON_RESTRICTION_REFUSED, c->row.id)->person_restriction_refused.reason =
        reason;
    return true;
}

bool person_lift_restriction_of(const struct person_case *c, enum person_lifting_reason reason,
                                const struct head *head, struct person_events *out,
                                struct error *err)
{
    struct person_restriction_ending *said;

    if (!person_is_restricted(&c->row)) return refuse(err, &person_not_restricted);
    if (c->row.has_restriction_until) return refuse(err, &person_lifted_already);

    said = &person_emit(out, PERSON_RESTRICTION_ENDING, c->row.id)->person_restriction_ending;
    said->reason = reason;
    said->due = zone_end(head->country, head->at, RESTRICTION_NOTICE_DAYS);
    return true;
}

bool person_remind_of_restriction(const struct person_case *c, const struct head *head,
                                  struct person_events *out, struct error *err)
{
    if (!c->row.has_restriction_remind || c->row.restriction_remind.ms > head->at.ms)
        return refuse(err, &person_nothing_to_remind);

    person_emit(out, PERSON_RESTRICTION_REMINDED, c->row.id)->person_restriction_reminded.due =
        c->row.restriction_due;
    return true;
}

bool person_end_restriction_of(const struct person_case *c, const struct head *head,
                               struct person_events *out, struct error *err)
{
    if (!c->row.has_restriction_until || c->row.restriction_until.ms > head->at.ms)
        return refuse(err, &person_restriction_goes_on);

    say_lifted(&c->row, false, out);
    return true;
}
