/* What a tenant is after each of the registry's events. */
#include "tenant/tenant.h"

static void name(struct tenant *row, const char *called, size_t size,
                 const struct programme_languages *languages)
{
    memcpy(row->name, called, size);
    row->language = languages->at[0];
}

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
        name(row, event->programme_created.name, sizeof row->name,
             &event->programme_created.languages);
        return;
    case TENANT_AFTER_PROGRAMME_CHANGED:
        name(row, event->programme_changed.name, sizeof row->name,
             &event->programme_changed.languages);
        return;
    case TENANT_AFTER_ORGANISATION_CREATED: own(row, event->id); return;
    }
    bug("tenant_evolve: event type %u", event->type);
}
