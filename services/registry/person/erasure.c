/* What somebody asks is said once, and answered or taken back once. */
#include "person/erasure.h"

#include "core/zone.h"

static bool has_asked(const struct person_case *c, struct error *err)
{
    return c->row.has_erasure_asked_at || refuse(err, &person_erasure_not_asked);
}

/* When it was said: now, or as the day began on which somebody was told. */
static struct instant said_at(const struct head *head)
{
    const struct behalf *behalf = &head->behalf;

    return head->has_behalf && behalf->has_on ? zone_begin(head->country, behalf->on) : head->at;
}

static bool is_told_before(const struct person_case *c, const struct head *head)
{
    return head->has_behalf && head->behalf.has_on && head->behalf.on.day < c->programme.from.day;
}

/* Whose word it was, how it was told and when. */
static void record(const struct person_case *c, const struct head *head, enum person_said what,
                   struct person_events *out)
{
    struct person_recorded_for *said;

    if (!head->has_behalf) return;
    said = &person_emit(out, PERSON_RECORDED_FOR, c->row.id)->person_recorded_for;
    said->said = what;
    said->of = head->behalf.of;
    said->told = head->behalf.told;
    said->on = zone_date(head->country, said_at(head));
}

/* A reminder that is late already says so at once. */
bool person_ask_to_be_erased(const struct person_case *c, const struct person_input *in,
                             struct person_events *out, struct error *err)
{
    const struct head *head = &in->head;
    const struct instant at = said_at(head);
    const struct date last = date_add_months(zone_date(head->country, at), ERASURE_MONTHS);
    struct person_erasure_asked *said;

    if (c->row.has_erasure_asked_at) return refuse(err, &person_erasure_asked_already);
    if (is_told_before(c, head)) return refuse(err, &person_before_programme);

    said = &person_emit(out, PERSON_ERASURE_ASKED, c->row.id)->person_erasure_asked;
    said->at = at;
    said->due = zone_begin(head->country, (struct date){last.day + 1});
    said->remind = zone_begin(head->country, (struct date){last.day + 1 - ERASURE_REMINDER_DAYS});
    record(c, head, PERSON_SAID_ASK_ERASURE, out);
    return true;
}

bool person_withdraw_erasure_of(const struct person_case *c, const struct person_input *in,
                                struct person_events *out, struct error *err)
{
    if (!has_asked(c, err)) return false;
    if (is_told_before(c, &in->head)) return refuse(err, &person_before_programme);

    person_emit(out, PERSON_ERASURE_WITHDRAWN, c->row.id);
    record(c, &in->head, PERSON_SAID_WITHDRAW_ERASURE, out);
    return true;
}

bool person_refuse_erasure_of(const struct person_case *c, enum person_erasure_reason reason,
                              struct person_events *out, struct error *err)
{
    if (!has_asked(c, err)) return false;

    person_emit(out, PERSON_ERASURE_REFUSED, c->row.id)->person_erasure_refused.reason = reason;
    return true;
}

bool person_remind_of_erasure(const struct person_case *c, const struct head *head,
                              struct person_events *out, struct error *err)
{
    if (!c->row.has_erasure_remind || c->row.erasure_remind.ms > head->at.ms)
        return refuse(err, &person_nothing_to_remind);

    person_emit(out, PERSON_ERASURE_REMINDED, c->row.id)->person_erasure_reminded.due =
        c->row.erasure_due;
    return true;
}
