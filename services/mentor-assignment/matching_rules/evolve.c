/* What a programme's rules are after each of the registry's events. */
#include "matching_rules/matching_rules.h"

void matching_rules_evolve(struct matching_rules *row, const struct matching_rules_event *event)
{
    switch (event->type) {
    case MATCHING_RULES_AFTER_PROGRAMME_CREATED:
        row->rules = event->programme_created.rules;
        row->has_from = true;
        row->from = event->programme_created.from;
        row->has_until = event->programme_created.has_until;
        row->until = event->programme_created.until;
        return;
    case MATCHING_RULES_AFTER_PROGRAMME_CHANGED:
        row->rules = event->programme_changed.rules;
        row->has_from = true;
        row->from = event->programme_changed.from;
        row->has_until = event->programme_changed.has_until;
        row->until = event->programme_changed.until;
        return;
    case MATCHING_RULES_AFTER_PROGRAMME_MATCHING_SET:
        row->has_matching = true;
        row->matching = event->programme_matching_set.matching;
        return;
    case MATCHING_RULES_AFTER_PROGRAMME_CLOSED: row->is_closed = true; return;
    }
    bug("matching_rules_evolve: event type %u", event->type);
}
