/* From when until when somebody takes part as this, by the days of where the programme is. */
#include "person/person.h"

#include "core/zone.h"

static struct date today(const struct head *head)
{
    return zone_date(head->country, head->at);
}

bool person_role_is_over(const struct person_role *role, const struct head *head)
{
    return role->has_until && role->until.day < today(head).day;
}

bool person_role_is_current(const struct person_role *role, const struct head *head)
{
    return role->from.day <= today(head).day && !person_role_is_over(role, head);
}
