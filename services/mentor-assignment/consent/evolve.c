/* What somebody consents to after each of the registry's events. */
#include "consent/consent.h"

static void set_wishes(struct consent *row, bool is_given)
{
    row->has_wishes = row->wishes = is_given;
}

void consent_evolve(struct consent *row, const struct consent_event *event)
{
    switch (event->type) {
    case CONSENT_AFTER_PERSON_CONSENT_GIVEN:
        if (event->person_consent_given.purpose == PERSON_CONSENT_PURPOSE_WISHES)
            set_wishes(row, true);
        return;
    case CONSENT_AFTER_PERSON_CONSENT_WITHDRAWN:
        if (event->person_consent_withdrawn.purpose == PERSON_CONSENT_PURPOSE_WISHES)
            set_wishes(row, false);
        return;
    case CONSENT_AFTER_PERSON_ERASED: set_wishes(row, false); return;
    }
    bug("consent_evolve: event type %u", event->type);
}
