/* Whether mails to somebody may lie in files after each of the registry's events. */
#include "secrecy/secrecy.h"

void secrecy_evolve(struct secrecy *row, const struct secrecy_event *event)
{
    switch (event->type) {
    case SECRECY_AFTER_PERSON_PROTECTION_CHANGED:
        row->has_kept = row->kept = event->person_protection_changed.protection != PROTECTION_NONE;
        return;
    case SECRECY_AFTER_PERSON_ERASED: row->has_kept = row->kept = true; return;
    }
    bug("secrecy_evolve: event type %u", event->type);
}
