/* What an organisation is after each event. Nothing is checked here: it has already happened. */
#include "organisation/organisation.h"

static void lost(struct organisation *row, struct instant since)
{
    row->has_unreached_since = true;
    row->unreached_since = since;
}

static void found(struct organisation *row)
{
    row->has_unreached_since = false;
    row->unreached_since = (struct instant){0};
}

static void created(struct organisation *row, const struct organisation_created *said)
{
    row->state = ORGANISATION_STATE_OPEN;
    row->kind = said->kind;
    row->has_parent = said->has_parent;
    row->parent = said->parent;
    organisation_copy(row, said);
    row->has_sealed = said->has_sealed;
    row->sealed = said->sealed;
}

static void changed(struct organisation *row, const struct organisation_changed *said)
{
    organisation_copy(row, said);
    if (!said->has_sealed) return;
    row->has_sealed = true;
    row->sealed = said->sealed;
    if (!said->has_new_mailbox || said->new_mailbox) found(row);
}

/* What mails come to has nothing to do with it. */
static void closed(struct organisation *row, const struct organisation_closed *said)
{
    row->state = ORGANISATION_STATE_CLOSED;
    row->has_undo = said->has_undo;
    row->undo = said->undo;
}

static void take_back(struct organisation *row)
{
    row->state = ORGANISATION_STATE_OPEN;
    row->has_undo = false;
    row->undo = (struct organisation_way_back){0};
}

void organisation_evolve(struct organisation *row, const struct organisation_event *event)
{
    switch (event->type) {
    case ORGANISATION_CREATED: created(row, &event->organisation_created); return;
    case ORGANISATION_CHANGED: changed(row, &event->organisation_changed); return;
    case ORGANISATION_WAS_READ: return; /* for the journal only */
    case ORGANISATION_CLOSED: closed(row, &event->organisation_closed); return;
    case ORGANISATION_UNDONE: take_back(row); return;
    case ORGANISATION_AFTER_RECIPIENT_LOST: lost(row, event->recipient_lost.at); return;
    case ORGANISATION_AFTER_RECIPIENT_FOUND: found(row); return;
    }
    bug("organisation_evolve: event type %u", event->type);
}
