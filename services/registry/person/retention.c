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

static enum retention kind_of(const struct person *row)
{
    return row->has_referral ? RETENTION_PARTICIPANT : RETENTION_VOLUNTEER;
}

/* Its days are those of the day on which it is said. */
static void say_released(const struct person *row, struct instant until, const struct head *head,
                         struct person_events *out)
{
    const int64_t notice =
        codes_retention_notice(head->country, kind_of(row), zone_date(head->country, head->at));
    struct person_released *said = &person_emit(out, PERSON_RELEASED, row->id)->person_released;

    said->until = until;
    said->has_announce = true;
    said->announce =
        zone_begin(head->country, (struct date){zone_date(head->country, until).day - notice});
}

void person_release(const struct person_case *c, const struct head *head, struct person_events *out)
{
    struct person after = c->row;
    int64_t days;

    for (size_t i = 0; i < out->count; i++)
        person_evolve(&after, &out->at[i]);
    if (after.state != PERSON_STATE_ACTIVE || is_kept(&after)) return;

    days = codes_retention(head->country, kind_of(&after), zone_date(head->country, head->at));
    say_released(&after, zone_end(head->country, head->at, days), head, out);
}

/* After an outage that went on until the day itself it is not worth a message any more. */
static void say_announced(const struct person *row, const struct head *head,
                          struct person_events *out)
{
    struct person_forgetting_announced *said =
        &person_emit(out, PERSON_FORGETTING_ANNOUNCED, row->id)->person_forgetting_announced;

    said->has_referral = row->has_referral;
    said->referral = row->referral;
    said->due = row->kept_until;
    said->at = head->at;
    said->missed = said->has_missed = row->kept_until.ms <= head->at.ms;
}

bool person_announce_forgetting_of(const struct person_case *c, const struct head *head,
                                   struct person_events *out, struct error *err)
{
    const struct person *row = &c->row;

    if (!row->has_kept_until || row->has_kept_announced_at || person_is_restricted(row))
        return refuse(err, &person_nothing_to_announce);
    if (!row->has_kept_announce) {
        say_released(row, row->kept_until, head, out);
        return true;
    }
    if (row->kept_announce.ms > head->at.ms) return refuse(err, &person_nothing_to_announce);

    say_announced(row, head, out);
    return true;
}

bool person_check_forgetting(const struct person *row, const struct head *head, struct error *err)
{
    return (row->has_kept_until && row->kept_until.ms <= head->at.ms &&
            !person_is_restricted(row)) ||
           refuse(err, &person_still_kept);
}
