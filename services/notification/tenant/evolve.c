/* What a tenant is after each of the registry's events. */
#include "tenant/tenant.h"

static void own(struct tenant *row, struct id organisation)
{
    if (row->has_owner) return;
    row->has_owner = true;
    row->owner = organisation;
}

static void disown(struct tenant *row, struct id organisation)
{
    if (!row->has_owner || !id_equal(row->owner, organisation)) return;
    row->has_owner = false;
    row->owner = (struct id){{0}};
}

/* What both events of a programme say alike; a mailbox that was stated once stays. */
#define be(row, said)                                                      \
    do {                                                                   \
        memcpy((row)->name, (said)->name, sizeof(row)->name);              \
        (row)->language = (said)->languages.at[0];                         \
        (row)->mailbox = (row)->mailbox || (said)->has_sealed;             \
        (row)->has_at_once = (row)->at_once = (said)->rules.mails_at_once; \
    } while (0)

void tenant_evolve(struct tenant *row, const struct tenant_event *event)
{
    switch (event->type) {
    case TENANT_AFTER_PROGRAMME_CREATED: be(row, &event->programme_created); return;
    case TENANT_AFTER_PROGRAMME_CHANGED: be(row, &event->programme_changed); return;
    case TENANT_AFTER_PROGRAMME_CLOSED: row->closed = true; return;
    case TENANT_AFTER_PROGRAMME_CLEARANCE_MISSED:
        row->has_uncleared = row->uncleared = true;
        return;
    case TENANT_AFTER_PROGRAMME_CLEARANCE_FOUND:
        row->has_uncleared = row->uncleared = false;
        return;
    case TENANT_AFTER_ORGANISATION_UNDONE: /* it takes part again */
    case TENANT_AFTER_ORGANISATION_CREATED: own(row, event->id); return;
    case TENANT_AFTER_ORGANISATION_CLOSED: disown(row, event->id); return;
    }
    bug("tenant_evolve: event type %u", event->type);
}

/* Ids are in the order in which they were made. */
static bool is_before(struct id a, struct id b)
{
    return memcmp(a.bytes, b.bytes, sizeof a.bytes) < 0;
}

enum tenant_mailbox tenant_mailbox_for(const struct tenant *row, struct id message)
{
    if (row->mailbox) return TENANT_MAILBOX_OWN;
    return row->has_owner && is_before(row->owner, message) ? TENANT_MAILBOX_OWNERS
                                                            : TENANT_MAILBOX_NONE;
}

bool tenant_may_wait(const struct tenant *row)
{
    return row->name[0] != '\0' && !row->at_once;
}

bool tenant_is_mute(const struct tenant *row)
{
    return !row->closed && !row->mailbox && !row->has_owner;
}
