#include "lives.h"

#include <string.h>

#include "core/descriptor.h"
#include "services/lives_list.h"

#define LIFE(aggregate) &aggregate##_life,

const struct life *const lives[] = {EACH_LIFE(LIFE) NULL};

static const struct field *state_of(const struct life *life)
{
    const struct descriptor *row = life->contract->records[0].row;

    for (size_t i = 0; i < row->count; i++)
        if (strcmp(row->fields[i].name, "state") == 0) return &row->fields[i];
    return NULL;
}

const char *lives_state(const struct life *life, unsigned state)
{
    const struct field *field = state_of(life);

    return field == NULL ? "" : field->words[state];
}

unsigned lives_states(const struct life *life)
{
    const struct field *field = state_of(life);

    return field == NULL ? 0 : (unsigned)field->max;
}

const char *lives_command(const struct life *life, unsigned command)
{
    return strchr(life->contract->commands[command].body->name, '.') + 1;
}

const char *lives_event(const struct life *life, unsigned event)
{
    const struct contract *contract = life->contract;

    if (event >= contract->event_count)
        return contract->subscriptions[event - contract->event_count].event->name;
    return strchr(contract->events[event]->name, '.') + 1;
}
