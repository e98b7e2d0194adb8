/* Whatever a command names besides what it is about is of the programme that it is given in: every such field of
 * every command of every service, however deep, as the schemas say it (x-of). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "test.h"

#include "contract/placement.h"
#include "core/descriptor.h"
#include "core/error.h"
#include "core/fill.h"
#include "fold/aggregate.h"
#include "fold/kinds.h"
#include "service/naming.h"
#include "services/aggregates_list.h"
#include "services/list.h"
#include "store/state.h"
#include "store/store.h"
#include "store/table.h"

#define DECLARE(x) extern const struct aggregate x##_aggregate;
#define ADDRESS(x) &x##_aggregate,
EACH_AGGREGATE(DECLARE)

static const struct aggregate *const all[] = {EACH_AGGREGATE(ADDRESS)};

enum { ALL = sizeof all / sizeof all[0], PATH_SIZE = 96 };

static const struct id ours = {"ours"}, theirs = {"theirs"}, of_ours = {"one of ours"},
                       of_theirs = {"one of theirs"}, nobody = {"nobody"};

static char home[32];
static struct store *store;
static struct txn *txn;
static struct kinds *kinds;
static char *row;

/* A row of each programme for each aggregate of the service that keeps any. */
static void put(size_t place, struct id id, struct id programme)
{
    const struct aggregate *aggregate = kinds->aggregates[place];
    const struct row_places *places = &kinds->places[place];
    char *none = calloc(1, kinds->row_max);
    struct error err;

    memset(row, 0, kinds->row_max);
    fill(aggregate->table->row, row, "x");
    *(struct id *)(void *)(row + places->id->offset) = id;
    *(struct id *)(void *)(row + places->programme->offset) = programme;
    if (!table_save(txn, aggregate->table, id, none, row, &err))
        fail_msg("%s: %s", aggregate->contract->name, err.text);
    free(none);
}

static void open_service(const char *service)
{
    static const struct aggregate *of[ALL + 1];
    size_t count = 0;
    struct error err;

    for (size_t i = 0; i < ALL; i++)
        if (strcmp(all[i]->contract->service, service) == 0) of[count++] = all[i];
    of[count] = NULL;
    assert_true(count > 0);
    kinds = kinds_create(of);
    row = calloc(1, kinds->row_max);
    strcpy(home, "/tmp/fadder-XXXXXX");
    assert_non_null(mkdtemp(home));
    assert_non_null(store = store_open(home, 1 << 24, state_maps, STORE_VIEW, &err));
    assert_non_null(txn = txn_begin_write(store, &err));
    for (size_t i = 0; i < kinds->aggregate_count; i++) {
        if (kinds->aggregates[i]->table == NULL || kinds->places[i].programme == NULL) continue;
        put(i, of_ours, ours);
        put(i, of_theirs, theirs);
    }
}

static void close_service(void)
{
    char command[64];

    txn_abort(txn);
    store_close(store);
    kinds_destroy(kinds);
    free(row);
    snprintf(command, sizeof command, "rm -r %s", home);
    assert_int_equal(system(command), 0);
}

/* Others that the command requires are nobody. */
static bool is_taken(const struct descriptor *body, const void *value, const char *path)
{
    struct error err = {0};

    if (naming_check(txn, kinds, body, value, ours, row, &err)) return true;
    assert_int_equal(err.kind, ERROR_INVALID);
    assert_string_equal(err.code, "names_none");
    for (uint32_t i = 0; i < err.fault_count; i++)
        if (strcmp(err.faults[i].field, path) == 0) return false;
    return true;
}

static void check_field(const struct descriptor *body, void *value, struct id *at, const char *path)
{
    const struct {
        struct id id;
        bool is_taken;
    } tried[] = {{of_ours, true}, {of_theirs, false}, {nobody, false}};

    for (size_t i = 0; i < sizeof tried / sizeof tried[0]; i++) {
        *at = tried[i].id;
        if (is_taken(body, value, path) != tried[i].is_taken)
            fail_msg("%s: %s may be %s", body->name, path, (const char *)tried[i].id.bytes);
    }
}

/* Each field of a body by itself, with what is around it: how many name something. */
static size_t walk(const struct descriptor *body, void *value, const struct descriptor *descriptor,
                   char *at, const char *around)
{
    size_t count = 0;

    for (size_t i = 0; i < descriptor->count; i++) {
        const struct field *field = &descriptor->fields[i];
        const bool is_list = field->type == FIELD_LIST;
        const struct descriptor *object = is_list ? field->item->object : field->object;
        char path[PATH_SIZE], *one = at + field->offset + (is_list ? field->first : 0);
        const uint32_t single = 1, none = 0;

        snprintf(path, sizeof path, "%s%s%s%s", around, *around == '\0' ? "" : ".", field->name,
                 is_list ? "[0]" : "");
        if (field->present != NO_FLAG) at[field->present] = 1;
        if (is_list) memcpy(at + field->offset, &single, sizeof single);
        if (field->of[0] != NULL) {
            check_field(body, value, (struct id *)(void *)one, path);
            *(struct id *)(void *)one = of_ours;
            count++;
        } else if (object != NULL)
            count += walk(body, value, object, one, path);
        if (is_list) memcpy(at + field->offset, &none, sizeof none);
        if (field->present != NO_FLAG) at[field->present] = 0;
    }
    return count;
}

static size_t walk_commands(const struct contract *contract)
{
    size_t count = 0;

    for (size_t i = 0; i < contract->command_count; i++) {
        const struct descriptor *body = contract->commands[i].body;
        char *value = calloc(1, body->size + 1);

        count += walk(body, value, body, value, "");
        free(value);
    }
    return count;
}

static void what_a_command_names_is_of_its_programme(void **unused)
{
    static const char *const services[] = {SERVICES_JOURNALED};
    size_t count = 0;

    (void)unused;
    for (size_t i = 0; i < sizeof services / sizeof services[0]; i++) {
        open_service(services[i]);
        for (size_t n = 0; n < kinds->aggregate_count; n++)
            count += walk_commands(kinds->aggregates[n]->contract);
        close_service();
    }
    assert_in_range(count, 30, 200);
}

/* Not of this service: what it is known by here is the view of the programme's organisations. */
static void where_somebody_found_work_is_an_organisation(void **unused)
{
    const struct descriptor *body = &placement_record_outcome_descriptor;
    const struct field *organisation = NULL;

    (void)unused;
    for (size_t i = 0; i < body->count; i++)
        if (strcmp(body->fields[i].name, "organisation") == 0) organisation = &body->fields[i];
    assert_non_null(organisation);
    assert_string_equal(organisation->of[0], "hosting");
    assert_null(organisation->of[1]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_a_command_names_is_of_its_programme),
        cmocka_unit_test(where_somebody_found_work_is_an_organisation),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
