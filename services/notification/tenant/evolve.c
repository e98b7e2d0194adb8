/* What a tenant is after each of the registry's events. */
#include "tenant/tenant.h"

static void own(struct tenant *row, struct id organisation)
{
    if (row->has_owner) return;
    row->has_owner = true;
    row->owner = organisation;
}

void tenant_evolve(struct tenant *row, const struct tenant_event *event)
{
    switch (event->type) {
    case TENANT_AFTER_PROGRAMME_CREATED:
        memcpy(row->name, event->programme_created.name, sizeof row->name);
        return;
    case TENANT_AFTER_PROGRAMME_CHANGED:
        memcpy(row->name, event->programme_changed.name, sizeof row->name);
        return;
    case TENANT_AFTER_ORGANISATION_CREATED: own(row, event->id); return;
    }
    bug("tenant_evolve: event type %u", event->type);
}
