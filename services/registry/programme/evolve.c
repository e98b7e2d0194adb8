/* What a programme is after each event. Nothing is checked here: it has already happened. */
#include "programme/programme.h"

static void lost(struct programme *row, struct instant since)
{
    row->has_unreached_since = true;
    row->unreached_since = since;
}

static void found(struct programme *row)
{
    row->has_unreached_since = false;
    row->unreached_since = (struct instant){0};
}

/* Without one the contact is what it was. */
static void seal(struct programme *row, bool has_sealed, struct sealed sealed)
{
    if (!has_sealed) return;
    row->mailbox = true;
    row->has_sealed = true;
    row->sealed = sealed;
}

static void applies_to_nobody(struct programme *row)
{
    row->has_applied_to = false;
    row->applied_to = (struct id){{0}};
}

static void changed(struct programme *row, const struct programme_changed *said)
{
    programme_copy(row, said);
    if (said->other_days) {
        row->has_applying = true;
        row->applying = 1;
        applies_to_nobody(row);
    }
    seal(row, said->has_sealed, said->sealed);
    if (said->has_new_mailbox ? said->new_mailbox : said->has_sealed) found(row);
}

static void days_applied(struct programme *row, const struct programme_days_applied *said)
{
    const bool goes_on = said->more && said->persons.count > 0;

    row->has_applying = goes_on;
    row->applying = goes_on ? row->applying + 1 : 0;
    applies_to_nobody(row);
    if (!goes_on) return;
    row->has_applied_to = true;
    row->applied_to = said->persons.at[said->persons.count - 1];
}

static void clearance_missed(struct programme *row, const struct programme_clearance_missed *said)
{
    row->has_uncleared_since = row->has_uncleared = row->has_said_times = true;
    row->uncleared_since = said->since;
    row->uncleared = said->person;
    row->said_times = said->times;
    row->has_look_at = said->has_again;
    row->look_at = said->again;
}

static void clearance_found(struct programme *row)
{
    const struct programme_clearance_missed nothing = {0};

    clearance_missed(row, &nothing);
    row->has_uncleared_since = row->has_uncleared = row->has_said_times = false;
}

static void looked_over(struct programme *row, enum programme_looked_at what)
{
    struct programme_looked *looked = &row->looked;

    row->has_looked = true;
    for (uint32_t i = 0; i < looked->count; i++)
        if (looked->at[i] == what) return;
    looked->at[looked->count++] = what;
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
        row->has_by_link = event->programme_created.has_by_link;
        row->by_link = event->programme_created.by_link;
        row->country = row->countries.at[0];
        return;
    case PROGRAMME_CHANGED:
        changed(row, &event->programme_changed);
        row->country = row->countries.at[0];
        return;
    case PROGRAMME_MATCHING_SET:
        row->has_matching = true;
        row->matching = event->programme_matching_set.matching;
        return;
    case PROGRAMME_LOOKED_OVER: looked_over(row, event->programme_looked_over.what); return;
    case PROGRAMME_WAS_READ: return; /* for the journal only */
    case PROGRAMME_CLOSED: row->state = PROGRAMME_STATE_CLOSED; return;
    case PROGRAMME_DAYS_APPLIED: days_applied(row, &event->programme_days_applied); return;
    case PROGRAMME_CLEARANCE_MISSED:
        clearance_missed(row, &event->programme_clearance_missed);
        return;
    case PROGRAMME_CLEARANCE_FOUND: clearance_found(row); return;
    case PROGRAMME_AFTER_REFERRAL:
    case PROGRAMME_AFTER_PERSON: return; /* what follows is said by events of our own */
    case PROGRAMME_AFTER_RECIPIENT_LOST: lost(row, event->recipient_lost.at); return;
    case PROGRAMME_AFTER_RECIPIENT_FOUND: found(row); return;
    }
    bug("programme_evolve: event type %u", event->type);
}

struct instant programme_due(const struct programme *row, unsigned *command)
{
    const bool is_applying = row->applying != 0;

    *command = is_applying ? PROGRAMME_APPLY_DAYS : PROGRAMME_LOOK_FOR_CLEARED;
    if (!is_applying) return row->look_at;
    return (struct instant){row->applying}; /* another each time, or it would not be fired again */
}
