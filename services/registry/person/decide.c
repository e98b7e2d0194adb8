/* What may happen to a person next, and who may know who it is. */
#include "person/person.h"

#include "core/life.h"
#include "core/patch.h"
#include "core/zone.h"
#include "fold/aggregate.h"
#include "person/acting.h"
#include "person/confirmation.h"
#include "person/consent.h"
#include "person/erasure.h"
#include "person/hiding.h"
#include "person/mailbox.h"
#include "person/restriction.h"
#include "person/retention.h"
#include "person/undoing.h"
#include "tenancy.h"

/* clang-format off */
enum {
    ADMINS = ROLE_SYS | ROLE_PA | ROLE_CO,
    PEOPLE = ROLE_CO | ROLE_PA | ROLE_ME | ROLE_PT | ROLE_GU | ROLE_HO | ROLE_SU | ROLE_CN | ROLE_DM | ROLE_VC,
    READERS = PEOPLE | ROLE_SYS | ROLE_AG,
};

static const struct step steps[] = {
    {PERSON_STATE_NONE,   PERSON_REGISTER,          PERSON_STATE_ACTIVE, ADMINS},
    {PERSON_STATE_ACTIVE, PERSON_CHANGE,            PERSON_STATE_ACTIVE, ADMINS},
    {PERSON_STATE_ACTIVE, PERSON_GRANT_ROLE,        PERSON_STATE_ACTIVE, ADMINS},
    {PERSON_STATE_ACTIVE, PERSON_END_ROLE,          PERSON_STATE_ACTIVE, ADMINS},
    {PERSON_STATE_ACTIVE, PERSON_UNDO,              PERSON_STATE_ACTIVE, ADMINS},
    {PERSON_STATE_ACTIVE, PERSON_END_DUE_ROLES,     PERSON_STATE_ACTIVE, ROLE_TM},
    {PERSON_STATE_ACTIVE, PERSON_CHANGE_PROTECTION, PERSON_STATE_ACTIVE, ROLE_SYS | ROLE_PA | ROLE_AG | ROLE_CN},
    {PERSON_STATE_ACTIVE, PERSON_CONFIRM_CLEARANCE, PERSON_STATE_ACTIVE, ROLE_SYS | ROLE_PA},
    {PERSON_STATE_ACTIVE, PERSON_REFUSE_CLEARANCE,  PERSON_STATE_ACTIVE, ROLE_SYS | ROLE_PA},
    {PERSON_STATE_ACTIVE, PERSON_WITHDRAW_CLEARANCE, PERSON_STATE_ACTIVE, ROLE_PA},
    {PERSON_STATE_ACTIVE, PERSON_LAPSE_CLEARANCE,   PERSON_STATE_ACTIVE, ROLE_TM},
    {PERSON_STATE_ACTIVE, PERSON_CONFIRM_LOWERING,  PERSON_STATE_ACTIVE, ROLE_SYS | ROLE_PA | ROLE_CN},
    {PERSON_STATE_ACTIVE, PERSON_REFUSE_LOWERING,   PERSON_STATE_ACTIVE, ROLE_SYS | ROLE_PA | ROLE_CN},
    {PERSON_STATE_ACTIVE, PERSON_WITHDRAW_LOWERING, PERSON_STATE_ACTIVE, ROLE_PA | ROLE_AG | ROLE_CN},
    {PERSON_STATE_ACTIVE, PERSON_LAPSE_LOWERING,    PERSON_STATE_ACTIVE, ROLE_TM},
    {PERSON_STATE_ACTIVE, PERSON_READ,              PERSON_STATE_ACTIVE, READERS},
    {PERSON_STATE_ACTIVE, PERSON_READ_NAME,         PERSON_STATE_ACTIVE, READERS},
    {PERSON_STATE_ACTIVE, PERSON_ERASE,             PERSON_STATE_ERASED, ROLE_SYS | ROLE_PA},
    {PERSON_STATE_ACTIVE, PERSON_CHANGE_CONTACT,    PERSON_STATE_ACTIVE, PEOPLE},
    {PERSON_STATE_ACTIVE, PERSON_ASK_ERASURE,       PERSON_STATE_ACTIVE, PEOPLE},
    {PERSON_STATE_ACTIVE, PERSON_WITHDRAW_ERASURE,  PERSON_STATE_ACTIVE, PEOPLE},
    {PERSON_STATE_ACTIVE, PERSON_REFUSE_ERASURE,    PERSON_STATE_ACTIVE, ROLE_SYS | ROLE_PA},
    {PERSON_STATE_ACTIVE, PERSON_REMIND_ERASURE,    PERSON_STATE_ACTIVE, ROLE_TM},
    {PERSON_STATE_ACTIVE, PERSON_ASK_RESTRICTION,   PERSON_STATE_ACTIVE, PEOPLE},
    {PERSON_STATE_ACTIVE, PERSON_WITHDRAW_RESTRICTION, PERSON_STATE_ACTIVE, PEOPLE},
    {PERSON_STATE_ACTIVE, PERSON_RESTRICT,          PERSON_STATE_ACTIVE, ROLE_SYS | ROLE_PA},
    {PERSON_STATE_ACTIVE, PERSON_REFUSE_RESTRICTION, PERSON_STATE_ACTIVE, ROLE_SYS | ROLE_PA},
    {PERSON_STATE_ACTIVE, PERSON_LIFT_RESTRICTION,  PERSON_STATE_ACTIVE, ROLE_SYS | ROLE_PA},
    {PERSON_STATE_ACTIVE, PERSON_GIVE_CONSENT,      PERSON_STATE_ACTIVE, PEOPLE},
    {PERSON_STATE_ACTIVE, PERSON_WITHDRAW_CONSENT,  PERSON_STATE_ACTIVE, PEOPLE},
    {PERSON_STATE_ACTIVE, PERSON_REMIND_RESTRICTION, PERSON_STATE_ACTIVE, ROLE_TM},
    {PERSON_STATE_ACTIVE, PERSON_END_RESTRICTION,   PERSON_STATE_ACTIVE, ROLE_TM},
    {PERSON_STATE_ACTIVE, PERSON_TAKE_MAILBOX,      PERSON_STATE_ACTIVE, ROLE_TM},
    {PERSON_STATE_ACTIVE, PERSON_ANNOUNCE_FORGETTING, PERSON_STATE_ACTIVE, ROLE_TM},
    {PERSON_STATE_ACTIVE, PERSON_FORGET,            PERSON_STATE_ERASED, ROLE_TM},
    {PERSON_STATE_ACTIVE, PERSON_HIDE,              PERSON_STATE_ACTIVE, ROLE_TM},
    {PERSON_STATE_ACTIVE, PERSON_SHOW,              PERSON_STATE_ACTIVE, ROLE_TM},
    {PERSON_STATE_ACTIVE, PERSON_THIN,              PERSON_STATE_ACTIVE, ROLE_TM},
};

static const struct move moves[] = {
    {PERSON_STATE_NONE, PERSON_AFTER_REFERRAL_RECEIVED, PERSON_STATE_ACTIVE, "a referral brings a participant"},
};
/* clang-format on */

const struct life person_life = {
    .contract = &person_contract,
    .steps = steps,
    .step_count = sizeof steps / sizeof steps[0],
    .moves = moves,
    .move_count = sizeof moves / sizeof moves[0],
    .scribes = ROLE_PA, /* who answers for what people ask for */
};

static bool is_agencys(const struct person *row, const struct actor *actor)
{
    if (actor->role == ROLE_AG) return row->has_partner && id_equal(row->partner, actor->id);
    return row->has_agency && id_equal(row->agency, actor->organisation);
}

static bool is_oneself(const struct person *row, const struct actor *actor)
{
    return actor->role != ROLE_AG && id_equal(row->id, actor->id);
}

static const struct person_role *role_of(const struct person *row, enum person_part part)
{
    for (uint32_t i = 0; i < row->roles.count; i++)
        if (row->roles.at[i].part == part) return &row->roles.at[i];
    return NULL;
}

/* An organisation's coordinator acts on its people only; one of the whole programme, on all. */
static bool is_own(const struct id *organisation, const struct actor *actor)
{
    return !is_bound(actor) ||
           (organisation != NULL && id_equal(*organisation, actor->organisation));
}

/* The programme's admin appoints coordinators, of whom admins are some: none of them acts on another's part. */
static bool is_above(const struct person_case *c, const struct head *head)
{
    return head->actor.role == ROLE_CO && !is_oneself(&c->row, &head->actor) &&
           role_of(&c->row, PERSON_PART_COORDINATOR) != NULL;
}

/* Who acts on people, of whom. Reading has rules of its own. */
static bool is_theirs(const struct person_case *c, const struct head *head)
{
    const struct person *row = &c->row;
    const struct actor *actor = &head->actor;

    if (is_above(c, head)) return false;
    if (actor->role == ROLE_AG || actor->role == ROLE_CN) return is_agencys(row, actor);
    if (actor->role == ROLE_HO)
        return person_takes_part_for(row, PERSON_PART_SUPERVISOR, actor->organisation);
    return c->is_ward || is_own(row->has_organisation ? &row->organisation : NULL, actor);
}

/* An organisation that a command names: one of the programme's, and a coordinator's own. */
static bool check_organisation(const struct person_case *c, const struct person_input *in,
                               const struct id *organisation, struct error *err)
{
    if (organisation != NULL && !organisation_is_open(&c->organisation, in->head.programme))
        return refuse(err, &person_no_organisation);
    if (!is_own(organisation, &in->head.actor)) return refuse(err, &person_not_theirs);
    return true;
}

/* Roles. */

static bool may_clear(const struct actor *actor)
{
    return actor->role == ROLE_PA || actor->role == ROLE_SYS;
}

static bool is_cleared_in(const struct person *row, enum person_part part)
{
    const struct person_role *role = role_of(row, part);

    return role != NULL && role->cleared;
}

static struct person_role_ended *say_ended(const struct person_case *c, enum person_part part,
                                           enum person_end_reason reason, struct person_events *out)
{
    struct person_role_ended *said =
        &person_emit(out, PERSON_ROLE_ENDED, c->row.id)->person_role_ended;

    said->part = part;
    said->reason = reason;
    said->has_referral = part == PERSON_PART_PARTICIPANT && c->row.has_referral;
    if (said->has_referral) said->referral = c->row.referral;
    said->has_cleared = true;
    said->cleared = is_cleared_in(&c->row, part);
    return said;
}

static struct date today(const struct head *head)
{
    return zone_date(head->country, head->at);
}

static bool is_participant(const struct person_case *c, const struct head *head)
{
    const struct person_role *role = role_of(&c->row, PERSON_PART_PARTICIPANT);

    return role != NULL && !person_role_is_over(role, head);
}

static struct date first_day(const struct person_grant_role *ask, const struct head *head)
{
    return ask->has_from ? ask->from : today(head);
}

/* To say the part anew without it would take it away, or what is asked of it. */
static bool was_cleared(const struct person_case *c, enum person_part part)
{
    return is_cleared_in(&c->row, part) ||
           (c->row.has_clearance_part && c->row.clearance_part == part);
}

/* That somebody is let near protected people takes two, where they were not; the operator's word is enough. */
static bool takes_two(const struct person_case *c, const struct person_grant_role *ask,
                      const struct head *head)
{
    const struct person_role *role = role_of(&c->row, ask->part);

    if (!ask->has_cleared || !ask->cleared || head->actor.role == ROLE_SYS) return false;
    return role == NULL || !role->cleared || person_role_is_over(role, head);
}

static bool check_clearing(const struct person_case *c, const struct person_grant_role *ask,
                           const struct head *head, struct error *err)
{
    if (!ask->has_cleared || !ask->cleared || head->actor.role == ROLE_SYS) return true;
    if (!may_clear(&head->actor)) return refuse(err, &person_not_to_clear);
    if (takes_two(c, ask, head) && !person_may_ask_clearance(c, head, err)) return false;
    return !is_oneself(&c->row, &head->actor) || refuse(err, &person_own_clearance);
}

static bool check_grant(const struct person_case *c, const struct person_grant_role *ask,
                        const struct head *head, struct error *err)
{
    const struct date from = first_day(ask, head);

    if (!check_clearing(c, ask, head, err)) return false;
    if (ask->part == PERSON_PART_DATA_PROTECTION_OFFICER && !may_clear(&head->actor))
        return life_forbid(ROLE_PA, err); /* who watches over coordinators is not theirs to name */
    if (ask->part == PERSON_PART_COORDINATOR && head->actor.role == ROLE_CO)
        return refuse(err, &person_not_to_appoint);
    if (was_cleared(c, ask->part) && !may_clear(&head->actor))
        return refuse(err, &person_not_to_clear);
    if (from.day > today(head).day) return refuse(err, &person_not_yet);
    if (ask->has_from && from.day < c->programme.from.day)
        return refuse(err, &person_before_first_day);
    if (ask->has_until && (ask->until.day < from.day || ask->until.day < today(head).day))
        return refuse(err, &person_ends_before);
    return true;
}

/* What is told of nobody who is under protection: the vault has it. */
static void say_sealed(const struct head *head, struct person_role_granted *said)
{
    said->has_sealed = head->has_sealed;
    said->sealed = head->sealed;
}

static void say_open(const struct person_grant_role *ask, struct person_role_granted *said)
{
    said->languages = ask->languages;
    said->occupations = ask->occupations;
    said->has_municipality = ask->has_municipality;
    if (said->has_municipality)
        memcpy(said->municipality, ask->municipality, sizeof said->municipality);
}

/* Of admins, who are coordinators, and of counsellors. */
static bool may_be_one_of_two(enum person_part part)
{
    return part == PERSON_PART_COORDINATOR || part == PERSON_PART_COUNSELLOR;
}

/* They take part at once, also where somebody else has to say that they are cleared. */
static void say_granted(const struct person_case *c, const struct person_grant_role *ask,
                        struct id person, enum protection protection, const struct head *head,
                        struct person_events *out)
{
    const bool is_asked = takes_two(c, ask, head);
    struct person_role_granted *said =
        &person_emit(out, PERSON_ROLE_GRANTED, person)->person_role_granted;

    said->part = ask->part;
    said->has_organisation = ask->has_organisation;
    said->organisation = ask->organisation;
    said->cleared = ask->has_cleared && ask->cleared && !is_asked;
    said->has_uncleared = said->uncleared = !said->cleared && is_cleared_in(&c->row, ask->part);
    said->has_protection = true;
    said->protection = protection;
    if (person_is_protected(protection))
        say_sealed(head, said);
    else
        say_open(ask, said);
    said->from = first_day(ask, head);
    said->has_until = ask->has_until;
    said->until = ask->until;
    said->has_hands = may_be_one_of_two(ask->part) && c->origin.is_known;
    if (said->has_hands) said->hands = c->origin.hands;
    if (is_asked) person_say_clearance_asked(c, person, ask->part, head, out);
}

static bool grant_role(const struct person_case *c, const struct person_input *in,
                       struct person_events *out, struct error *err)
{
    const struct person_grant_role *ask = &in->person_grant_role;
    const struct id *organisation = ask->has_organisation ? &ask->organisation : NULL;

    if (organisation != NULL && !check_organisation(c, in, organisation, err)) return false;
    if (person_is_restricted(&c->row)) return refuse(err, &person_restricted_now);
    if (!check_grant(c, ask, &in->head, err)) return false;
    if (in->head.too_young) return refuse(err, &person_too_young_for_part);

    say_granted(c, ask, c->row.id, c->row.protection, &in->head, out);
    return true;
}

static bool end_role(const struct person_case *c, const struct person_end_role *ask,
                     const struct head *head, struct person_events *out, struct error *err)
{
    const struct person_role *role = role_of(&c->row, ask->part);

    if (role == NULL) return refuse(err, &person_no_such_role);
    if (ask->part == PERSON_PART_COORDINATOR && head->actor.role == ROLE_CO)
        return refuse(err, &person_not_to_appoint);

    person_may_undo(c, role, head, say_ended(c, ask->part, ask->reason, out));
    person_release(c, head, out);
    return true;
}

static bool end_due_roles(const struct person_case *c, const struct head *head,
                          struct person_events *out, struct error *err)
{
    for (uint32_t i = 0; i < c->row.roles.count; i++)
        if (person_role_is_over(&c->row.roles.at[i], head))
            say_ended(c, c->row.roles.at[i].part, PERSON_END_REASON_FINISHED, out);
    if (out->count == 0) return refuse(err, &person_not_due);
    person_release(c, head, out);
    return true;
}

/* Who it is. */

/* A person may be registered with a first part: as if it were granted at once. */
static struct person_grant_role first_role(const struct person_register *ask)
{
    struct person_grant_role first = {
        .part = ask->part,
        .has_organisation = ask->has_organisation,
        .organisation = ask->organisation,
        .has_cleared = ask->has_cleared,
        .cleared = ask->cleared,
        .languages = ask->languages,
        .occupations = ask->occupations,
        .has_municipality = ask->has_municipality,
    };

    memcpy(first.municipality, ask->municipality, sizeof first.municipality);
    return first;
}

/* register is a word of C's own. */
static bool enrol(const struct person_case *c, const struct person_input *in,
                  struct person_events *out, struct error *err)
{
    const struct person_register *ask = &in->person_register;
    const struct id *organisation = ask->has_organisation ? &ask->organisation : NULL;
    const struct person_grant_role first = first_role(ask);
    struct person_registered *said;

    if (c->programme.state != PROGRAMME_STATE_OPEN) return refuse(err, &person_no_programme);
    if (!check_organisation(c, in, organisation, err)) return false;
    if (ask->has_part && !check_grant(c, &first, &in->head, err)) return false;

    said = &person_emit(out, PERSON_REGISTERED, in->head.ids[0])->person_registered;
    said->has_organisation = ask->has_organisation;
    said->organisation = ask->organisation;
    said->language = ask->language;
    said->protection = ask->protection;
    said->sealed = in->head.sealed;
    if (ask->has_part) say_granted(c, &first, in->head.ids[0], ask->protection, &in->head, out);
    return true;
}

/* Whose they are then; NULL: nobody's. */
static const struct id *organisation_after(const struct person *row,
                                           const struct person_change *ask)
{
    if (ask->has_organisation) return &ask->organisation;
    return row->has_organisation && !ask->removes_organisation ? &row->organisation : NULL;
}

/* What is new, and all else as it was. */
static struct person_changed *say_changed(const struct person_case *c, const struct head *head,
                                          const struct descriptor *patch, const void *ask,
                                          struct person_events *out)
{
    struct person_changed *said = &person_emit(out, PERSON_CHANGED, c->row.id)->person_changed;

    patch_carry(&person_descriptor, &c->row, &person_changed_descriptor, said);
    patch_apply(patch, ask, &person_changed_descriptor, said);
    said->sealed = head->sealed;
    said->has_kept = said->has_new_mailbox = true;
    said->has_mailbox_waits = said->mailbox_waits = person_mailbox_waits(head);
    said->new_mailbox = head->has_sealed && head->new_mailbox && !said->mailbox_waits;
    return said;
}

static bool change(const struct person_case *c, const struct person_input *in,
                   struct person_events *out, struct error *err)
{
    const struct person_change *ask = &in->person_change;
    const struct id *organisation = organisation_after(&c->row, ask);

    if (ask->has_organisation && !organisation_is_open(&c->organisation, in->head.programme))
        return refuse(err, &person_no_organisation);
    if (!is_own(organisation, &in->head.actor)) return refuse(err, &person_not_theirs);
    if (person_seals_goals(&in->head) &&
        person_has_withdrawn(&c->row, PERSON_CONSENT_PURPOSE_GOALS))
        return refuse(err, &person_no_consent);
    if (in->head.too_young && is_participant(c, &in->head)) return refuse(err, &person_too_young);

    say_changed(c, &in->head, &person_change_descriptor, ask, out)->kept = !ask->has_details;
    person_say_mailbox_held(c, in, out);
    return true;
}

static bool change_contact(const struct person_case *c, const struct person_input *in,
                           struct person_events *out)
{
    const struct person_change_contact *ask = &in->person_change_contact;

    say_changed(c, &in->head, &person_change_contact_descriptor, ask, out)->kept =
        !ask->has_contact;
    person_say_mailbox_held(c, in, out);
    return true;
}

/* What waited is theirs now. */
static bool take_mailbox(const struct person_case *c, const struct head *head,
                         struct person_events *out, struct error *err)
{
    static const struct person_change nothing = {0};

    if (!person_check_taking_mailbox(&c->row, head, err)) return false;
    say_changed(c, head, &person_change_descriptor, &nothing, out);
    person_emit(out, PERSON_MAILBOX_TAKEN, c->row.id);
    return true;
}

static bool withdraws_goals(const struct person_case *c, const struct person_input *in)
{
    const bool is_their_word = in->head.has_behalf || is_oneself(&c->row, &in->head.actor);

    return in->type == PERSON_WITHDRAW_CONSENT && is_their_word && c->row.has_sealed &&
           in->person_withdraw_consent.purpose == PERSON_CONSENT_PURPOSE_GOALS;
}

/* What they hoped for goes from what is sealed. */
static bool withdraw_consent(const struct person_case *c, const struct person_input *in,
                             struct person_events *out, struct error *err)
{
    static const struct person_change nothing = {0};

    if (!person_withdraw_consent_of(c, in, out, err)) return false;
    if (withdraws_goals(c, in)) say_changed(c, &in->head, &person_change_descriptor, &nothing, out);
    return true;
}

static void say_protection(const struct person *row, enum protection protection,
                           struct person_events *out)
{
    struct person_protection_changed *said =
        &person_emit(out, PERSON_PROTECTION_CHANGED, row->id)->person_protection_changed;

    said->protection = protection;
    said->has_referral = row->has_referral;
    said->referral = row->referral;
}

/* The agency's system knows whom it referred. */
static bool ask_lowering(const struct person_case *c, enum protection protection,
                         const struct head *head, struct person_events *out, struct error *err)
{
    if (head->actor.role != ROLE_AG &&
        !life_is_near(head, person_is_protected(c->row.protection), c->row.id, err))
        return false;
    if (!person_may_ask_lowering(c, head, err)) return false;

    person_say_lowering_asked(c, protection, &head->actor, head, out);
    return true;
}

/* To hide somebody better is urgent; to hide them less is not, and cannot be taken back from who has seen them. */
static bool change_protection(const struct person_case *c, enum protection protection,
                              const struct head *head, struct person_events *out, struct error *err)
{
    if (c->row.protection == protection) return refuse(err, &person_same_protection);
    if (protection < c->row.protection && head->actor.role != ROLE_SYS)
        return ask_lowering(c, protection, head, out, err);

    say_protection(&c->row, protection, out);
    return true;
}

/* Whoever has them as this or that hears that they no longer do, before there is nobody left. */
static bool erase(const struct person_case *c, struct person_events *out)
{
    struct person_erased *said;

    for (uint32_t i = 0; i < c->row.roles.count; i++)
        say_ended(c, c->row.roles.at[i].part, PERSON_END_REASON_ERASED, out);
    said = &person_emit(out, PERSON_ERASED, c->row.id)->person_erased;
    said->has_referral = c->row.has_referral;
    said->referral = c->row.referral;
    return true;
}

/* Who may know who it is. */

static bool links_with(const struct link *link, const struct actor *actor)
{
    const bool is_mentorship = link->kind == LINK_KIND_MENTORSHIP;

    if (actor->role == ROLE_ME)
        return is_mentorship && link->has_other && id_equal(link->other, actor->id);
    if (actor->role == ROLE_SU)
        return !is_mentorship && link->has_other && id_equal(link->other, actor->id);
    if (actor->role == ROLE_HO)
        return !is_mentorship && link->has_host && id_equal(link->host, actor->organisation);
    return false;
}

static bool is_linked(const struct person_case *c, const struct head *head)
{
    for (uint32_t i = 0; i < c->links_count; i++)
        if (id_equal(c->links[i].participant, c->row.id) &&
            links_with(&c->links[i], &head->actor) && link_is_open(&c->links[i], head->at))
            return true;
    return false;
}

static bool may_read(const struct person_case *c, const struct head *head)
{
    const struct actor *actor = &head->actor;

    if (is_ours(head) || actor->role == ROLE_PA || is_oneself(&c->row, actor)) return true;
    if (actor->role == ROLE_CO)
        return !is_bound(actor) || person_is_of(&c->row, actor->organisation) || c->is_ward ||
               c->is_known;
    if (actor->role == ROLE_AG || actor->role == ROLE_CN) return is_agencys(&c->row, actor);
    return is_linked(c, head);
}

bool person_has_clearance(const struct person *row, struct id programme, enum actor_role role,
                          const struct head *head)
{
    const struct person_role *part = person_part_for(row, role);

    return row->state == PERSON_STATE_ACTIVE && id_equal(row->programme, programme) &&
           part != NULL && part->cleared && !person_role_is_over(part, head);
}

bool person_is_near(const struct person *whose, const struct person *actor, const struct head *head)
{
    struct nearness who = near_of(head);
    struct guarded guarded = {0};

    who.is_cleared = head->is_cleared && person_has_clearance(actor, whose->programme,
                                                              role_word(head->actor.role), head);
    guarded_add(&guarded, person_is_protected(whose->protection), whose->id);
    return near_each(&who, &guarded);
}

/* A participant's mentor from when both have signed, their supervisor from the agreement on. */
static bool is_looked_after_by(const struct person_case *c, const struct head *head)
{
    for (uint32_t i = 0; head->actor.role == ROLE_PT && i < c->links_count; i++) {
        const struct link *link = &c->links[i];

        if (id_equal(link->participant, head->actor.id) && link->has_other &&
            id_equal(link->other, c->row.id) && link_is_agreed(link) &&
            link_is_open(link, head->at))
            return true;
    }
    return false;
}

/* What each reads of others for. The operator and the programme's admin hand out to people what is their own. */
static const unsigned purposes[] = {
    [PERSON_PURPOSE_DELIVERY] = ROLE_SYS,
    [PERSON_PURPOSE_COORDINATION] = ROLE_PA | ROLE_CO | ROLE_VC | ROLE_HO,
    [PERSON_PURPOSE_GUIDANCE] = ROLE_ME | ROLE_SU | ROLE_HO | ROLE_PT | ROLE_GU,
    [PERSON_PURPOSE_CASEWORK] = ROLE_AG | ROLE_CN | ROLE_DM,
    [PERSON_PURPOSE_OWN] = ROLE_SYS | ROLE_PA,
    [PERSON_PURPOSE_LEGAL_CLAIMS] = ROLE_SYS | ROLE_PA | ROLE_CO,
    [PERSON_PURPOSE_PROTECT_ANOTHER] = ROLE_SYS | ROLE_PA | ROLE_CO,
};

static bool is_purpose(const struct person *row, const struct actor *actor,
                       enum person_purpose purpose)
{
    if (purpose == PERSON_PURPOSE_OWN && is_oneself(row, actor)) return true;
    return (purposes[purpose] & (unsigned)actor->role) != 0;
}

const struct id *person_protects(const struct person_input *in)
{
    const struct person_read *details = &in->person_read;
    const struct person_read_name *name = &in->person_read_name;

    if (in->type == PERSON_READ && details->has_another) return &details->another;
    return in->type == PERSON_READ_NAME && name->has_another ? &name->another : NULL;
}

/* Nobody is protected from whom they never had to do with. */
static bool protects(const struct person_case *c, const struct head *head,
                     enum person_purpose purpose)
{
    return purpose != PERSON_PURPOSE_PROTECT_ANOTHER || is_ours(head) || c->is_between;
}

/* Of whom the use is restricted: to write to themself, for themself (whom the operator hands what is theirs), and for what the
 * law leaves. */
static bool is_left(const struct person_case *c, const struct head *head,
                    enum person_purpose purpose)
{
    return !person_is_restricted(&c->row) || is_oneself(&c->row, &head->actor) ||
           (purpose == PERSON_PURPOSE_OWN && is_ours(head)) || purpose == PERSON_PURPOSE_DELIVERY ||
           person_is_left_for(purpose);
}

static bool open_for(const struct person_case *c, const struct person_input *in,
                     enum person_purpose purpose, enum person_opened what,
                     struct person_events *out, struct error *err)
{
    const struct head *head = &in->head;
    const bool is_name = what == PERSON_OPENED_NAME;
    const struct id *another = person_protects(in);
    struct person_was_read *said;

    if (!may_read(c, head) && !(is_name && is_looked_after_by(c, head)))
        return refuse(err, &life_forbidden);
    if (!is_purpose(&c->row, &head->actor, purpose)) return refuse(err, &person_wrong_purpose);
    if (!protects(c, head, purpose)) return refuse(err, &person_no_such_other);
    if (!person_is_near(&c->row, &c->reader, head)) return refuse(err, &person_protected);
    if (!is_left(c, head, purpose)) return refuse(err, &person_restricted_now);
    if (!c->row.has_sealed) return refuse(err, &person_no_details);

    said = &person_emit(out, PERSON_WAS_READ, c->row.id)->person_was_read;
    said->role = role_word(head->actor.role);
    said->purpose = purpose;
    said->has_what = said->has_reading = said->has_at = true;
    said->what = what;
    said->reading = head->ids[0];
    said->at = head->at;
    said->has_reader = is_somebody(head->actor.id);
    said->reader = head->actor.id;
    said->has_organisation = is_somebody(head->actor.organisation);
    said->organisation = head->actor.organisation;
    said->has_credential = is_somebody(head->credential);
    said->credential = head->credential;
    said->has_exported = said->exported = !is_name && in->person_read.exported;
    said->has_another = purpose == PERSON_PURPOSE_PROTECT_ANOTHER && another != NULL;
    if (said->has_another) said->another = *another;
    return true;
}

/* What has happened elsewhere cannot be refused: where it changes nothing, nothing follows. */
static bool on_referral_protection_changed(const struct person_case *c,
                                           const struct person_input *in, struct person_events *out)
{
    const enum protection protection = in->referral_protection_changed.protection;

    if (c->row.state == PERSON_STATE_ACTIVE && c->row.protection != protection)
        say_protection(&c->row, protection, out);
    return true;
}

/* What was asked of the referral stands here; by whom, the event says. */
static bool on_referral_lowering_asked(const struct person_case *c, const struct person_input *in,
                                       struct person_events *out)
{
    const enum protection to = in->referral_lowering_asked.protection;

    if (c->row.state == PERSON_STATE_ACTIVE && to < c->row.protection && !c->row.has_lowering_to)
        person_say_lowering_asked(c, to, &in->head.by, &in->head, out);
    return true;
}

/* As what they are referred they take part again, if that had ended. */
static bool on_referral_reopened(const struct person_case *c, const struct person_input *in,
                                 struct person_events *out)
{
    const struct person_grant_role participant = {.part = PERSON_PART_PARTICIPANT};

    if (c->row.state == PERSON_STATE_ACTIVE && role_of(&c->row, PERSON_PART_PARTICIPANT) == NULL)
        say_granted(c, &participant, c->row.id, c->row.protection, &in->head, out);
    return true;
}

/* What is nobody's to say of others, but as their word. */
static bool is_own_word(enum person_input_type type)
{
    return type == PERSON_CHANGE_CONTACT || type == PERSON_ASK_ERASURE ||
           type == PERSON_WITHDRAW_ERASURE || type == PERSON_ASK_RESTRICTION ||
           type == PERSON_WITHDRAW_RESTRICTION || type == PERSON_GIVE_CONSENT ||
           type == PERSON_WITHDRAW_CONSENT;
}

/* Anybody hides somebody better, or sees to it that they stay so; whom one clears one need not know; and why nothing is read is
 * said in words of its own. */
static bool takes_nearness(enum person_input_type type)
{
    static const enum person_input_type others[] = {
        PERSON_CHANGE_PROTECTION,
        PERSON_REFUSE_LOWERING,
        PERSON_WITHDRAW_LOWERING,
        PERSON_CONFIRM_CLEARANCE,
        PERSON_REFUSE_CLEARANCE,
        PERSON_WITHDRAW_CLEARANCE,
        PERSON_READ,
        PERSON_READ_NAME,
    };

    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
        if (others[i] == type) return false;
    return true;
}

static bool is_reading_of(enum person_input_type type)
{
    return type == PERSON_READ || type == PERSON_READ_NAME;
}

/* Who is erased is nobody's any more but the programme's. Who may read somebody is looked at further where there is something to be
 * read. */
static bool check_whose(const struct person_case *c, const struct person_input *in,
                        struct error *err)
{
    const struct head *head = &in->head;
    const bool is_known = c->row.state == PERSON_STATE_ACTIVE;

    if (is_reading_of(in->type))
        return is_known || may_read(c, head) || refuse(err, &life_forbidden);
    if (is_own_word(in->type) && !head->has_behalf)
        return is_oneself(&c->row, &head->actor) || refuse(err, &person_not_oneself);
    return is_theirs(c, head) || refuse(err, &person_not_theirs);
}

/* That somebody reads takes nothing from anybody, so it matters not what they had seen before. */
bool person_may(const struct person_case *c, const struct person_input *in, struct error *err)
{
    const int64_t version = is_reading_of(in->type) ? in->head.version : c->row.version;
    const bool is_there = c->row.state != PERSON_STATE_NONE;
    const bool is_known = c->row.state == PERSON_STATE_ACTIVE;
    const struct step *step;
    struct error how;

    if (is_there && !life_tenant(&in->head, c->row.programme, err)) return false;
    step = life_step(&person_life, c->row.state, version, in->type, &in->head, &how);
    if (!life_allows(&person_life, in->type, &in->head, err)) return false;
    if (is_there && !check_whose(c, in, err)) return false;
    if (takes_nearness(in->type) &&
        !life_is_near(&in->head, person_is_protected(c->row.protection), c->row.id, err))
        return false;
    if (is_known && person_leaves_no_mailbox(c, in)) return refuse(err, &person_mailbox_needed);
    return step != NULL || life_tell(&how, err);
}

bool person_decide(const struct person_case *c, const struct person_input *in,
                   struct person_events *out, struct error *err)
{
    if (person_is_command(in->type) && !person_may(c, in, err)) return false;

    switch (in->type) {
    case PERSON_REGISTER: return enrol(c, in, out, err);
    case PERSON_CHANGE: return change(c, in, out, err);
    case PERSON_GRANT_ROLE: return grant_role(c, in, out, err);
    case PERSON_END_ROLE: return end_role(c, &in->person_end_role, &in->head, out, err);
    case PERSON_UNDO: return person_take_back(c, &in->head, out, err);
    case PERSON_END_DUE_ROLES: return end_due_roles(c, &in->head, out, err);
    case PERSON_CHANGE_PROTECTION:
        return change_protection(c, in->person_change_protection.protection, &in->head, out, err);
    case PERSON_CONFIRM_CLEARANCE: return person_confirm_clearance_of(c, &in->head, out, err);
    case PERSON_REFUSE_CLEARANCE:
        return person_refuse_clearance_of(c, &in->head, in->person_refuse_clearance.reason, out,
                                          err);
    case PERSON_WITHDRAW_CLEARANCE: return person_withdraw_clearance_of(c, &in->head, out, err);
    case PERSON_LAPSE_CLEARANCE: return person_lapse_clearance_of(c, &in->head, out, err);
    case PERSON_CONFIRM_LOWERING: return person_confirm_lowering_of(c, &in->head, out, err);
    case PERSON_REFUSE_LOWERING:
        return person_refuse_lowering_of(c, &in->head, in->person_refuse_lowering.reason, out, err);
    case PERSON_WITHDRAW_LOWERING: return person_withdraw_lowering_of(c, &in->head, out, err);
    case PERSON_LAPSE_LOWERING: return person_lapse_lowering_of(c, &in->head, out, err);
    case PERSON_READ:
        return open_for(c, in, in->person_read.purpose, PERSON_OPENED_DETAILS, out, err);
    case PERSON_READ_NAME:
        return open_for(c, in, in->person_read_name.purpose, PERSON_OPENED_NAME, out, err);
    case PERSON_ERASE: return erase(c, out);
    case PERSON_CHANGE_CONTACT: return change_contact(c, in, out);
    case PERSON_ASK_ERASURE: return person_ask_to_be_erased(c, in, out, err);
    case PERSON_WITHDRAW_ERASURE: return person_withdraw_erasure_of(c, in, out, err);
    case PERSON_REFUSE_ERASURE:
        return person_refuse_erasure_of(c, in->person_refuse_erasure.reason, out, err);
    case PERSON_REMIND_ERASURE: return person_remind_of_erasure(c, &in->head, out, err);
    case PERSON_ASK_RESTRICTION: return person_ask_restriction_of(c, in, out, err);
    case PERSON_WITHDRAW_RESTRICTION: return person_withdraw_restriction_of(c, in, out, err);
    case PERSON_RESTRICT:
        return person_restrict_use_of(c, in->person_restrict.ground, &in->head, out, err);
    case PERSON_REFUSE_RESTRICTION:
        return person_refuse_restriction_of(c, in->person_refuse_restriction.reason, out, err);
    case PERSON_LIFT_RESTRICTION:
        return person_lift_restriction_of(c, in->person_lift_restriction.reason, &in->head, out,
                                          err);
    case PERSON_GIVE_CONSENT: return person_give_consent_of(c, in, out, err);
    case PERSON_WITHDRAW_CONSENT: return withdraw_consent(c, in, out, err);
    case PERSON_REMIND_RESTRICTION: return person_remind_of_restriction(c, &in->head, out, err);
    case PERSON_END_RESTRICTION: return person_end_restriction_of(c, &in->head, out, err);
    case PERSON_TAKE_MAILBOX: return take_mailbox(c, &in->head, out, err);
    case PERSON_ANNOUNCE_FORGETTING: return person_announce_forgetting_of(c, &in->head, out, err);
    case PERSON_FORGET: return person_check_forgetting(&c->row, &in->head, err) && erase(c, out);
    case PERSON_HIDE: return person_put_away(c, &in->head, out, err);
    case PERSON_SHOW: return person_bring_back(c, &in->person_show, &in->head, out, err);
    case PERSON_THIN: return person_thin_of(c, &in->head, out, err);
    case PERSON_ON_PROGRAMME_DAYS_APPLIED: person_keep_anew(c, &in->head, out); return true;
    case PERSON_ON_REFERRAL_RECEIVED:
    case PERSON_ON_REFERRAL_UPDATED:
    case PERSON_ON_RECIPIENT: return true; /* evolve says all there is to it */
    case PERSON_ON_REFERRAL_PROTECTION_CHANGED: return on_referral_protection_changed(c, in, out);
    case PERSON_ON_REFERRAL_LOWERING_ASKED: return on_referral_lowering_asked(c, in, out);
    case PERSON_ON_REFERRAL_REOPENED: return on_referral_reopened(c, in, out);
    case PERSON_ON_REFERRAL_REJECTED:
    case PERSON_ON_REFERRAL_COMPLETED:
    case PERSON_ON_REFERRAL_FAILED:
    case PERSON_ON_REFERRAL_CANCELLED:
    case PERSON_ON_REFERRAL_EXPIRED:
    case PERSON_ON_REFERRAL_DUPLICATE_LINKED:
    case PERSON_ON_REFERRAL_ENTERED_IN_ERROR: person_release(c, &in->head, out); return true;
    }
    bug("person_decide: input type %u", in->type);
}

/* A place that may not be told goes where the rest of what may not is, and what else is told of nobody who is protected. */
static void conceal_registered(const struct person_register *ask, struct concealed *what)
{
    struct person_details *details = (struct person_details *)what->plain;

    memset(details, 0, sizeof *details);
    patch_carry(&person_who_descriptor, &ask->details, what->descriptor, details);
    what->value = details;
    if (!person_is_protected(ask->protection)) return;
    if (ask->has_part) {
        const struct person_grant_role first = first_role(ask);

        person_keep_offered(&first, details);
    }
    if (!ask->has_municipality || details->has_municipality) return;
    details->has_municipality = true;
    memcpy(details->municipality, ask->municipality, sizeof details->municipality);
}

/* What is new of what the vault holds. */
static void conceal_change(const struct person *row, const void *said,
                           const struct descriptor *patch, struct concealed *what)
{
    what->owner = row->id;
    what->descriptor = &person_details_descriptor;
    what->value = said;
    what->patch = patch;
    what->sealed = row->sealed;
}

/* Also as the agency's system said them last. */
static void lose_goals(const void *c, void *in, const void *before, void *whole)
{
    struct person_details *details = whole;

    (void)c;
    (void)in;
    (void)before;
    details->has_goals = details->agency.has_goals = false;
    memset(details->goals, 0, sizeof details->goals);
    memset(details->agency.goals, 0, sizeof details->agency.goals);
}

static void conceal_loss(const struct person *row, struct concealed *what)
{
    what->owner = row->id;
    what->descriptor = &person_details_descriptor;
    what->sealed = row->sealed;
    what->change = lose_goals;
}

/* Who comes to take part as a participant is old enough for that, by what the vault holds. */
static void look_at_birth(const struct person_case *c, const struct person_input *in,
                          struct concealed *what)
{
    if (in->person_grant_role.part != PERSON_PART_PARTICIPANT || !c->row.has_sealed ||
        is_participant(c, &in->head))
        return;
    what->descriptor = &person_details_descriptor;
    what->sealed = c->row.sealed;
    what->looks = true;
}

void person_conceal(const struct person_case *c, const struct person_input *in,
                    struct concealed *what)
{
    _Static_assert(sizeof(struct person_details) <= sizeof what->plain, "room for the details");

    if (in->type == PERSON_REGISTER) {
        what->owner = in->head.ids[0];
        what->descriptor = &person_details_descriptor;
        conceal_registered(&in->person_register, what);
    }
    if (in->type == PERSON_GRANT_ROLE) look_at_birth(c, in, what);
    if (in->type == PERSON_CHANGE && c->row.state != PERSON_STATE_NONE)
        conceal_change(&c->row, &in->person_change.details, &person_details_change_descriptor,
                       what);
    if (in->type == PERSON_CHANGE_CONTACT && c->row.state != PERSON_STATE_NONE &&
        is_oneself(&c->row, &in->head.actor))
        conceal_change(&c->row, &in->person_change_contact.contact,
                       &person_contact_change_descriptor, what);
    if (c->row.state != PERSON_STATE_NONE && withdraws_goals(c, in)) conceal_loss(&c->row, what);
    person_conceal_kept(c, in, what);
    person_conceal_thinning(c, in, what);
    person_conceal_mailbox(c, in, what);
}

bool person_alias(const struct person_case *c, const struct person_input *in, struct id *owner,
                  const char **text)
{
    if (in->type != PERSON_HIDE || !c->brought.has_external_id) return false;
    *owner = c->brought.partner;
    *text = c->brought.external_id;
    return true;
}

void person_open(const struct person_case *c, const struct person_input *in, struct id *owner,
                 struct sealed *sealed)
{
    (void)in;
    *owner = c->row.id;
    *sealed = c->row.sealed;
}
