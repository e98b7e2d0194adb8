/* One asks, another answers, or time does. */
#include "person/confirmation.h"

#include "core/zone.h"
#include "tenancy.h"

static bool is_operator(const struct head *head)
{
    return head->actor.role == ROLE_SYS;
}

static struct instant lapses(const struct head *head)
{
    return zone_end(head->country, head->at, CONFIRMATION_DAYS);
}

/* What has lapsed is not there any more, also before the deadline has said so. */
static bool is_waiting(bool has, struct instant due, const struct head *head)
{
    return has && due.ms > head->at.ms;
}

/* Who answers is known, and another than who asked. */
static bool is_another(const struct id *asked_by, const struct head *head, struct error *err)
{
    const struct id id = head->actor.id;

    if (!is_somebody(id)) return refuse(err, &person_nobody_known);
    return asked_by == NULL || !id_equal(*asked_by, id) || refuse(err, &person_takes_another);
}

/* Whoever could have asked alone is not who confirms. */
static bool are_two(bool is_known, const struct hands *asks, const struct origin *confirms,
                    struct error *err)
{
    if (!is_known || !confirms->is_known) return refuse(err, &person_hands_unknown);
    return !hands_meet(asks, &confirms->hands) || refuse(err, &person_not_two);
}

/* Clearance. */

bool person_may_ask_clearance(const struct person_case *c, const struct head *head,
                              struct error *err)
{
    if (!is_somebody(head->actor.id)) return refuse(err, &person_nobody_known);
    return !c->row.has_clearance_part || refuse(err, &person_clearance_asked_already);
}

void person_say_clearance_asked(const struct person_case *c, struct id person,
                                enum person_part part, const struct head *head,
                                struct person_events *out)
{
    struct person_clearance_asked *said =
        &person_emit(out, PERSON_CLEARANCE_ASKED, person)->person_clearance_asked;

    said->part = part;
    said->asked_by = head->actor.id;
    said->at = head->at;
    said->due = lapses(head);
    said->has_hands = c->origin.is_known;
    said->hands = c->origin.hands;
}

static bool is_clearance_asked(const struct person *row, const struct head *head, struct error *err)
{
    return is_waiting(row->has_clearance_part, row->clearance_due, head) ||
           refuse(err, &person_clearance_not_asked);
}

static bool may_answer_clearance(const struct person *row, const struct head *head,
                                 struct error *err)
{
    if (!is_clearance_asked(row, head, err)) return false;
    if (is_operator(head)) return true;
    if (id_equal(row->id, head->actor.id)) return refuse(err, &person_own_clearance);
    return is_another(&row->clearance_asked_by, head, err);
}

bool person_confirm_clearance_of(const struct person_case *c, const struct head *head,
                                 struct person_events *out, struct error *err)
{
    const struct person *row = &c->row;
    struct person_clearance_confirmed *said;

    if (!may_answer_clearance(row, head, err)) return false;
    if (!is_operator(head) &&
        !are_two(row->has_clearance_hands, &row->clearance_hands, &c->origin, err))
        return false;

    said = &person_emit(out, PERSON_CLEARANCE_CONFIRMED, c->row.id)->person_clearance_confirmed;
    said->part = c->row.clearance_part;
    said->asked_by = c->row.clearance_asked_by;
    return true;
}

bool person_refuse_clearance_of(const struct person_case *c, const struct head *head,
                                enum person_no_reason reason, struct person_events *out,
                                struct error *err)
{
    struct person_clearance_refused *said;

    if (!may_answer_clearance(&c->row, head, err)) return false;

    said = &person_emit(out, PERSON_CLEARANCE_REFUSED, c->row.id)->person_clearance_refused;
    said->part = c->row.clearance_part;
    said->asked_by = c->row.clearance_asked_by;
    said->reason = reason;
    return true;
}

bool person_withdraw_clearance_of(const struct person_case *c, const struct head *head,
                                  struct person_events *out, struct error *err)
{
    if (!is_clearance_asked(&c->row, head, err)) return false;
    if (!id_equal(c->row.clearance_asked_by, head->actor.id))
        return refuse(err, &person_not_who_asked);

    person_emit(out, PERSON_CLEARANCE_WITHDRAWN, c->row.id)->person_clearance_withdrawn.part =
        c->row.clearance_part;
    return true;
}

bool person_lapse_clearance_of(const struct person_case *c, const struct head *head,
                               struct person_events *out, struct error *err)
{
    struct person_clearance_lapsed *said;

    if (!c->row.has_clearance_due || c->row.clearance_due.ms > head->at.ms)
        return refuse(err, &person_nothing_to_lapse);

    said = &person_emit(out, PERSON_CLEARANCE_LAPSED, c->row.id)->person_clearance_lapsed;
    said->part = c->row.clearance_part;
    said->asked_by = c->row.clearance_asked_by;
    return true;
}

/* Protection. */

bool person_may_ask_lowering(const struct person_case *c, const struct head *head,
                             struct error *err)
{
    if (!is_somebody(head->actor.id)) return refuse(err, &person_nobody_known);
    return !c->row.has_lowering_to || refuse(err, &person_lowering_asked_already);
}

/* An agency's system is nobody of whom another could be told. */
void person_say_lowering_asked(const struct person_case *c, enum protection to,
                               const struct actor *by, const struct head *head,
                               struct person_events *out)
{
    const struct person *row = &c->row;
    struct person_lowering_asked *said =
        &person_emit(out, PERSON_LOWERING_ASKED, row->id)->person_lowering_asked;

    said->protection = to;
    said->has_referral = row->has_referral;
    said->referral = row->referral;
    said->has_asked_by = by->role != ROLE_AG;
    if (said->has_asked_by) said->asked_by = by->id;
    said->at = head->at;
    said->due = lapses(head);
    said->has_hands = c->origin.is_known;
    said->hands = c->origin.hands;
}

static const struct id *who_asked_lowering(const struct person *row)
{
    return row->has_lowering_asked_by ? &row->lowering_asked_by : NULL;
}

static bool is_lowering_asked(const struct person *row, const struct head *head, struct error *err)
{
    return is_waiting(row->has_lowering_to, row->lowering_due, head) ||
           refuse(err, &person_lowering_not_asked);
}

static bool may_answer_lowering(const struct person *row, const struct head *head,
                                struct error *err)
{
    if (!is_lowering_asked(row, head, err)) return false;
    if (is_operator(head)) return true;
    if (!row->has_lowering_asked_by && head->actor.role != ROLE_PA)
        return refuse(err, &person_asked_by_system);
    return is_another(who_asked_lowering(row), head, err);
}

bool person_confirm_lowering_of(const struct person_case *c, const struct head *head,
                                struct person_events *out, struct error *err)
{
    const struct person *row = &c->row;
    struct person_protection_changed *said;

    if (!may_answer_lowering(row, head, err)) return false;
    if (!is_operator(head) &&
        !are_two(row->has_lowering_hands, &row->lowering_hands, &c->origin, err))
        return false;

    said = &person_emit(out, PERSON_PROTECTION_CHANGED, row->id)->person_protection_changed;
    said->protection = row->lowering_to;
    said->has_referral = row->has_referral;
    said->referral = row->referral;
    said->has_confirmed = said->confirmed = true;
    said->has_asked_by = row->has_lowering_asked_by;
    said->asked_by = row->lowering_asked_by;
    return true;
}

bool person_refuse_lowering_of(const struct person_case *c, const struct head *head,
                               enum person_no_reason reason, struct person_events *out,
                               struct error *err)
{
    const struct person *row = &c->row;
    struct person_lowering_refused *said;

    if (!may_answer_lowering(row, head, err)) return false;

    said = &person_emit(out, PERSON_LOWERING_REFUSED, row->id)->person_lowering_refused;
    said->has_referral = row->has_referral;
    said->referral = row->referral;
    said->has_asked_by = row->has_lowering_asked_by;
    said->asked_by = row->lowering_asked_by;
    said->reason = reason;
    return true;
}

/* Of the agencies' systems only that of their own comes so far. */
static bool has_asked_lowering(const struct person *row, const struct actor *actor)
{
    const struct id *asked_by = who_asked_lowering(row);

    return asked_by == NULL ? actor->role == ROLE_AG : id_equal(*asked_by, actor->id);
}

bool person_withdraw_lowering_of(const struct person_case *c, const struct head *head,
                                 struct person_events *out, struct error *err)
{
    if (!is_lowering_asked(&c->row, head, err)) return false;
    if (!has_asked_lowering(&c->row, &head->actor)) return refuse(err, &person_not_who_asked);

    person_emit(out, PERSON_LOWERING_WITHDRAWN, c->row.id);
    return true;
}

bool person_lapse_lowering_of(const struct person_case *c, const struct head *head,
                              struct person_events *out, struct error *err)
{
    const struct person *row = &c->row;
    struct person_lowering_lapsed *said;

    if (!row->has_lowering_due || row->lowering_due.ms > head->at.ms)
        return refuse(err, &person_nothing_to_lapse);

    said = &person_emit(out, PERSON_LOWERING_LAPSED, row->id)->person_lowering_lapsed;
    said->has_referral = row->has_referral;
    said->referral = row->referral;
    said->has_asked_by = row->has_lowering_asked_by;
    said->asked_by = row->lowering_asked_by;
    return true;
}
