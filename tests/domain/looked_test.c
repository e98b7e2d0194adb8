/* A list looks at what its reader may see, and at nearly nothing else, however much there is of others': counted, over every
 * record, role and relation that its schema names. */
#include <stdio.h>
#include <string.h>

#include "test.h"

#include "base/clock.h"
#include "base/metrics.h"
#include "base/random.h"
#include "contract/all.h"
#include "contract/bus.h"
#include "contract/link.h"
#include "contract/mentee.h"
#include "contract/mentor.h"
#include "contract/mentor_meeting.h"
#include "contract/mentorship.h"
#include "contract/person.h"
#include "contract/question.h"
#include "contract/referral.h"
#include "contract/trainee.h"
#include "core/descriptor.h"
#include "core/error.h"
#include "core/fill.h"
#include "core/input.h"
#include "core/pack.h"
#include "fold/aggregate.h"
#include "fold/kinds.h"
#include "service/meters.h"
#include "service/query.h"
#include "service/running.h"
#include "service/talk.h"
#include "services/aggregates_list.h"
#include "store/state.h"
#include "store/store.h"
#include "store/table.h"

#define DECLARE(x) extern const struct aggregate x##_aggregate;
#define ADDRESS(x) &x##_aggregate,
EACH_AGGREGATE(DECLARE)

static const struct aggregate *const all[] = {EACH_AGGREGATE(ADDRESS)};

enum { ALL = sizeof all / sizeof all[0], OTHERS = 300, OWN = 7, MORE = 3, ROW_SIZE = 1 << 20 };

static struct running running;
static struct service service;
static const struct aggregate *of_service[ALL + 1];
static struct query_answer *answer;
static struct id programme, person, organisation;
static _Alignas(16) char row[ROW_SIZE], none[ROW_SIZE];

/* A world of one service's tables. */

static void open_world(const struct aggregate *aggregate)
{
    static int worlds;
    char name[32];
    struct error err;
    size_t count = 0;

    for (size_t i = 0; i < ALL; i++)
        if (strcmp(all[i]->contract->service, aggregate->contract->service) == 0)
            of_service[count++] = all[i];
    of_service[count] = NULL;
    service = (struct service){.name = "toy", .fold_id = "toy", .aggregates = of_service};
    memset(&running, 0, sizeof running);
    running.service = &service;
    running.kinds = kinds_create(of_service);
    running.meters = meters_create(&running);
    snprintf(name, sizeof name, "state.%d", worlds++);
    running.state = store_open(name, (size_t)1 << 28, state_maps, STORE_VIEW, &err);
    assert_non_null(running.state);
    programme = random_id(0);
    person = random_id(0);
    organisation = random_id(0);
}

static void close_world(void)
{
    store_close(running.state);
    kinds_destroy(running.kinds);
    meters_destroy(running.meters);
}

/* Rows. */

static void set_id(const struct field *field, struct id id)
{
    if (field->present != NO_FLAG) *(bool *)(row + field->present) = true;
    memcpy(row + field->offset, &id, sizeof id);
}

/* All of it says something, and names nobody whom we know. */
static struct id make_row(const struct descriptor *descriptor, struct id of)
{
    assert_true(descriptor->size <= ROW_SIZE);
    memset(row, 0, descriptor->size);
    fill(descriptor, row, "a");
    for (size_t i = 0; i < descriptor->count; i++)
        if (descriptor->fields[i].type == FIELD_ID)
            set_id(&descriptor->fields[i], random_id(clock_now_ms()));
    if (field_find(descriptor, "protection") != NULL)
        memset(row + field_find(descriptor, "protection")->offset, 0, sizeof(unsigned));
    if (field_find(descriptor, "programme") != NULL)
        set_id(field_find(descriptor, "programme"), of);
    return *(const struct id *)(const void *)row;
}

static void save(struct txn *txn, const struct aggregate *aggregate, const void *value)
{
    struct error err;

    if (!table_save(txn, aggregate->table, *(const struct id *)value, none, value, &err))
        fail_msg("%s: %s", aggregate->contract->name, err.text);
}

static struct txn *begin(void)
{
    struct error err;
    struct txn *txn = txn_begin_write(running.state, &err);

    assert_non_null(txn);
    return txn;
}

static void commit(struct txn *txn)
{
    struct error err;

    assert_true(txn_commit(txn, &err));
}

static void fill_with_others(const struct aggregate *aggregate, struct id of)
{
    struct txn *txn = begin();

    for (int i = 0; i < OTHERS; i++) {
        make_row(aggregate->table->row, of);
        save(txn, aggregate, row);
    }
    commit(txn);
}

/* Lists. */

static struct bus_query query_as(const struct aggregate *aggregate, unsigned role)
{
    struct bus_query query = {.role = (enum actor_role)role,
                              .has_actor = true,
                              .actor = person,
                              .has_programme = true,
                              .programme = programme,
                              .limit = 500};

    snprintf(query.record, sizeof query.record, "%s", aggregate->contract->name);
    return query;
}

static void expect(const struct bus_query *query, int64_t own, uint32_t looked_most)
{
    struct bus_page page;
    struct error err;

    assert_true(query_run(&running, "gateway", query, INT64_MAX, answer));
    assert_int_equal(*(const char *)answer->frames[0].at, 'P');
    assert_true(unpack(&bus_page_descriptor, (const char *)answer->frames[0].at + 1,
                       answer->frames[0].size - 1, &page, &err));
    if (page.count != own)
        fail_msg("%s as %u: %lld rows of %lld", query->record, query->role, (long long)page.count,
                 (long long)own);
    if (answer->looked > looked_most)
        fail_msg("%s as %u: looked at %u rows for %lld", query->record, query->role, answer->looked,
                 (long long)own);
    query_wipe(answer);
}

static struct id own_id(const struct reader *reader)
{
    switch (reader->is) {
    case READER_ID: return person;
    case READER_ORGANISATION: return organisation;
    case READER_PROGRAMME:
    case READER_WHOLE:
    case READER_KNOWN: return programme;
    }
    return programme;
}

static bool is_own_key(const struct reader *reader)
{
    return strcmp(reader->field->name, "id") == 0;
}

/* The reader's own rows among others' of the same programme; or of a small programme's beside another. */
static void look_as(const struct aggregate *aggregate, const struct reader *reader)
{
    const bool is_all = reader->is == READER_PROGRAMME || reader->is == READER_WHOLE;
    const int own = is_own_key(reader) ? 1 : OWN;
    struct txn *txn;

    open_world(aggregate);
    fill_with_others(aggregate, is_all ? random_id(0) : programme);
    txn = begin();
    for (int i = 0; i < own; i++) {
        make_row(aggregate->table->row, programme);
        set_id(reader->field, own_id(reader));
        save(txn, aggregate, row);
    }
    commit(txn);
    for (unsigned role = 0; role < 32; role++) {
        struct bus_query query = query_as(aggregate, role);

        if ((reader->roles >> role & 1) == 0) continue;
        query.has_organisation = reader->is != READER_WHOLE;
        query.organisation = query.has_organisation ? organisation : (struct id){{0}};
        expect(&query, own, (uint32_t)own);
    }
    close_world();
}

static void who_sees_few_rows_looks_at_few(void **unused)
{
    size_t looked = 0;

    (void)unused;
    for (size_t i = 0; i < ALL; i++) {
        const struct record *record =
            all[i]->contract->record_count == 0 ? NULL : &all[i]->contract->records[0];

        for (size_t n = 0; record != NULL && n < record->reader_count; n++) {
            if (record->readers[n].is == READER_KNOWN) continue;
            look_as(all[i], &record->readers[n]);
            looked++;
        }
    }
    assert_true(looked > 80);
}

/* Whom an organisation, or somebody, has to do with, by every way there is to be known. */

#define ROW(x)  ((struct x *)(void *)row)
#define MAKE(x) make_row(&x##_descriptor, programme)
#define SAVE(x) save(txn, &x##_aggregate, row)

/* In the registry. */

static struct id add_mentor(struct txn *txn)
{
    const struct id mentor = MAKE(person);

    ROW(person)->state = PERSON_STATE_ACTIVE;
    ROW(person)->roles.count = 1;
    ROW(person)->roles.at[0] = (struct person_role){
        .part = PERSON_PART_MENTOR, .has_organisation = true, .organisation = organisation};
    SAVE(person);
    return mentor;
}

static void add_link(struct txn *txn, enum link_kind kind, struct id other, struct id participant)
{
    MAKE(link);
    ROW(link)->kind = kind;
    ROW(link)->state = LINK_STATE_AGREED;
    ROW(link)->participant = participant;
    if (kind == LINK_KIND_MENTORSHIP)
        ROW(link)->other = other;
    else
        ROW(link)->host = other;
    SAVE(link);
}

static void add_referral(struct txn *txn, struct id id, struct id responsible, struct id of)
{
    MAKE(referral);
    ROW(referral)->id = id;
    ROW(referral)->state = REFERRAL_STATE_ACCEPTED;
    ROW(referral)->person = of;
    ROW(referral)->responsible = responsible;
    SAVE(referral);
}

static struct id add_person(struct txn *txn, struct id referral)
{
    const struct id id = MAKE(person);

    ROW(person)->state = PERSON_STATE_ACTIVE;
    ROW(person)->referral = referral;
    ROW(person)->roles.count = 0;
    SAVE(person);
    return id;
}

/* A mentor's, a host's and a ward; and the mentor. */
static int know_persons(struct txn *txn)
{
    const struct id mentor = add_mentor(txn), referral = random_id(0);
    const struct id ward = add_person(txn, referral);

    add_link(txn, LINK_KIND_MENTORSHIP, mentor, add_person(txn, random_id(0)));
    add_link(txn, LINK_KIND_PLACEMENT, organisation, add_person(txn, random_id(0)));
    add_referral(txn, referral, organisation, ward);
    add_link(txn, LINK_KIND_MENTORSHIP, mentor, ward); /* by two ways, and there once */
    return 4;
}

static int know_referrals(struct txn *txn)
{
    const struct id mentor = add_mentor(txn), mentors = random_id(0), hosts = random_id(0);

    add_link(txn, LINK_KIND_MENTORSHIP, mentor, mentors);
    add_link(txn, LINK_KIND_PLACEMENT, organisation, hosts);
    add_referral(txn, random_id(0), random_id(0), mentors);
    add_referral(txn, random_id(0), random_id(0), hosts);
    add_referral(txn, random_id(0), organisation, random_id(0));
    return 3;
}

static int know_links(struct txn *txn)
{
    add_link(txn, LINK_KIND_MENTORSHIP, add_mentor(txn), random_id(0));
    add_link(txn, LINK_KIND_PLACEMENT, organisation, random_id(0));
    return 2;
}

static int know_questions(struct txn *txn)
{
    const struct id mentor = add_mentor(txn);

    MAKE(question);
    ROW(question)->state = QUESTION_STATE_WAITING;
    ROW(question)->mentor = mentor;
    SAVE(question);
    return 1;
}

/* In mentor-assignment. */

static struct id add_own_mentor(struct txn *txn)
{
    const struct id mentor = MAKE(mentor);

    ROW(mentor)->organisation = organisation;
    SAVE(mentor);
    return mentor;
}

static struct id add_ward(struct txn *txn)
{
    const struct id ward = MAKE(mentee);

    ROW(mentee)->responsible = organisation;
    ROW(mentee)->protection = PROTECTION_NONE;
    SAVE(mentee);
    return ward;
}

static struct id add_mentorship(struct txn *txn, struct id mentor, struct id referral,
                                struct id participant)
{
    const struct id mentorship = MAKE(mentorship);

    ROW(mentorship)->state = MENTORSHIP_STATE_ACTIVE;
    ROW(mentorship)->mentor = mentor;
    ROW(mentorship)->referral = referral;
    ROW(mentorship)->participant = participant;
    SAVE(mentorship);
    return mentorship;
}

static int know_mentees(struct txn *txn)
{
    const struct id mentor = add_own_mentor(txn), of_mentor = random_id(0);

    add_ward(txn);
    MAKE(mentee);
    ROW(mentee)->person = of_mentor;
    SAVE(mentee);
    add_mentorship(txn, mentor, random_id(0), of_mentor);
    return 2;
}

static int know_mentorships(struct txn *txn)
{
    add_mentorship(txn, add_own_mentor(txn), random_id(0), random_id(0));
    add_mentorship(txn, random_id(0), add_ward(txn), random_id(0));
    return 2;
}

static void add_meeting(struct txn *txn, struct id mentorship, struct id mentor,
                        struct id participant)
{
    MAKE(mentor_meeting);
    ROW(mentor_meeting)->mentorship = mentorship;
    ROW(mentor_meeting)->mentor = mentor;
    ROW(mentor_meeting)->participant = participant;
    SAVE(mentor_meeting);
}

static int know_meetings(struct txn *txn)
{
    const struct id mentor = add_own_mentor(txn), ward = add_ward(txn), met = random_id(0);

    ROW(mentee)->person = met;
    SAVE(mentee);
    add_meeting(txn, add_mentorship(txn, mentor, random_id(0), random_id(0)), mentor, random_id(0));
    add_meeting(txn, add_mentorship(txn, random_id(0), ward, met), random_id(0), met);
    return 2;
}

/* In placement-lifecycle. */

static int know_trainees(struct txn *txn)
{
    MAKE(trainee);
    ROW(trainee)->responsible = organisation;
    SAVE(trainee);
    return 1;
}

static const struct {
    const struct aggregate *aggregate;
    int (*know)(struct txn *txn);
} known[] = {
    {&person_aggregate, know_persons},
    {&referral_aggregate, know_referrals},
    {&link_aggregate, know_links},
    {&question_aggregate, know_questions},
    {&mentee_aggregate, know_mentees},
    {&mentorship_aggregate, know_mentorships},
    {&mentor_meeting_aggregate, know_meetings},
    {&trainee_aggregate, know_trainees},
};

static void whom_an_organisation_has_to_do_with_is_found_among_others(void **unused)
{
    (void)unused;
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        struct bus_query query;
        struct txn *txn;
        int own;

        open_world(known[i].aggregate);
        fill_with_others(known[i].aggregate, programme);
        txn = begin();
        own = known[i].know(txn);
        commit(txn);
        query = query_as(known[i].aggregate, ACTOR_ROLE_COORDINATOR);
        query.has_organisation = true;
        query.organisation = organisation;
        expect(&query, own, (uint32_t)own + MORE);
        close_world();
    }
}

/* An index of a field of each object in a list. */

static const struct index *parts_index(void)
{
    const struct table *table = person_aggregate.table;
    size_t i = 0;

    while (table->indexes[i] != NULL &&
           strcmp(table->indexes[i]->fields[0], "roles.organisation") != 0)
        i++;
    assert_non_null(table->indexes[i]);
    return table->indexes[i];
}

static bool is_found(struct txn *txn, struct id by, struct id whom)
{
    struct id found;
    struct error err;
    bool has;

    assert_true(index_next(txn, parts_index(), &by, sizeof by, NULL, &found, &has, &err));
    return has && id_equal(found, whom);
}

static void change(struct txn *txn, struct person *was, const struct person *is)
{
    struct error err;

    assert_true(table_save(txn, person_aggregate.table, was->id, was, is, &err));
    if (is != NULL) *was = *is;
}

static void somebody_is_found_by_each_part_as_long_as_they_have_it(void **unused)
{
    static struct person was, is;
    const struct id first = {{1}}, second = {{2}};
    struct txn *txn;

    (void)unused;
    open_world(&person_aggregate);
    txn = begin();
    MAKE(person);
    is = *ROW(person);
    memset(&is.roles, 0, sizeof is.roles);
    is.roles.count = 3;
    is.roles.at[0] = (struct person_role){.has_organisation = true, .organisation = first};
    is.roles.at[1] = (struct person_role){.part = PERSON_PART_MENTOR};
    is.roles.at[2] = (struct person_role){
        .part = PERSON_PART_GUIDE, .has_organisation = true, .organisation = second};
    memset(&was, 0, sizeof was);
    assert_true(table_save(txn, person_aggregate.table, is.id, &was, &is, &(struct error){0}));
    was = is;
    assert_true(is_found(txn, first, is.id) && is_found(txn, second, is.id));
    is.roles.at[1] = is.roles.at[2]; /* two for the one: it is there once */
    is.roles.at[0] = is.roles.at[2];
    change(txn, &was, &is);
    assert_true(!is_found(txn, first, is.id) && is_found(txn, second, is.id));
    is.roles.count = 1;
    change(txn, &was, &is);
    assert_true(is_found(txn, second, is.id));
    change(txn, &was, NULL);
    assert_false(is_found(txn, second, is.id));
    commit(txn);
    close_world();
}

static int set_up(void **unused)
{
    (void)unused;
    talk_begin();
    answer = query_answer_create();
    return 0;
}

static int tear_down(void **unused)
{
    (void)unused;
    query_answer_destroy(answer);
    talk_end();
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(who_sees_few_rows_looks_at_few),
        cmocka_unit_test(whom_an_organisation_has_to_do_with_is_found_among_others),
        cmocka_unit_test(somebody_is_found_by_each_part_as_long_as_they_have_it),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
