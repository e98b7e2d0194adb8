/* What a trainee is after each of the registry's events. */
#include "trainee/trainee.h"

bool trainee_is_wanted(const struct referral_wants *wants)
{
    for (uint32_t i = 0; i < wants->count; i++)
        if (wants->at[i] == REFERRAL_WANT_PLACEMENT) return true;
    return false;
}

static void take_place(struct trainee *row, const char *said)
{
    row->has_municipality = true;
    memcpy(row->municipality, said, sizeof row->municipality);
}

static void forget_place(struct trainee *row)
{
    row->has_municipality = false;
    memset(row->municipality, 0, sizeof row->municipality);
}

static void protect(struct trainee *row, enum protection protection)
{
    row->protection = protection;
    if (protection != PROTECTION_NONE) forget_place(row);
}

static void set_agency(struct trainee *row, bool is_known, struct id agency)
{
    row->has_agency = is_known;
    row->agency = agency;
}

/* Also when it is accepted once more, after it had to be asked about again or was taken up again. */
static void accept(struct trainee *row, const struct referral_accepted *as)
{
    row->state = TRAINEE_STATE_OPEN;
    row->is_held = false;
    row->person = as->person;
    row->has_responsible = as->has_responsible;
    row->responsible = as->responsible;
    set_agency(row, as->has_organisation, as->organisation);
    row->languages = as->languages;
    row->occupations = as->occupations;
    row->waiting_since = as->waiting_since;
    row->has_municipality = as->has_municipality;
    memcpy(row->municipality, as->municipality, sizeof row->municipality);
    protect(row, as->protection);
}

/* As if it were accepted now, but that it may be on hold. */
static void want(struct trainee *row, const struct referral_updated *as)
{
    row->state = TRAINEE_STATE_OPEN;
    row->is_held = as->held;
    row->person = as->person;
    row->has_responsible = as->has_responsible;
    row->responsible = as->responsible;
    row->waiting_since = as->waiting_since;
}

static void update(struct trainee *row, const struct referral_updated *as)
{
    if (!trainee_is_wanted(&as->wants)) row->state = TRAINEE_STATE_CLOSED;
    if (trainee_is_wanted(&as->wants_anew)) want(row, as);
    set_agency(row, as->has_organisation, as->organisation);
    row->languages = as->languages;
    row->occupations = as->occupations;
    row->has_municipality = as->has_municipality;
    memcpy(row->municipality, as->municipality, sizeof row->municipality);
    protect(row, as->protection);
}

static void forget_profile(struct trainee *row)
{
    row->languages = (struct spokens){0};
    row->occupations = (struct occupations){0};
}

static void show(struct trainee *row, const struct person_shown *said)
{
    if (said->has_languages) row->languages = said->languages;
    if (said->has_occupations) row->occupations = said->occupations;
    if (said->has_municipality) take_place(row, said->municipality);
}

static void forget(struct trainee *row)
{
    row->state = TRAINEE_STATE_CLOSED;
    row->has_erased = row->erased = true;
    row->has_restricted = row->restricted = false;
    forget_profile(row);
    forget_place(row);
}

/* That they were accepted, or only that the agency was asked for more. */
static void referral_undone(struct trainee *row, const struct referral_undone *said)
{
    if (said->step == REFERRAL_DECIDED_ASK_INFO)
        row->is_held = false;
    else
        row->state = TRAINEE_STATE_CLOSED;
}

void trainee_evolve(struct trainee *row, const struct trainee_event *event)
{
    switch (event->type) {
    case TRAINEE_AFTER_REFERRAL_ACCEPTED: accept(row, &event->referral_accepted); return;
    case TRAINEE_AFTER_REFERRAL_HANDED_OVER:
        row->has_responsible = true;
        row->responsible = event->referral_handed_over.responsible;
        return;
    case TRAINEE_AFTER_REFERRAL_UPDATED: update(row, &event->referral_updated); return;
    case TRAINEE_AFTER_REFERRAL_INFO_ASKED:
    case TRAINEE_AFTER_REFERRAL_HELD: row->is_held = true; return;
    case TRAINEE_AFTER_REFERRAL_RESUMED: row->is_held = false; return;
    case TRAINEE_AFTER_REFERRAL_PROTECTION_CHANGED:
        protect(row, event->referral_protection_changed.protection);
        return;
    case TRAINEE_AFTER_REFERRAL_UNDONE: referral_undone(row, &event->referral_undone); return;
    case TRAINEE_AFTER_REFERRAL_CANCELLED:
    case TRAINEE_AFTER_REFERRAL_FAILED:
    case TRAINEE_AFTER_REFERRAL_COMPLETED:
    case TRAINEE_AFTER_REFERRAL_REJECTED:
    case TRAINEE_AFTER_REFERRAL_EXPIRED:
    case TRAINEE_AFTER_REFERRAL_DUPLICATE_LINKED:
    case TRAINEE_AFTER_REFERRAL_ENTERED_IN_ERROR: row->state = TRAINEE_STATE_CLOSED; return;
    case TRAINEE_AFTER_PERSON_THINNED:
    case TRAINEE_AFTER_PERSON_HIDDEN: forget_profile(row); return;
    case TRAINEE_AFTER_PERSON_SHOWN: show(row, &event->person_shown); return;
    case TRAINEE_AFTER_PERSON_ERASED: forget(row); return;
    case TRAINEE_AFTER_PERSON_RESTRICTED: row->has_restricted = row->restricted = true; return;
    case TRAINEE_AFTER_PERSON_RESTRICTION_LIFTED:
        row->has_restricted = row->restricted = false;
        return;
    }
    bug("trainee_evolve: event type %u", event->type);
}
