/* Whom nothing keeps is forgotten when the time for that is over. */
#include "person/retention.h"

#include "codes/codes.h"
#include "core/zone.h"

static bool takes_part_as_more(const struct person *row)
{
    for (uint32_t i = 0; i < row->roles.count; i++)
        if (row->roles.at[i].part != PERSON_PART_PARTICIPANT) return true;
    return false;
}

static bool is_kept(const struct person *row)
{
    if (takes_part_as_more(row)) return true;
    return row->has_referral ? !row->referral_over : row->roles.count > 0;
}

void person_release(const struct person_case *c, const struct head *head, struct person_events *out)
{
    struct person after = c->row;
    enum retention kind = RETENTION_VOLUNTEER;

    for (size_t i = 0; i < out->count; i++)
        person_evolve(&after, &out->at[i]);
    if (after.state != PERSON_STATE_ACTIVE || is_kept(&after)) return;

    if (after.has_referral) kind = RETENTION_PARTICIPANT;
    person_emit(out, PERSON_RELEASED, after.id)->person_released.until =
        zone_end(head->country, head->at,
                 codes_retention(head->country, kind, zone_date(head->country, head->at)));
}

bool person_check_forgetting(const struct person *row, const struct head *head, struct error *err)
{
    return (row->has_kept_until && row->kept_until.ms <= head->at.ms &&
            !person_is_restricted(row)) ||
           refuse(err, &person_still_kept);
}
