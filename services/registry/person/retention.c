/* Whom nothing keeps is forgotten when the time for that is over, and less is known of them before. */
#include "person/retention.h"

#include "codes/codes.h"
#include "core/zone.h"
#include "fold/aggregate.h"

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

static int64_t fewer(bool has, int64_t own, int64_t most)
{
    return has && own < most ? own : most;
}

/* As long as may be where they are, or as the programme says, where that is less. */
static int64_t days_of(const struct programme *programme, enum retention kind,
                       const struct head *head)
{
    const struct kept_days *own = &programme->kept_days;
    const int64_t most = codes_retention(head->country, kind, zone_date(head->country, head->at));

    if (kind == RETENTION_DETAILS) return fewer(own->has_details, own->details, most);
    if (kind == RETENTION_PARTICIPANT) return fewer(own->has_participant, own->participant, most);
    return fewer(own->has_volunteer, own->volunteer, most);
}

static int64_t notice_of(const struct person *row, const struct head *head)
{
    return codes_retention_notice(head->country, kind_of(row), zone_date(head->country, head->at));
}

/* Who was released before that was said had the longest time that may be. */
static struct instant since(const struct person *row, const struct head *head)
{
    const struct date end = zone_date(head->country, row->kept_until);
    const int64_t days = codes_retention(head->country, kind_of(row), end);

    return row->has_kept_since ? row->kept_since
                               : zone_begin(head->country, (struct date){end.day - days - 1});
}

/* Not of who is gone by then anyway; once it was, no more. */
static void say_thin(const struct person_case *c, const struct person *row, const struct head *head,
                     struct person_released *said)
{
    said->thin =
        zone_end(head->country, said->since, days_of(&c->programme, RETENTION_DETAILS, head));
    said->has_thin = row->has_referral && !row->has_thinned_at && said->thin.ms < said->until.ms;
}

/* Its days are those of the day on which it is said. */
static void say_released(const struct person_case *c, const struct person *row, struct instant from,
                         struct instant until, const struct head *head, struct person_events *out)
{
    struct person_released *said = &person_emit(out, PERSON_RELEASED, row->id)->person_released;

    said->until = until;
    said->has_announce = true;
    said->announce = zone_begin(
        head->country, (struct date){zone_date(head->country, until).day - notice_of(row, head)});
    said->has_since = true;
    said->since = from;
    say_thin(c, row, head, said);
}

void person_release(const struct person_case *c, const struct head *head, struct person_events *out)
{
    struct person after = c->row;

    for (size_t i = 0; i < out->count; i++)
        person_evolve(&after, &out->at[i]);
    if (after.state != PERSON_STATE_ACTIVE || is_kept(&after)) return;

    say_released(c, &after, head->at,
                 zone_end(head->country, head->at, days_of(&c->programme, kind_of(&after), head)),
                 head, out);
}

/* They have the time of the notice, and who was told a day is not kept longer. */
static struct instant until_anew(const struct person_case *c, const struct head *head)
{
    const struct person *row = &c->row;
    const struct instant told = zone_end(head->country, head->at, notice_of(row, head));
    struct instant until =
        zone_end(head->country, since(row, head), days_of(&c->programme, kind_of(row), head));

    if (until.ms < told.ms) until = told.ms < row->kept_until.ms ? told : row->kept_until;
    return row->has_kept_announced_at && until.ms > row->kept_until.ms ? row->kept_until : until;
}

static bool is_as_it_was(const struct person *row, const struct person_released *said)
{
    return said->until.ms == row->kept_until.ms && said->has_thin == row->has_thin_at &&
           (!said->has_thin || said->thin.ms == row->thin_at.ms);
}

void person_keep_anew(const struct person_case *c, const struct head *head,
                      struct person_events *out)
{
    const struct person *row = &c->row;

    if (row->state != PERSON_STATE_ACTIVE || !row->has_kept_until) return;
    say_released(c, row, since(row, head), until_anew(c, head), head, out);
    if (is_as_it_was(row, &out->at[out->count - 1].person_released)) out->count--;
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
        say_released(c, row, since(row, head), row->kept_until, head, out);
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

/* Who was released before there was a day for it has to be given one. */
static bool is_without_day(const struct person *row)
{
    return row->has_kept_until && row->has_referral && !row->has_thin_at && !row->has_kept_since;
}

static bool is_time_to_thin(const struct person *row, const struct head *head)
{
    return row->has_kept_until && row->has_thin_at && !row->has_thinned_at &&
           row->thin_at.ms <= head->at.ms && !person_is_restricted(row);
}

bool person_thin_of(const struct person_case *c, const struct head *head, struct person_events *out,
                    struct error *err)
{
    const struct person *row = &c->row;
    struct person_thinned *said;

    if (is_without_day(row)) {
        person_keep_anew(c, head, out);
        return true;
    }
    if (!is_time_to_thin(row, head)) return refuse(err, &person_nothing_to_thin);

    said = &person_emit(out, PERSON_THINNED, row->id)->person_thinned;
    said->has_referral = row->has_referral;
    said->referral = row->referral;
    said->at = head->at;
    said->has_sealed = head->has_sealed;
    said->sealed = head->sealed;
    return true;
}

/* Who they are, where they were, by what their agency and mails find them. */
static void thin(const void *c, void *in, const void *before, void *whole)
{
    const struct person_details *was = whole;
    struct person_details left = {.has_family_name = was->has_family_name,
                                  .has_email = was->has_email,
                                  .has_email_next = was->has_email_next,
                                  .has_municipality = was->has_municipality,
                                  .has_kept = was->has_kept,
                                  .kept.has_mentor_municipality = was->kept.has_mentor_municipality,
                                  .kept.has_external_id = was->kept.has_external_id};

    (void)c;
    (void)in;
    (void)before;
    memcpy(left.given_name, was->given_name, sizeof left.given_name);
    memcpy(left.family_name, was->family_name, sizeof left.family_name);
    memcpy(left.email, was->email, sizeof left.email);
    memcpy(left.email_next, was->email_next, sizeof left.email_next);
    memcpy(left.municipality, was->municipality, sizeof left.municipality);
    memcpy(left.kept.mentor_municipality, was->kept.mentor_municipality,
           sizeof left.kept.mentor_municipality);
    memcpy(left.kept.external_id, was->kept.external_id, sizeof left.kept.external_id);
    memcpy(whole, &left, sizeof left);
}

void person_conceal_thinning(const struct person_case *c, const struct person_input *in,
                             struct concealed *what)
{
    if (in->type != PERSON_THIN || !c->row.has_sealed || !is_time_to_thin(&c->row, &in->head))
        return;
    what->owner = c->row.id;
    what->descriptor = &person_details_descriptor;
    what->value = what->plain;
    what->sealed = c->row.sealed;
    what->change = thin;
}
