/* What a person is after each event. Nothing is checked here: it has already happened. */
#include "person/person.h"

#include "core/zone.h"
#include "person/consent.h"

/* The higher, the better hidden: who compares two relies on it. */
_Static_assert(PROTECTION_NONE < PROTECTION_MARKED && PROTECTION_MARKED < PROTECTION_CONFIDENTIAL &&
                   PROTECTION_CONFIDENTIAL < PROTECTION_STRICTLY,
               "protections in order");

bool person_is_restricted(const struct person *row)
{
    return row->has_restricted_since;
}

bool person_is_protected(enum protection protection)
{
    return protection >= PROTECTION_MARKED;
}

static bool is_for(const struct person_role *role, struct id organisation)
{
    return role->has_organisation && id_equal(role->organisation, organisation);
}

bool person_takes_part_for(const struct person *row, enum person_part part, struct id organisation)
{
    for (uint32_t i = 0; i < row->roles.count; i++)
        if (row->roles.at[i].part == part) return is_for(&row->roles.at[i], organisation);
    return false;
}

bool person_is_of(const struct person *row, struct id organisation)
{
    for (uint32_t i = 0; i < row->roles.count; i++)
        if (is_for(&row->roles.at[i], organisation)) return true;
    return row->has_organisation && id_equal(row->organisation, organisation);
}

static void drop_role(struct person_roles *roles, enum person_part part)
{
    for (uint32_t i = 0; i < roles->count; i++) {
        if (roles->at[i].part != part) continue;
        roles->count--;
        memmove(&roles->at[i], &roles->at[i + 1], (roles->count - i) * sizeof roles->at[0]);
        memset(&roles->at[roles->count], 0, sizeof roles->at[0]);
        return;
    }
}

/* One for each part: there are as many places as parts. */
static void add_role(struct person_roles *roles, const struct person_role *role)
{
    drop_role(roles, role->part);
    roles->at[roles->count++] = *role;
}

static void lost(struct person *row, struct instant since)
{
    row->has_unreached_since = true;
    row->unreached_since = since;
}

static void found(struct person *row)
{
    row->has_unreached_since = false;
    row->unreached_since = (struct instant){0};
}

static void registered(struct person *row, const struct person_registered *said)
{
    row->state = PERSON_STATE_ACTIVE;
    row->protection = said->protection;
    row->language = said->language;
    row->has_organisation = said->has_organisation;
    row->organisation = said->organisation;
    row->has_sealed = true;
    row->sealed = said->sealed;
}

/* No other waits. */
static void drop_mailbox(struct person *row)
{
    row->has_mailbox_due = false;
    row->mailbox_due = (struct instant){0};
}

static void changed(struct person *row, const struct person_changed *said)
{
    row->language = said->language;
    row->has_organisation = said->has_organisation;
    row->organisation = said->organisation;
    row->has_sealed = true;
    row->sealed = said->sealed;
    if (said->has_new_mailbox ? said->new_mailbox : !said->kept) found(row);
    if (!said->mailbox_waits) drop_mailbox(row);
}

/* NULL: nobody knows by whose. */
static void set_hands(bool *has, struct hands *hands, const struct hands *said)
{
    *has = said != NULL;
    *hands = said != NULL ? *said : (struct hands){0};
}

static void set_part_hands(struct person *row, enum person_part part, const struct hands *said)
{
    if (part == PERSON_PART_COORDINATOR)
        set_hands(&row->has_coordinator_hands, &row->coordinator_hands, said);
    if (part == PERSON_PART_COUNSELLOR)
        set_hands(&row->has_counsellor_hands, &row->counsellor_hands, said);
}

/* It is answered, or what it asks for has become another thing. */
static void drop_clearance(struct person *row)
{
    row->has_clearance_part = row->has_clearance_asked_at = false;
    row->has_clearance_asked_by = row->has_clearance_due = false;
    row->clearance_part = 0;
    row->clearance_asked_at = row->clearance_due = (struct instant){0};
    row->clearance_asked_by = (struct id){{0}};
    set_hands(&row->has_clearance_hands, &row->clearance_hands, NULL);
}

static void drop_clearance_in(struct person *row, enum person_part part)
{
    if (row->has_clearance_part && row->clearance_part == part) drop_clearance(row);
}

static void clearance_asked(struct person *row, const struct person_clearance_asked *said)
{
    row->has_clearance_part = row->has_clearance_asked_at = true;
    row->has_clearance_asked_by = row->has_clearance_due = true;
    row->clearance_part = said->part;
    row->clearance_asked_at = said->at;
    row->clearance_asked_by = said->asked_by;
    row->clearance_due = said->due;
    set_hands(&row->has_clearance_hands, &row->clearance_hands,
              said->has_hands ? &said->hands : NULL);
}

static void cleared(struct person *row, enum person_part part)
{
    for (uint32_t i = 0; i < row->roles.count; i++)
        if (row->roles.at[i].part == part) row->roles.at[i].cleared = true;
    drop_clearance(row);
}

static void drop_lowering(struct person *row)
{
    row->has_lowering_to = row->has_lowering_asked_at = false;
    row->has_lowering_asked_by = row->has_lowering_due = false;
    row->lowering_to = 0;
    row->lowering_asked_at = row->lowering_due = (struct instant){0};
    row->lowering_asked_by = (struct id){{0}};
    set_hands(&row->has_lowering_hands, &row->lowering_hands, NULL);
}

static void lowering_asked(struct person *row, const struct person_lowering_asked *said)
{
    row->has_lowering_to = row->has_lowering_asked_at = row->has_lowering_due = true;
    row->lowering_to = said->protection;
    row->lowering_asked_at = said->at;
    row->has_lowering_asked_by = said->has_asked_by;
    row->lowering_asked_by = said->asked_by;
    row->lowering_due = said->due;
    set_hands(&row->has_lowering_hands, &row->lowering_hands,
              said->has_hands ? &said->hands : NULL);
}

static void protection_changed(struct person *row, enum protection protection)
{
    row->protection = protection;
    drop_lowering(row);
}

/* What was told of the time that was to be over then holds no more. */
static void drop_announcement(struct person *row)
{
    row->has_kept_announce = row->has_kept_announced_at = false;
    row->kept_announce = row->kept_announced_at = (struct instant){0};
}

/* Something brings them back. */
static void is_needed(struct person *row)
{
    drop_announcement(row);
    row->has_kept_until = row->has_kept_since = row->has_thin_at = row->has_thinned_at = false;
    row->kept_until = row->kept_since = row->thin_at = row->thinned_at = (struct instant){0};
}

/* What a match goes by, while it may be told. */
static void offer(struct person *row, const struct spokens *languages,
                  const struct occupations *occupations, const char *municipality)
{
    row->has_mentor_municipality = municipality != NULL;
    memset(row->mentor_municipality, 0, sizeof row->mentor_municipality);
    if (municipality != NULL)
        memcpy(row->mentor_municipality, municipality, sizeof row->mentor_municipality);
    row->has_mentor_languages = languages->count > 0;
    row->mentor_languages = *languages;
    row->has_mentor_occupations = occupations->count > 0;
    row->mentor_occupations = *occupations;
}

/* It is taken back once, and not when the parts have changed since. */
static void drop_undo(struct person *row)
{
    row->has_undo = false;
    row->undo = (struct person_way_back){0};
    set_hands(&row->has_undo_hands, &row->undo_hands, NULL);
}

static void role_granted(struct person *row, const struct person_role_granted *said)
{
    is_needed(row);
    drop_undo(row);
    add_role(&row->roles, &(struct person_role){
                              .part = said->part,
                              .has_organisation = said->has_organisation,
                              .organisation = said->organisation,
                              .cleared = said->cleared,
                              .from = said->from,
                              .has_until = said->has_until,
                              .until = said->until,
                          });
    set_part_hands(row, said->part, said->has_hands ? &said->hands : NULL);
    drop_clearance_in(row, said->part);
    if (said->part == PERSON_PART_MENTOR && !said->restored)
        offer(row, &said->languages, &said->occupations,
              said->has_municipality ? said->municipality : NULL);
    if (!said->has_sealed) return;
    row->has_sealed = true;
    row->sealed = said->sealed;
}

static void hidden(struct person *row, const struct person_hidden *said)
{
    row->has_hidden = row->hidden = true;
    row->sealed = said->sealed;
    offer(row, &(struct spokens){0}, &(struct occupations){0}, NULL);
}

static void shown(struct person *row, const struct person_shown *said)
{
    row->has_hidden = row->hidden = false;
    row->sealed = said->sealed;
    offer(row, &said->mentor_languages, &said->mentor_occupations,
          said->has_mentor_municipality ? said->mentor_municipality : NULL);
}

static void role_ended(struct person *row, const struct person_role_ended *said)
{
    drop_role(&row->roles, said->part);
    set_part_hands(row, said->part, NULL);
    drop_clearance_in(row, said->part);
    drop_undo(row);
    if (!said->has_undo) return;
    row->has_undo = true;
    row->undo = said->undo;
    set_hands(&row->has_undo_hands, &row->undo_hands, said->has_hands ? &said->hands : NULL);
}

static void released(struct person *row, const struct person_released *said)
{
    drop_announcement(row);
    row->has_kept_until = true;
    row->kept_until = said->until;
    row->has_kept_since = said->has_since;
    row->kept_since = said->since;
    row->has_thin_at = said->has_thin;
    row->thin_at = said->thin;
    row->has_kept_announce = said->has_announce;
    row->kept_announce = said->announce;
}

static void thinned(struct person *row, const struct person_thinned *said)
{
    row->has_thinned_at = true;
    row->thinned_at = said->at;
    if (said->has_sealed) row->sealed = said->sealed;
    row->has_mentor_languages = row->has_mentor_occupations = false;
    row->mentor_languages = (struct spokens){0};
    row->mentor_occupations = (struct occupations){0};
}

static void forgetting_announced(struct person *row, struct instant at)
{
    drop_announcement(row);
    row->has_kept_announced_at = true;
    row->kept_announced_at = at;
}

static void after_referral_closed(struct person *row)
{
    if (row->state == PERSON_STATE_ACTIVE) row->has_referral_over = row->referral_over = true;
}

static void after_referral_reopened(struct person *row)
{
    row->has_referral_over = row->referral_over = false;
    is_needed(row);
}

static void erasure_asked(struct person *row, const struct person_erasure_asked *said)
{
    row->has_erasure_asked_at = row->has_erasure_due = row->has_erasure_remind = true;
    row->erasure_asked_at = said->at;
    row->erasure_due = said->due;
    row->erasure_remind = said->remind;
}

static void reminded(struct person *row)
{
    row->has_erasure_remind = false;
    row->erasure_remind = (struct instant){0};
}

/* They wait no more. */
static void erasure_over(struct person *row)
{
    reminded(row);
    row->has_erasure_asked_at = row->has_erasure_due = row->has_erasure_told = false;
    row->erasure_asked_at = row->erasure_due = (struct instant){0};
}

static void restriction_asked(struct person *row, const struct person_restriction_asked *said)
{
    row->has_restriction_asked = row->has_restriction_asked_at = true;
    row->has_restriction_due = row->has_restriction_remind = true;
    row->restriction_asked = said->ground;
    row->restriction_asked_at = said->at;
    row->restriction_due = said->due;
    row->restriction_remind = said->remind;
}

static void restriction_reminded(struct person *row)
{
    row->has_restriction_remind = false;
    row->restriction_remind = (struct instant){0};
}

/* They wait for it no more. */
static void restriction_answered(struct person *row)
{
    restriction_reminded(row);
    row->has_restriction_asked = row->has_restriction_asked_at = false;
    row->has_restriction_due = row->has_restriction_told = false;
    row->restriction_asked = 0;
    row->restriction_asked_at = row->restriction_due = (struct instant){0};
    row->restriction_told = 0;
}

static void goes_on_restricted(struct person *row)
{
    row->has_restriction_until = false;
    row->restriction_until = (struct instant){0};
}

/* Since when, is since the first time, where it only does not end after all. */
static void restricted(struct person *row, const struct person_restricted *said)
{
    if (!row->has_restricted_since) row->restricted_since = said->at;
    row->has_restricted_since = row->has_restriction_ground = true;
    row->restriction_ground = said->ground;
    goes_on_restricted(row);
    restriction_answered(row);
}

static void restriction_lifted(struct person *row)
{
    row->has_restricted_since = row->has_restriction_ground = false;
    row->restricted_since = (struct instant){0};
    row->restriction_ground = 0;
    goes_on_restricted(row);
}

const struct person_consent *person_consent_to(const struct person *row,
                                               enum person_consent_purpose purpose)
{
    for (uint32_t i = 0; row->has_consents && i < row->consents.count; i++)
        if (row->consents.at[i].purpose == purpose) return &row->consents.at[i];
    return NULL;
}

bool person_has_withdrawn(const struct person *row, enum person_consent_purpose purpose)
{
    const struct person_consent *said = person_consent_to(row, purpose);

    return said != NULL && !said->is_given;
}

/* One for each purpose: there are as many places. */
static void set_consent(struct person *row, const struct person_consent *said)
{
    uint32_t i = 0;

    while (i < row->consents.count && row->consents.at[i].purpose != said->purpose)
        i++;
    row->consents.at[i] = *said;
    row->has_consents = true;
    if (i == row->consents.count) row->consents.count++;
}

static void consent_given(struct person *row, const struct person_consent_given *said)
{
    struct person_consent consent = {
        .purpose = said->purpose, .has_is_given = true, .is_given = true, .has_words = true};

    memcpy(consent.words, said->words, sizeof consent.words);
    consent.at = said->at;
    consent.by = said->by;
    consent.has_told = said->has_told;
    consent.told = said->told;
    set_consent(row, &consent);
}

static void consent_withdrawn(struct person *row, const struct person_consent_withdrawn *said)
{
    set_consent(row, &(struct person_consent){.purpose = said->purpose,
                                              .at = said->at,
                                              .by = said->by,
                                              .has_told = said->has_told,
                                              .told = said->told});
}

static void recorded_for(struct person *row, const struct person_recorded_for *said)
{
    if (said->said == PERSON_SAID_ASK_ERASURE) {
        row->has_erasure_told = true;
        row->erasure_told = said->told;
    }
    if (said->said == PERSON_SAID_ASK_RESTRICTION) {
        row->has_restriction_told = true;
        row->restriction_told = said->told;
    }
}

/* Nothing stays but that there was somebody. */
/* Who was hidden stays so: what is about them is still there. */
static void erased(struct person *row)
{
    *row = (struct person){
        .id = row->id,
        .version = row->version,
        .programme = row->programme,
        .country = row->country,
        .state = PERSON_STATE_ERASED,
        .protection = row->protection,
    };
}

static void after_referral_received(struct person *row, struct id referral,
                                    const struct referral_received *said)
{
    row->state = PERSON_STATE_ACTIVE;
    row->protection = said->protection;
    row->language = said->language;
    row->has_referral = true;
    row->referral = referral;
    row->has_partner = true;
    row->partner = said->partner;
    row->has_agency = said->has_organisation;
    row->agency = said->organisation;
    row->has_sealed = true;
    row->sealed = said->sealed;
    add_role(&row->roles,
             &(struct person_role){.part = PERSON_PART_PARTICIPANT,
                                   .from = zone_date(row->country, said->waiting_since)});
}

/* How protected they are is said by an event of their own. */
static void after_referral_updated(struct person *row, const struct referral_updated *said)
{
    if (row->state != PERSON_STATE_ACTIVE) return;
    if (!said->same_language) row->language = said->language;
    if (said->has_new_mailbox ? said->new_mailbox
                              : !id_equal(row->sealed.event, said->sealed.event))
        found(row);
    row->has_sealed = true;
    row->sealed = said->sealed;
}

void person_evolve(struct person *row, const struct person_event *event)
{
    switch (event->type) {
    case PERSON_REGISTERED: registered(row, &event->person_registered); return;
    case PERSON_CHANGED: changed(row, &event->person_changed); return;
    case PERSON_ROLE_GRANTED: role_granted(row, &event->person_role_granted); return;
    case PERSON_ROLE_ENDED: role_ended(row, &event->person_role_ended); return;
    case PERSON_UNDONE: drop_undo(row); return;
    case PERSON_PROTECTION_CHANGED:
        protection_changed(row, event->person_protection_changed.protection);
        return;
    case PERSON_CLEARANCE_ASKED: clearance_asked(row, &event->person_clearance_asked); return;
    case PERSON_CLEARANCE_CONFIRMED: cleared(row, event->person_clearance_confirmed.part); return;
    case PERSON_CLEARANCE_REFUSED:
    case PERSON_CLEARANCE_WITHDRAWN:
    case PERSON_CLEARANCE_LAPSED: drop_clearance(row); return;
    case PERSON_LOWERING_ASKED: lowering_asked(row, &event->person_lowering_asked); return;
    case PERSON_LOWERING_REFUSED:
    case PERSON_LOWERING_WITHDRAWN:
    case PERSON_LOWERING_LAPSED: drop_lowering(row); return;
    case PERSON_HIDDEN: hidden(row, &event->person_hidden); return;
    case PERSON_ALIASED: return; /* of the referral */
    case PERSON_SHOWN: shown(row, &event->person_shown); return;
    case PERSON_ERASED: erased(row); return;
    case PERSON_WAS_READ: return; /* for the journal only */
    case PERSON_ERASURE_ASKED: erasure_asked(row, &event->person_erasure_asked); return;
    case PERSON_ERASURE_WITHDRAWN:
    case PERSON_ERASURE_REFUSED: erasure_over(row); return;
    case PERSON_ERASURE_REMINDED: reminded(row); return;
    case PERSON_CONSENT_GIVEN: consent_given(row, &event->person_consent_given); return;
    case PERSON_CONSENT_WITHDRAWN: consent_withdrawn(row, &event->person_consent_withdrawn); return;
    case PERSON_RESTRICTION_ASKED: restriction_asked(row, &event->person_restriction_asked); return;
    case PERSON_RESTRICTION_WITHDRAWN:
    case PERSON_RESTRICTION_REFUSED: restriction_answered(row); return;
    case PERSON_RESTRICTION_REMINDED: restriction_reminded(row); return;
    case PERSON_RESTRICTED: restricted(row, &event->person_restricted); return;
    case PERSON_RESTRICTION_ENDING:
        row->has_restriction_until = true;
        row->restriction_until = event->person_restriction_ending.due;
        return;
    case PERSON_RESTRICTION_LIFTED: restriction_lifted(row); return;
    case PERSON_MAILBOX_HELD:
        row->has_mailbox_due = true;
        row->mailbox_due = event->person_mailbox_held.due;
        return;
    case PERSON_MAILBOX_TAKEN: drop_mailbox(row); return;
    case PERSON_RELEASED: released(row, &event->person_released); return;
    case PERSON_FORGETTING_ANNOUNCED:
        forgetting_announced(row, event->person_forgetting_announced.at);
        return;
    case PERSON_THINNED: thinned(row, &event->person_thinned); return;
    case PERSON_AFTER_PROGRAMME_DAYS_APPLIED: return; /* decide says what follows */
    case PERSON_RECORDED_FOR: recorded_for(row, &event->person_recorded_for); return;
    case PERSON_AFTER_REFERRAL_RECEIVED:
        after_referral_received(row, event->id, &event->referral_received);
        return;
    case PERSON_AFTER_REFERRAL_UPDATED:
        after_referral_updated(row, &event->referral_updated);
        return;
    case PERSON_AFTER_REFERRAL_LOWERING_ASKED:
    case PERSON_AFTER_REFERRAL_PROTECTION_CHANGED: return; /* decide says what follows */
    case PERSON_AFTER_REFERRAL_REOPENED: after_referral_reopened(row); return;
    case PERSON_AFTER_REFERRAL_REJECTED:
    case PERSON_AFTER_REFERRAL_COMPLETED:
    case PERSON_AFTER_REFERRAL_FAILED:
    case PERSON_AFTER_REFERRAL_CANCELLED:
    case PERSON_AFTER_REFERRAL_EXPIRED:
    case PERSON_AFTER_REFERRAL_DUPLICATE_LINKED:
    case PERSON_AFTER_REFERRAL_ENTERED_IN_ERROR: after_referral_closed(row); return;
    case PERSON_AFTER_RECIPIENT_LOST: lost(row, event->recipient_lost.at); return;
    case PERSON_AFTER_RECIPIENT_FOUND: found(row); return;
    }
    bug("person_evolve: event type %u", event->type);
}

/* A role is over when its last day is, where the programme is. */
static struct instant roles_due(const struct person *row)
{
    struct instant due = {0};

    for (uint32_t i = 0; i < row->roles.count; i++) {
        const struct date behind = {row->roles.at[i].until.day + 1};
        const struct instant end = zone_begin(row->country, behind);

        if (row->roles.at[i].has_until && (due.ms == 0 || end.ms < due.ms)) due = end;
    }
    return due;
}

static void take_earlier(bool has, struct instant at, unsigned what, struct instant *due,
                         unsigned *command)
{
    if (!has || (due->ms != 0 && due->ms <= at.ms)) return;
    *due = at;
    *command = what;
}

static bool is_to_hide(const struct person *row)
{
    return row->state == PERSON_STATE_ACTIVE && person_is_protected(row->protection) &&
           !row->hidden;
}

static bool is_to_show(const struct person *row)
{
    return row->state == PERSON_STATE_ACTIVE && !person_is_protected(row->protection) &&
           row->hidden;
}

/* At once who was released before anybody was told: they have no day for it yet. */
static struct instant announce_due(const struct person *row)
{
    static const struct instant long_ago = {1};

    return row->has_kept_announce ? row->kept_announce : long_ago;
}

static bool is_to_announce(const struct person *row)
{
    return row->has_kept_until && !row->has_kept_announced_at && !person_is_restricted(row);
}

/* At once who was released before there was a day for it. */
static struct instant thin_due(const struct person *row)
{
    static const struct instant long_ago = {1};

    return row->has_thin_at ? row->thin_at : long_ago;
}

static bool is_to_thin(const struct person *row)
{
    return row->has_kept_until && row->has_referral && !row->has_thinned_at &&
           !person_is_restricted(row) && (row->has_thin_at || !row->has_kept_since);
}

struct instant person_due(const struct person *row, unsigned *command)
{
    static const struct instant long_ago = {1};
    struct instant due = roles_due(row);

    *command = PERSON_END_DUE_ROLES;
    take_earlier(row->has_erasure_remind, row->erasure_remind, PERSON_REMIND_ERASURE, &due,
                 command);
    take_earlier(row->has_clearance_due, row->clearance_due, PERSON_LAPSE_CLEARANCE, &due, command);
    take_earlier(row->has_lowering_due, row->lowering_due, PERSON_LAPSE_LOWERING, &due, command);
    take_earlier(row->has_restriction_remind, row->restriction_remind, PERSON_REMIND_RESTRICTION,
                 &due, command);
    take_earlier(row->has_restriction_until, row->restriction_until, PERSON_END_RESTRICTION, &due,
                 command);
    take_earlier(row->has_mailbox_due, row->mailbox_due, PERSON_TAKE_MAILBOX, &due, command);
    take_earlier(is_to_hide(row), long_ago, PERSON_HIDE, &due, command);
    take_earlier(is_to_show(row), long_ago, PERSON_SHOW, &due, command);
    take_earlier(is_to_announce(row), announce_due(row), PERSON_ANNOUNCE_FORGETTING, &due, command);
    take_earlier(is_to_thin(row), thin_due(row), PERSON_THIN, &due, command);
    take_earlier(row->has_kept_until && !person_is_restricted(row), row->kept_until, PERSON_FORGET,
                 &due, command);
    return due;
}
