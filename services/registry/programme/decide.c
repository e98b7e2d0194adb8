/* What may happen to a programme next. */
#include "programme/programme.h"

#include "codes/codes.h"
#include "core/life.h"
#include "core/patch.h"
#include "core/zone.h"
#include "fold/aggregate.h"
#include "tenancy.h"

/* clang-format off */
enum { READERS = ROLE_SYS | ROLE_PA | ROLE_CO };

static const struct step steps[] = {
    {PROGRAMME_STATE_NONE,   PROGRAMME_CREATE,       PROGRAMME_STATE_OPEN,   ROLE_SYS},
    {PROGRAMME_STATE_OPEN,   PROGRAMME_CHANGE,       PROGRAMME_STATE_OPEN,   ROLE_SYS | ROLE_PA},
    {PROGRAMME_STATE_OPEN,   PROGRAMME_SET_MATCHING, PROGRAMME_STATE_OPEN,   ROLE_SYS | ROLE_PA},
    {PROGRAMME_STATE_OPEN,   PROGRAMME_LOOK_OVER,    PROGRAMME_STATE_OPEN,   ROLE_SYS | ROLE_PA},
    {PROGRAMME_STATE_OPEN,   PROGRAMME_READ,         PROGRAMME_STATE_OPEN,   READERS},
    {PROGRAMME_STATE_CLOSED, PROGRAMME_READ,         PROGRAMME_STATE_CLOSED, READERS}, /* what is under way goes on */
    {PROGRAMME_STATE_OPEN,   PROGRAMME_CLOSE,        PROGRAMME_STATE_CLOSED, ROLE_SYS | ROLE_PA},
    {PROGRAMME_STATE_OPEN,   PROGRAMME_APPLY_DAYS,   PROGRAMME_STATE_OPEN,   ROLE_TM},
    {PROGRAMME_STATE_CLOSED, PROGRAMME_APPLY_DAYS,   PROGRAMME_STATE_CLOSED, ROLE_TM},
    {PROGRAMME_STATE_OPEN,   PROGRAMME_LOOK_FOR_CLEARED, PROGRAMME_STATE_OPEN,   ROLE_TM},
    {PROGRAMME_STATE_CLOSED, PROGRAMME_LOOK_FOR_CLEARED, PROGRAMME_STATE_CLOSED, ROLE_TM},
};
/* clang-format on */

const struct life programme_life = {
    .contract = &programme_contract,
    .steps = steps,
    .step_count = sizeof steps / sizeof steps[0],
};

/* Each factor is weighed once, and each term of the objective named once. */
static bool weighs_twice(const struct match_settings *rules)
{
    unsigned factors = 0, terms = 0;

    for (uint32_t i = 0; rules->has_weights && i < rules->weights.count; i++) {
        if ((factors >> rules->weights.at[i].factor & 1) != 0) return true;
        factors |= 1u << rules->weights.at[i].factor;
    }
    for (uint32_t i = 0; rules->has_objective && i < rules->objective.count; i++) {
        if ((terms >> rules->objective.at[i] & 1) != 0) return true;
        terms |= 1u << rules->objective.at[i];
    }
    return false;
}

/* The day on which somebody is asked has hours left, or none: they have a whole one at least. */
static bool leaves_time(const struct rules *rules, struct error *err)
{
    if (rules->offer_days < 1) return refuse(err, &programme_no_offer_days);
    if (rules->sign_days < 1) return refuse(err, &programme_no_sign_days);
    return rules->info_days >= 1 || refuse(err, &programme_no_info_days);
}

/* Of what is said anew: of before there may be programmes that have less. */
static bool may_rule(const struct rules_change *said, struct error *err)
{
    const struct rules rules = {.offer_days = said->has_offer_days ? said->offer_days : 1,
                                .sign_days = said->has_sign_days ? said->sign_days : 1,
                                .info_days = said->has_info_days ? said->info_days : 1};

    return leaves_time(&rules, err);
}

/* In each of its countries, by what holds there today. */
static bool is_longer(const struct programme_countries *countries, enum retention kind, bool has,
                      int64_t days, struct instant at)
{
    for (uint32_t i = 0; has && i < countries->count; i++)
        if (days > codes_retention(countries->at[i], kind, zone_date(countries->at[i], at)))
            return true;
    return false;
}

static bool leaves_no_notice(const struct programme_countries *countries, enum retention kind,
                             bool has, int64_t days, struct instant at)
{
    for (uint32_t i = 0; has && i < countries->count; i++)
        if (days <= codes_retention_notice(countries->at[i], kind, zone_date(countries->at[i], at)))
            return true;
    return false;
}

/* No longer than may be, and long enough that who is erased is told before. */
static bool may_keep(const struct programme_countries *countries, const struct kept_days *days,
                     struct instant at, struct error *err)
{
    if (is_longer(countries, RETENTION_DETAILS, days->has_details, days->details, at))
        return refuse(err, &programme_longer_details);
    if (is_longer(countries, RETENTION_PARTICIPANT, days->has_participant, days->participant, at))
        return refuse(err, &programme_longer_participant);
    if (is_longer(countries, RETENTION_VOLUNTEER, days->has_volunteer, days->volunteer, at))
        return refuse(err, &programme_longer_volunteer);
    if (leaves_no_notice(countries, RETENTION_PARTICIPANT, days->has_participant, days->participant,
                         at))
        return refuse(err, &programme_unannounced_participant);
    return !leaves_no_notice(countries, RETENTION_VOLUNTEER, days->has_volunteer, days->volunteer,
                             at) ||
           refuse(err, &programme_unannounced_volunteer);
}

static bool create(const struct programme_case *c, const struct programme_input *in,
                   struct programme_events *out, struct error *err)
{
    const struct programme_create *ask = &in->programme_create;
    struct programme_created *said;

    if (ask->by_link && c->is_any) return refuse(err, &programme_not_first);
    if (c->is_slug_taken) return refuse(err, &programme_slug_taken);
    if (ask->has_until && ask->until.day < ask->from.day)
        return refuse(err, &programme_ends_before);
    if (!leaves_time(&ask->rules, err)) return false;
    if (ask->has_kept_days && !may_keep(&ask->countries, &ask->kept_days, in->head.at, err))
        return false;

    said = &programme_emit(out, PROGRAMME_CREATED, in->head.ids[0])->programme_created;
    memcpy(said->slug, ask->slug, sizeof said->slug);
    programme_copy(said, ask);
    said->has_by_link = ask->has_by_link;
    said->by_link = ask->by_link;
    said->has_sealed = in->head.has_sealed;
    said->sealed = in->head.sealed;
    return true;
}

/* What is already under way does not come before the programme. */
static bool begins_too_late(const struct programme_case *c, const struct programme_change *ask,
                            const struct head *head)
{
    return ask->has_from && ask->from.day > c->row.from.day && c->has_referred &&
           ask->from.day > zone_date(head->country, c->referred_at).day;
}

static bool keeps_otherwise(const struct programme *row, const struct programme_changed *said)
{
    return memcmp(&row->kept_days, &said->kept_days, sizeof row->kept_days) != 0;
}

static bool check_changed(const struct programme_case *c, const struct programme_changed *said,
                          struct instant at, struct error *err)
{
    if (said->has_until && said->until.day < said->from.day)
        return refuse(err, &programme_ends_before);
    return !keeps_otherwise(&c->row, said) || may_keep(&said->countries, &said->kept_days, at, err);
}

static bool change(const struct programme_case *c, const struct programme_input *in,
                   struct programme_events *out, struct error *err)
{
    const struct programme_change *ask = &in->programme_change;
    struct programme_changed *said;

    if (begins_too_late(c, ask, &in->head)) return refuse(err, &programme_begun);
    if (ask->has_rules && !may_rule(&ask->rules, err)) return false;

    said = &programme_emit(out, PROGRAMME_CHANGED, c->row.id)->programme_changed;
    patch_carry(&programme_descriptor, &c->row, &programme_changed_descriptor, said);
    patch_apply(&programme_change_descriptor, ask, &programme_changed_descriptor, said);
    if (!check_changed(c, said, in->head.at, err)) {
        out->count = 0;
        return false;
    }
    said->has_other_days = said->other_days = keeps_otherwise(&c->row, said);
    said->has_sealed = in->head.has_sealed;
    said->sealed = in->head.sealed;
    said->has_new_mailbox = true;
    said->new_mailbox = in->head.has_sealed && in->head.new_mailbox;
    return true;
}

static bool set_matching(const struct programme_case *c, const struct match_settings_change *change,
                         struct programme_events *out, struct error *err)
{
    struct match_settings matching = c->row.matching;

    patch_apply(&match_settings_change_descriptor, change, &match_settings_descriptor, &matching);
    if (weighs_twice(&matching)) return refuse(err, &programme_weighs_twice);

    programme_emit(out, PROGRAMME_MATCHING_SET, c->row.id)->programme_matching_set.matching =
        matching;
    return true;
}

static bool look_over(const struct programme_case *c, enum programme_looked_at what,
                      struct programme_events *out)
{
    programme_emit(out, PROGRAMME_LOOKED_OVER, c->row.id)->programme_looked_over.what = what;
    return true;
}

static bool read(const struct programme_case *c, const struct programme_input *in,
                 struct programme_events *out, struct error *err)
{
    const enum organisation_purpose purpose = in->programme_read.purpose;
    const bool is_delivery = purpose == ORGANISATION_PURPOSE_DELIVERY;

    if (is_delivery != (in->head.actor.role == ROLE_SYS))
        return refuse(err, &programme_wrong_purpose);
    if (!c->row.has_sealed) return refuse(err, &programme_no_contact);

    programme_emit(out, PROGRAMME_WAS_READ, c->row.id)->programme_was_read.purpose = purpose;
    return true;
}

static bool close(const struct programme_case *c, enum programme_reason reason,
                  struct programme_events *out)
{
    programme_emit(out, PROGRAMME_CLOSED, c->row.id)->programme_closed.reason = reason;
    return true;
}

/* For whom nothing keeps already, some at a time. */
static bool apply_days(const struct programme_case *c, struct programme_events *out,
                       struct error *err)
{
    struct programme_days_applied *said;

    if (c->row.applying == 0) return refuse(err, &programme_nothing_to_apply);

    said = &programme_emit(out, PROGRAMME_DAYS_APPLIED, c->row.id)->programme_days_applied;
    said->more = c->has_more;
    for (uint32_t i = 0; i < c->released.count; i++)
        said->persons.at[said->persons.count++] = c->released.at[i];
    return true;
}

/* Who is cleared to coordinate. */

static void say_missed(const struct programme_case *c, struct id person, int64_t times,
                       struct instant at, struct programme_events *out)
{
    const struct programme *row = &c->row;
    struct programme_clearance_missed *said =
        &programme_emit(out, PROGRAMME_CLEARANCE_MISSED, row->id)->programme_clearance_missed;

    said->person = person;
    said->since = row->has_uncleared_since ? row->uncleared_since : at;
    said->times = times;
    said->has_again = times < PROGRAMME_LOOKS_MAX;
    if (said->has_again) said->again = instant_add_days(at, PROGRAMME_LOOK_DAYS);
}

/* Who is under protection is nobody's case but of who is cleared, so there has to be one. Of the next it is not said anew
 * while it is said each week. */
static bool on_guarded(const struct programme_case *c, struct id person, struct instant at,
                       struct programme_events *out)
{
    if (!c->is_any_cleared && !c->row.has_look_at) say_missed(c, person, 1, at, out);
    return true;
}

static bool on_cleared_or_shown(const struct programme_case *c, struct programme_events *out)
{
    const bool is_missed = c->is_any_guarded && !c->is_any_cleared;

    if (c->row.has_uncleared_since && !is_missed)
        programme_emit(out, PROGRAMME_CLEARANCE_FOUND, c->row.id);
    return true;
}

static bool look_for_cleared(const struct programme_case *c, const struct head *head,
                             struct programme_events *out, struct error *err)
{
    if (!c->row.has_look_at) return refuse(err, &programme_nobody_looked_for);
    if (c->is_any_guarded && !c->is_any_cleared)
        say_missed(c, c->guarded, c->row.said_times + 1, head->at, out);
    return on_cleared_or_shown(c, out);
}

/* That somebody reads takes nothing from anybody, so it matters not what they had seen before. */
bool programme_may(const struct programme_case *c, const struct programme_input *in,
                   struct error *err)
{
    const int64_t version = in->type == PROGRAMME_READ ? in->head.version : c->row.version;
    const bool is_there = c->row.state != PROGRAMME_STATE_NONE;

    if (is_there && !life_tenant(&in->head, c->row.id, err)) return false;
    return life_step(&programme_life, c->row.state, version, in->type, &in->head, err) != NULL;
}

bool programme_decide(const struct programme_case *c, const struct programme_input *in,
                      struct programme_events *out, struct error *err)
{
    if (programme_is_command(in->type) && !programme_may(c, in, err)) return false;

    switch (in->type) {
    case PROGRAMME_CREATE: return create(c, in, out, err);
    case PROGRAMME_CHANGE: return change(c, in, out, err);
    case PROGRAMME_READ: return read(c, in, out, err);
    case PROGRAMME_SET_MATCHING:
        return set_matching(c, &in->programme_set_matching.matching, out, err);
    case PROGRAMME_LOOK_OVER: return look_over(c, in->programme_look_over.what, out);
    case PROGRAMME_CLOSE: return close(c, in->programme_close.reason, out);
    case PROGRAMME_APPLY_DAYS: return apply_days(c, out, err);
    case PROGRAMME_LOOK_FOR_CLEARED: return look_for_cleared(c, &in->head, out, err);
    case PROGRAMME_ON_REFERRAL_RECEIVED:
        return on_guarded(c, in->referral_received.person, in->head.at, out);
    case PROGRAMME_ON_PERSON_HIDDEN: return on_guarded(c, in->head.id, in->head.at, out);
    case PROGRAMME_ON_PERSON_ROLE_ENDED:
        return !c->is_any_guarded || on_guarded(c, c->guarded, in->head.at, out);
    case PROGRAMME_ON_PERSON_ROLE_GRANTED:
    case PROGRAMME_ON_PERSON_CLEARANCE_CONFIRMED:
    case PROGRAMME_ON_PERSON_SHOWN:
    case PROGRAMME_ON_PERSON_ERASED: return on_cleared_or_shown(c, out);
    case PROGRAMME_ON_RECIPIENT: return true; /* evolve says all there is to it */
    }
    bug("programme_decide: input type %u", in->type);
}

void programme_conceal(const struct programme_case *c, const struct programme_input *in,
                       struct concealed *what)
{
    const bool is_new = in->type == PROGRAMME_CREATE;

    if (is_new ? !in->programme_create.has_contact
               : in->type != PROGRAMME_CHANGE || !in->programme_change.has_contact)
        return;
    what->owner = is_new ? in->head.ids[0] : c->row.id;
    what->is_all = true;
    what->descriptor = &organisation_contact_descriptor;
    if (!is_new && c->row.has_sealed) what->sealed = c->row.sealed;
    what->value = is_new ? &in->programme_create.contact : &in->programme_change.contact;
}

void programme_open(const struct programme_case *c, const struct programme_input *in,
                    struct id *owner, struct sealed *sealed)
{
    (void)in;
    *owner = c->row.id;
    *sealed = c->row.sealed;
}
