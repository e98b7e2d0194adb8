/* What a programme is after each event. Nothing is checked here: it has already happened. */
#include "programme/programme.h"

/* Without one the contact is what it was. */
static void seal(struct programme *row, bool has_sealed, struct sealed sealed)
{
    if (!has_sealed) return;
    row->mailbox = true;
    row->has_sealed = true;
    row->sealed = sealed;
}

void programme_evolve(struct programme *row, const struct programme_event *event)
{
    switch (event->type) {
    case PROGRAMME_CREATED:
        row->state = PROGRAMME_STATE_OPEN;
        row->programme = event->id;
        memcpy(row->slug, event->programme_created.slug, sizeof row->slug);
        programme_copy(row, &event->programme_created);
        seal(row, event->programme_created.has_sealed, event->programme_created.sealed);
        row->country = row->countries.at[0];
        return;
    case PROGRAMME_CHANGED:
        programme_copy(row, &event->programme_changed);
        seal(row, event->programme_changed.has_sealed, event->programme_changed.sealed);
        row->country = row->countries.at[0];
        return;
    case PROGRAMME_MATCHING_SET:
        row->has_matching = true;
        row->matching = event->programme_matching_set.matching;
        return;
    case PROGRAMME_WAS_READ: return; /* for the journal only */
    case PROGRAMME_CLOSED: row->state = PROGRAMME_STATE_CLOSED; return;
    }
    bug("programme_evolve: event type %u", event->type);
}
