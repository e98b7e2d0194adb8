/* Who may see only what is their own is led there by an index: a list of theirs looks at nobody else's rows,
 * however many there are; and so is who narrows a list. Over every record of every service. */
#include <stdio.h>
#include <string.h>

#include "test.h"

#include "core/descriptor.h"
#include "core/input.h"
#include "core/life.h"
#include "fold/aggregate.h"
#include "fold/kinds.h"
#include "services/aggregates_list.h"
#include "store/table.h"

#define DECLARE(x) extern const struct aggregate x##_aggregate;
#define ADDRESS(x) &x##_aggregate,
EACH_AGGREGATE(DECLARE)

static const struct aggregate *const all[] = {EACH_AGGREGATE(ADDRESS)};

enum { ALL = sizeof all / sizeof all[0] };

/* Readings, of which nearly all are an admin's to see, are looked through. */
static bool is_looked_through(const struct aggregate *aggregate)
{
    const char *record = aggregate->contract->records[0].row->name;
    const bool is = strcmp(record, "reading") == 0;

    if ((aggregate->whom == NULL) != is)
        fail_msg("%s: nobody says whom, or somebody after all", record);
    return is;
}

static bool leads(const struct table *table, const char *name)
{
    if (strcmp(name, "id") == 0) return true; /* the key itself */
    for (size_t i = 0; table->indexes[i] != NULL; i++) {
        const struct index *index = table->indexes[i];

        if (index->holds == NULL && strcmp(index->fields[0], name) == 0 && index->fields[1] == NULL)
            return true;
    }
    return false;
}

static void what_is_somebodys_own_has_an_index(void **unused)
{
    size_t looked = 0;

    (void)unused;
    for (size_t i = 0; i < ALL; i++) {
        const struct record *record =
            all[i]->contract->record_count == 0 ? NULL : &all[i]->contract->records[0];

        for (size_t n = 0; record != NULL && n < record->reader_count; n++) {
            const struct reader *reader = &record->readers[n];

            if (reader->is == READER_PROGRAMME || reader->is == READER_WHOLE ||
                (reader->is == READER_KNOWN && is_looked_through(all[i])))
                continue;
            looked++;
            if (!leads(all[i]->table, reader->field->name))
                fail_msg("%s: no index by %s alone", record->row->name, reader->field->name);
        }
    }
    assert_true(looked > 20);
}

/* Few in a programme, or few of them asked for; the sender's are written far more often than they are
 * listed. These are read through, bit by bit. */
static bool is_narrowed_without(const char *record, const char *field)
{
    static const char *const without[][2] = {
        {"endpoint", "state"},    {"token", "state"},  {"delivery", "state"},
        {"delivery", "endpoint"}, {"message", "kind"}, {"message", "about"},
        {"recipient", "state"},
    };

    for (size_t i = 0; i < sizeof without / sizeof without[0]; i++)
        if (strcmp(without[i][0], record) == 0 && strcmp(without[i][1], field) == 0) return true;
    return false;
}

/* As leads, or behind the programme, which everybody who asks is of. */
static bool narrows(const struct table *table, const char *name)
{
    for (size_t i = 0; table->indexes[i] != NULL; i++) {
        const struct index *index = table->indexes[i];

        if (index->holds == NULL && strcmp(index->fields[0], "programme") == 0 &&
            index->fields[1] != NULL && strcmp(index->fields[1], name) == 0 &&
            index->fields[2] == NULL)
            return true;
    }
    return leads(table, name);
}

static void what_a_list_is_narrowed_by_has_an_index(void **unused)
{
    size_t looked = 0;

    (void)unused;
    for (size_t i = 0; i < ALL; i++) {
        const struct record *record =
            all[i]->contract->record_count == 0 ? NULL : &all[i]->contract->records[0];

        for (size_t n = 0; record != NULL && n < record->filter_count; n++) {
            const char *name = record->filters[n]->name;

            looked++;
            if (narrows(all[i]->table, name) == is_narrowed_without(record->row->name, name))
                fail_msg("%s: %s by %s", record->row->name,
                         is_narrowed_without(record->row->name, name) ? "an index after all"
                                                                      : "no index",
                         name);
        }
    }
    assert_true(looked > 40);
}

/* Or who reads a single one is not told what they may do. */
static void who_can_be_commanded_shows_its_life(void **unused)
{
    (void)unused;
    for (size_t i = 0; i < ALL; i++) {
        const struct contract *contract = all[i]->contract;

        if ((contract->command_count > 0 && all[i]->table != NULL) != (all[i]->life != NULL))
            fail_msg("%s: its aggregate has no life, or one for nothing", contract->name);
        if (all[i]->life != NULL) assert_ptr_equal(all[i]->life->contract, contract);
        assert_in_range(contract->command_count, 0, 62); /* bits of a page's mask */
    }
}

/* A list follows the only way that a role has; where it had two, it would read all rows. Who acts for the whole
 * programme has one way, who acts for one organisation in it another. */
static void no_role_has_two_ways(void **unused)
{
    (void)unused;
    for (size_t i = 0; i < ALL; i++) {
        const struct record *record =
            all[i]->contract->record_count == 0 ? NULL : &all[i]->contract->records[0];
        unsigned roles = 0, whole = 0;

        for (size_t n = 0; record != NULL && n < record->reader_count; n++) {
            unsigned *of = record->readers[n].is == READER_WHOLE ? &whole : &roles;

            if ((*of & record->readers[n].roles) != 0)
                fail_msg("%s: a role may see rows in two ways", record->row->name);
            *of |= record->readers[n].roles;
        }
    }
}

/* Whatever has a participant in it, or what one is known by. */
static bool is_about_participants(const struct descriptor *row)
{
    static const char *const names[] = {"participant", "referral"};

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (field_find(row, names[i]) != NULL) return true;
    return strcmp(row->name, "referral") == 0 || field_find(row, "to") != NULL;
}

static void a_coordinator_of_one_organisation_sees_no_participants_for_being_of_the_programme(
    void **unused)
{
    size_t looked = 0;

    (void)unused;
    for (size_t i = 0; i < ALL; i++) {
        const struct record *record =
            all[i]->contract->record_count == 0 ? NULL : &all[i]->contract->records[0];
        bool asks = false;

        for (size_t n = 0; record != NULL && n < record->reader_count; n++) {
            const struct reader *reader = &record->readers[n];

            asks = asks || reader->is == READER_KNOWN;
            if ((reader->roles & ROLE_CO) == 0 || !is_about_participants(record->row)) continue;
            looked++;
            if (reader->is == READER_PROGRAMME)
                fail_msg("%s: every coordinator sees all", record->row->name);
        }
        if (asks != (all[i]->knows != NULL))
            fail_msg("%s: its aggregate knows whom nobody asks for, or does not",
                     all[i]->contract->name);
    }
    assert_true(looked > 10);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_somebodys_own_has_an_index),
        cmocka_unit_test(what_a_list_is_narrowed_by_has_an_index),
        cmocka_unit_test(who_can_be_commanded_shows_its_life),
        cmocka_unit_test(no_role_has_two_ways),
        cmocka_unit_test(
            a_coordinator_of_one_organisation_sees_no_participants_for_being_of_the_programme),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
