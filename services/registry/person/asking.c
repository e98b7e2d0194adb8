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

static enum person_part part_of(enum voice voice)
{
    switch (voice) {
    case VOICE_MENTOR: return PERSON_PART_MENTOR;
    case VOICE_PARTICIPANT: return PERSON_PART_PARTICIPANT;
    case VOICE_HOST: return PERSON_PART_SIGNATORY;
    case VOICE_SUPERVISOR: return PERSON_PART_SUPERVISOR;
    }
    bug("asking: voice %u", voice);
}

static bool takes_part_as(const struct person *row, enum person_part part)
{
    for (uint32_t i = 0; i < row->roles.count; i++)
        if (row->roles.at[i].part == part) return true;
    return false;
}

/* Who takes part as nothing that has a voice has the one that they had. */
static bool has_voice(const struct person *row, enum voice voice)
{
    return takes_part_as(row, part_of(voice)) || (!takes_part_as(row, PERSON_PART_MENTOR) &&
                                                  !takes_part_as(row, PERSON_PART_PARTICIPANT) &&
                                                  !takes_part_as(row, PERSON_PART_SIGNATORY) &&
                                                  !takes_part_as(row, PERSON_PART_SUPERVISOR));
}

bool asking_check(const struct person_case *c, const struct head *head, struct error *err)
{
    const struct behalf *behalf = &head->behalf;

    if (!head->has_behalf) return true;
    if (!has_voice(&c->row, behalf->of)) return refuse(err, &person_not_as_that);
    return !behalf->has_on || behalf->on.day >= c->programme.from.day ||
           refuse(err, &person_before_programme);
}

bool asking_check_since(const struct person_case *c, const struct head *head, bool has,
                        struct instant said_at, struct error *err)
{
    const struct behalf *behalf = &head->behalf;
    const bool is_told = head->has_behalf && behalf->has_on;

    if (!asking_check(c, head, err)) return false;
    return !has || !is_told || behalf->on.day >= zone_date(head->country, said_at).day ||
           refuse(err, &person_before_asked);
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
