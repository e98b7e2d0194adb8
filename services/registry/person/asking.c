/* What is asked is dated as it was said. */
#include "person/asking.h"

#include "core/zone.h"

/* When it was said: now, or as the day began on which somebody was told. */
static struct instant said_at(const struct head *head)
{
    const struct behalf *behalf = &head->behalf;

    return head->has_behalf && behalf->has_on ? zone_begin(head->country, behalf->on) : head->at;
}

/* A reminder that is late already says so at once. */
struct asking asking_begin(const struct head *head)
{
    const struct instant at = said_at(head);
    const struct date last = date_add_months(zone_date(head->country, at), ASKING_MONTHS);

    return (struct asking){
        .at = at,
        .due = zone_begin(head->country, (struct date){last.day + 1}),
        .remind = zone_begin(head->country, (struct date){last.day + 1 - ASKING_REMINDER_DAYS}),
    };
}

bool asking_check(const struct person_case *c, const struct head *head, struct error *err)
{
    const struct behalf *behalf = &head->behalf;
    const bool is_before =
        head->has_behalf && behalf->has_on && behalf->on.day < c->programme.from.day;

    return !is_before || refuse(err, &person_before_programme);
}

void asking_record(const struct person_case *c, const struct head *head, enum person_said what,
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
