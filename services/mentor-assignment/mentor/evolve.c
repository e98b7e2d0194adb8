/* What a mentor is after each event. Nothing is checked here: it has already happened. */
#include "mentor/mentor.h"

static void take_place(struct mentor *row, const char *said)
{
    row->has_municipality = true;
    memcpy(row->municipality, said, sizeof row->municipality);
}

static void forget_place(struct mentor *row)
{
    row->has_municipality = false;
    memset(row->municipality, 0, sizeof row->municipality);
}

static void take_profile(struct mentor *row, const struct person_role_granted *as)
{
    row->languages = as->languages;
    row->occupations = as->occupations;
    row->has_municipality = as->has_municipality;
    memcpy(row->municipality, as->municipality, sizeof row->municipality);
}

static void set_was_paused(struct mentor *row, bool was_paused)
{
    row->has_was_paused = row->was_paused = was_paused;
}

/* The same part granted again replaces what was said of it; that its end is taken back, nothing. */
static void come_in(struct mentor *row, const struct person_role_granted *as)
{
    if (as->part != PERSON_PART_MENTOR) return;
    if (row->state == MENTOR_STATE_NONE) row->state = MENTOR_STATE_NEW;
    if (row->state == MENTOR_STATE_GONE)
        row->state = row->has_capacity ? MENTOR_STATE_ACTIVE : MENTOR_STATE_NEW;
    if (as->has_restored && row->has_was_paused) row->state = MENTOR_STATE_PAUSED;
    set_was_paused(row, false);
    row->cleared = as->cleared;
    row->has_protection = as->has_protection;
    row->protection = as->protection;
    row->has_organisation = as->has_organisation;
    row->organisation = as->organisation;
    if (!as->restored) take_profile(row, as);
}

static void go(struct mentor *row, const struct person_role_ended *said)
{
    if (said->part != PERSON_PART_MENTOR) return;
    set_was_paused(row, said->has_undo && row->state == MENTOR_STATE_PAUSED);
    row->state = MENTOR_STATE_GONE;
}

/* What a match goes by. */
static void forget_profile(struct mentor *row)
{
    row->languages = (struct spokens){0};
    row->occupations = (struct occupations){0};
    row->networks = (struct occupations){0};
    row->availability = (struct availability){0};
    row->offers = (struct match_wishes){0};
}

static void set_wishes_gone(struct mentor *row, bool are_gone)
{
    row->has_wishes_gone = row->wishes_gone = are_gone;
}

static void hide(struct mentor *row)
{
    if (row->networks.count + row->availability.count + row->offers.count > 0)
        set_wishes_gone(row, true);
    forget_profile(row);
}

/* What they offer beside that is gone: they say it anew. */
static void show(struct mentor *row, const struct person_shown *said)
{
    if (said->has_mentor_languages) row->languages = said->mentor_languages;
    if (said->has_mentor_occupations) row->occupations = said->mentor_occupations;
    if (said->has_mentor_municipality) take_place(row, said->mentor_municipality);
}

static void forget(struct mentor *row)
{
    row->state = MENTOR_STATE_GONE;
    set_was_paused(row, false);
    row->has_restricted = row->restricted = false;
    set_wishes_gone(row, false);
    forget_profile(row);
    forget_place(row);
}

static void drop_offers(struct mentor *row)
{
    row->has_no_wishes = row->no_wishes = true;
    set_wishes_gone(row, false);
    row->availability = (struct availability){0};
    row->offers = (struct match_wishes){0};
}

static void describe(struct mentor *row, const struct mentor_described *said)
{
    set_wishes_gone(row, false);
    row->networks = said->networks;
    row->availability = said->availability;
    row->offers = said->offers;
}

void mentor_evolve(struct mentor *row, const struct mentor_event *event)
{
    switch (event->type) {
    case MENTOR_CAPACITY_SET:
        if (row->state == MENTOR_STATE_NEW) row->state = MENTOR_STATE_ACTIVE;
        row->has_capacity = true;
        row->capacity = event->mentor_capacity_set.capacity;
        return;
    case MENTOR_OVER_CAPACITY: return;
    case MENTOR_PAUSED: row->state = MENTOR_STATE_PAUSED; return;
    case MENTOR_RESUMED: row->state = MENTOR_STATE_ACTIVE; return;
    case MENTOR_DESCRIBED: describe(row, &event->mentor_described); return;
    case MENTOR_AFTER_PERSON_ROLE_GRANTED: come_in(row, &event->person_role_granted); return;
    case MENTOR_AFTER_PERSON_CLEARANCE_CONFIRMED:
        if (event->person_clearance_confirmed.part == PERSON_PART_MENTOR) row->cleared = true;
        return;
    case MENTOR_AFTER_PERSON_ROLE_ENDED: go(row, &event->person_role_ended); return;
    case MENTOR_AFTER_PERSON_PROTECTION_CHANGED:
        row->has_protection = true;
        row->protection = event->person_protection_changed.protection;
        if (row->protection != PROTECTION_NONE) forget_place(row);
        return;
    case MENTOR_OFFERS_MISSED: return; /* for whom it concerns */
    case MENTOR_AFTER_PERSON_THINNED:
        set_wishes_gone(row, false);
        forget_profile(row);
        return;
    case MENTOR_AFTER_PERSON_HIDDEN: hide(row); return;
    case MENTOR_AFTER_PERSON_SHOWN: show(row, &event->person_shown); return;
    case MENTOR_AFTER_PERSON_ERASED: forget(row); return;
    case MENTOR_AFTER_PERSON_CONSENT_GIVEN:
        if (event->person_consent_given.purpose == PERSON_CONSENT_PURPOSE_WISHES)
            row->has_no_wishes = row->no_wishes = false;
        return;
    case MENTOR_AFTER_PERSON_CONSENT_WITHDRAWN:
        if (event->person_consent_withdrawn.purpose == PERSON_CONSENT_PURPOSE_WISHES)
            drop_offers(row);
        return;
    case MENTOR_AFTER_PERSON_RESTRICTED: row->has_restricted = row->restricted = true; return;
    case MENTOR_AFTER_PERSON_RESTRICTION_LIFTED:
        row->has_restricted = row->restricted = false;
        return;
    }
    bug("mentor_evolve: event type %u", event->type);
}
