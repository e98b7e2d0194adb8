/* A hash table of event types, made once of the aggregates' contracts. */
#include "fold/kinds.h"

#include <stdlib.h>
#include <string.h>

#include "contract/common.h"
#include "core/error.h"

const struct field *field_find(const struct descriptor *descriptor, const char *name)
{
    for (size_t i = 0; i < descriptor->count; i++)
        if (strcmp(descriptor->fields[i].name, name) == 0) return &descriptor->fields[i];
    return NULL;
}

static size_t hash_of(const char *name, size_t size)
{
    uint32_t hash = 2166136261u; /* FNV-1a */

    for (size_t i = 0; i < size; i++)
        hash = (hash ^ (uint8_t)name[i]) * 16777619u;
    return hash % (4 * KINDS_MAX);
}

static uint16_t *slot_of(struct kinds *kinds, const char *name, size_t size)
{
    size_t i = hash_of(name, size);

    for (; kinds->slots[i] != 0; i = (i + 1) % (4 * KINDS_MAX)) {
        const char *there = kinds->at[kinds->slots[i] - 1].name;

        if (strlen(there) == size && memcmp(there, name, size) == 0) break;
    }
    return &kinds->slots[i];
}

const struct kind *kinds_find(const struct kinds *kinds, const char *name, size_t size)
{
    const uint16_t slot = *slot_of((struct kinds *)(size_t)kinds, name, size);

    return slot == 0 ? NULL : &kinds->at[slot - 1];
}

static struct kind *add(struct kinds *kinds, const struct descriptor *event, const char *service)
{
    uint16_t *slot = slot_of(kinds, event->name, strlen(event->name));
    struct kind *kind;

    if (*slot != 0) return &kinds->at[*slot - 1];
    if (kinds->count == KINDS_MAX) bug("more than %d event types", KINDS_MAX);
    kind = &kinds->at[kinds->count++];
    *slot = (uint16_t)kinds->count;
    kind->name = event->name;
    kind->descriptor = event;
    kind->service = service;
    kind->sealed = field_find(event, "sealed");
    if (event->size > kinds->body_max) kinds->body_max = event->size;
    return kind;
}

static void larger(size_t *most, size_t size)
{
    if (size > *most) *most = size;
}

static bool is_named(const char *event, const char *name)
{
    return strcmp(strrchr(event, '.') + 1, name) == 0;
}

static bool can_be_erased(const struct contract *contract)
{
    for (unsigned i = 0; i < contract->event_count; i++)
        if (is_named(contract->events[i]->name, "erased")) return true;
    return false;
}

static void find_sealed(const struct descriptor *row, struct row_places *places)
{
    for (size_t i = 0; i < row->count; i++) {
        const struct field *field = &row->fields[i];

        if (field->type != FIELD_OBJECT || field->object != &sealed_descriptor) continue;
        if (places->sealed_count == SEALED_EACH)
            bug("%s points to more than %d that are sealed", row->name, SEALED_EACH);
        places->sealed[places->sealed_count++] = field;
    }
}

const struct sealed *kinds_sealed(const struct row_places *places, const void *row, size_t i)
{
    const struct field *field = places->sealed[i];
    const char *at = row;

    if (field->present != NO_FLAG && at[field->present] == 0) return NULL;
    return (const struct sealed *)(const void *)(at + field->offset);
}

static void add_aggregate(struct kinds *kinds, size_t place)
{
    const struct aggregate *aggregate = kinds->aggregates[place];
    const struct contract *contract = aggregate->contract;
    const struct descriptor *row = contract->record_count > 0 ? contract->records[0].row : NULL;

    for (unsigned i = 0; i < contract->event_count; i++) {
        struct kind *kind = add(kinds, contract->events[i], contract->service);

        kind->owner = aggregate;
        kind->type = i;
        kind->is_erasure = is_named(kind->name, "erased");
        kind->is_reading = is_named(kind->name, "was_read");
        if (is_named(kind->name, "protection_changed") && can_be_erased(contract))
            kind->protection = field_find(contract->events[i], "protection");
    }
    for (unsigned i = 0; i < contract->subscription_count; i++) {
        const struct subscription *to = &contract->subscriptions[i];
        struct kind *kind = add(kinds, to->event, to->service);

        if (kind->subscriber_count == SUBSCRIBERS_MAX) bug("%s: too many subscribe", kind->name);
        kind->subscribers[kind->subscriber_count].aggregate = place;
        kind->subscribers[kind->subscriber_count++].subscription = i;
    }
    for (unsigned i = 0; i < contract->command_count; i++)
        larger(&kinds->body_max, contract->commands[i].body->size);
    larger(&kinds->row_max, row == NULL ? 0 : row->size);
    larger(&kinds->case_max, aggregate->case_size);
    larger(&kinds->input_max, contract->input_size);
    larger(&kinds->event_max, contract->event_size);
    larger(&kinds->events_max, contract->events_size);
    if (row == NULL) return;
    kinds->places[place] = (struct row_places){.id = field_find(row, "id"),
                                               .version = field_find(row, "version"),
                                               .programme = field_find(row, "programme"),
                                               .country = field_find(row, "country")};
    find_sealed(row, &kinds->places[place]);
}

struct kinds *kinds_create(const struct aggregate *const *aggregates)
{
    struct kinds *kinds = calloc(1, sizeof *kinds);

    if (kinds == NULL) bug("out of memory");
    kinds->aggregates = aggregates;
    for (size_t i = 0; aggregates[i] != NULL; i++) {
        if (i == AGGREGATES_MAX) bug("more than %d aggregates", AGGREGATES_MAX);
        if ((aggregates[i]->conceal == NULL) != (aggregates[i]->may == NULL))
            bug("%s conceals, and does not say who may", aggregates[i]->contract->name);
        kinds->aggregate_count++;
        add_aggregate(kinds, i);
    }
    return kinds;
}

void kinds_destroy(struct kinds *kinds)
{
    free(kinds);
}

bool kinds_command(const struct kinds *kinds, const char *name, size_t *aggregate,
                   unsigned *command)
{
    for (size_t i = 0; i < kinds->aggregate_count; i++) {
        const struct contract *contract = kinds->aggregates[i]->contract;
        const size_t size = strlen(contract->name);

        if (strncmp(name, contract->name, size) != 0 || name[size] != '.') continue;
        for (unsigned n = 0; n < contract->command_count; n++) {
            if (strcmp(contract->commands[n].body->name, name) != 0) continue;
            *aggregate = i;
            *command = n;
            return true;
        }
    }
    return false;
}
