/* What a programme's rules are after each of the registry's events. */
#include "placement_rules/placement_rules.h"

void placement_rules_evolve(struct placement_rules *row, const struct placement_rules_event *event)
{
    switch (event->type) {
    case PLACEMENT_RULES_AFTER_PROGRAMME_CREATED:
        row->rules = event->programme_created.rules;
        row->has_from = true;
        row->from = event->programme_created.from;
        return;
    case PLACEMENT_RULES_AFTER_PROGRAMME_CHANGED:
        row->rules = event->programme_changed.rules;
        row->has_from = true;
        row->from = event->programme_changed.from;
        return;
    case PLACEMENT_RULES_AFTER_PROGRAMME_CLOSED: row->is_closed = true; return;
    }
    bug("placement_rules_evolve: event type %u", event->type);
}
