/* Body, table, row: each field that names something is looked up, however deep it is. */
#include "service/naming.h"

#include <stdio.h>
#include <string.h>

#include "core/descriptor.h"
#include "core/error.h"
#include "fold/kinds.h"
#include "store/table.h"

static const char names_none[] = "names_none";

struct names {
    struct txn *txn;
    const struct kinds *kinds;
    struct id programme;
    char *row;
    struct error *err;
    bool is_broken, is_faulty;
};

static size_t place_of(const struct kinds *kinds, const char *aggregate)
{
    for (size_t i = 0; i < kinds->aggregate_count; i++)
        if (strcmp(kinds->aggregates[i]->contract->name, aggregate) == 0) return i;
    bug("%s is named, and not kept here", aggregate);
}

static struct id id_at(const char *row, const struct field *field)
{
    return *(const struct id *)(const void *)(row + field->offset);
}

/* One of these aggregates' has that id, in that programme. */
static bool is_there(struct names *names, const char *aggregate, struct id id)
{
    const size_t place = place_of(names->kinds, aggregate);
    const struct row_places *places = &names->kinds->places[place];

    if (!table_get(names->txn, names->kinds->aggregates[place]->table, id, names->row,
                   names->err)) {
        names->is_broken = true;
        return false;
    }
    return id_equal(id_at(names->row, places->id), id) &&
           id_equal(id_at(names->row, places->programme), names->programme);
}

static void look_at(struct names *names, const struct field *field, const char *path, struct id id)
{
    bool is = false;

    for (size_t i = 0; i < OF_MAX && field->of[i] != NULL && !is && !names->is_broken; i++)
        is = is_there(names, field->of[i], id);
    if (is || names->is_broken) return;
    if (!names->is_faulty)
        error_set(names->err, ERROR_INVALID, names_none, "Something that it names is not there.");
    names->is_faulty = true;
    error_add_fault(names->err, path, "nothing of that kind in the programme");
}

static void look_in(struct names *names, const struct descriptor *descriptor, const char *body,
                    const char *around);

/* at: the value, which is there. */
static void look_at_value(struct names *names, const struct field *field, const char *at,
                          const char *path)
{
    const bool is_list = field->type == FIELD_LIST;
    char item[FAULT_FIELD_MAX];
    uint32_t count = 1;

    if (is_list) memcpy(&count, at, sizeof count);
    for (uint32_t i = 0; i < count; i++) {
        const char *one = is_list ? at + field->first + i * field->stride : at;
        const struct descriptor *object = is_list ? field->item->object : field->object;

        snprintf(item, sizeof item, is_list ? "%s[%u]" : "%s", path, i);
        if (field->of[0] != NULL)
            look_at(names, field, item, *(const struct id *)(const void *)one);
        else if (object != NULL)
            look_in(names, object, one, item);
    }
}

static void look_in(struct names *names, const struct descriptor *descriptor, const char *body,
                    const char *around)
{
    for (size_t i = 0; i < descriptor->count; i++) {
        const struct field *field = &descriptor->fields[i];
        char path[FAULT_FIELD_MAX];

        if (field->present != NO_FLAG && !*(const bool *)(body + field->present)) continue;
        snprintf(path, sizeof path, "%s%s%s", around, *around == '\0' ? "" : ".", field->name);
        look_at_value(names, field, body + field->offset, path);
    }
}

bool naming_check(struct txn *txn, const struct kinds *kinds, const struct descriptor *descriptor,
                  const void *body, struct id programme, void *row, struct error *err)
{
    struct names names = {
        .txn = txn, .kinds = kinds, .programme = programme, .row = row, .err = err};

    look_in(&names, descriptor, body, "");
    return !names.is_broken && !names.is_faulty;
}
