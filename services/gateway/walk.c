/* Three counters, one within the other. */
#include "walk.h"

#include <string.h>

#include "contract/bus.h"
#include "core/descriptor.h"
#include "core/input.h"

const struct contract *walk_contract(const struct walk *walk)
{
    return contracts[walk->contract];
}

const struct record *walk_record(const struct walk *walk)
{
    return &walk_contract(walk)->records[walk->record];
}

static const struct field *field_of(const struct walk *walk)
{
    return walk_record(walk)->readers[walk->reader].field;
}

static bool names_people(const struct reader *reader)
{
    return reader->is == READER_ID && reader->roles != ROLE_AG;
}

static bool was_before(const struct record *record, size_t reader)
{
    for (size_t i = 0; i < reader; i++)
        if (names_people(&record->readers[i]) &&
            record->readers[i].field == record->readers[reader].field)
            return true;
    return false;
}

static bool is_id(const struct field *field)
{
    return strcmp(field->name, "id") == 0;
}

static bool is_filter(const struct record *record, const struct field *field)
{
    for (size_t i = 0; i < record->filter_count; i++)
        if (record->filters[i] == field) return true;
    return false;
}

static bool is_way(const struct walk *walk)
{
    const struct record *record = walk_record(walk);

    if (record->route == NULL || !names_people(&record->readers[walk->reader]) ||
        was_before(record, walk->reader))
        return false;
    return !walk->is_narrow || is_id(field_of(walk)) || is_filter(record, field_of(walk));
}

bool walk_find(struct walk *walk)
{
    for (; walk->contract < contract_count; walk->contract++, walk->record = 0)
        for (; walk->record < walk_contract(walk)->record_count; walk->record++, walk->reader = 0)
            for (; walk->reader < walk_record(walk)->reader_count; walk->reader++)
                if (is_way(walk)) return true;
    return false;
}

void walk_on(struct walk *walk)
{
    walk->reader++;
}

void walk_narrow(const struct walk *walk, struct id id, struct bus_query *query)
{
    const struct field *field = field_of(walk);

    if (is_id(field)) {
        query->has_key = true;
        query->key = id;
    } else if (is_filter(walk_record(walk), field)) {
        query->has_filter = query->has_value = true;
        strcpy(query->filter, field->name);
        id_write(id, query->value);
    }
}

bool walk_is_about(const struct walk *walk, const void *row, struct id id)
{
    const struct field *field = field_of(walk);
    const char *at = row;

    return (field->present == NO_FLAG || at[field->present]) &&
           memcmp(at + field->offset, &id, sizeof id) == 0;
}
