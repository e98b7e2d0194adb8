/* Queries on a state made by hand: what is answered bit by bit is what is answered at once; by which way
 * rows are found; whose turn it is, and who has to wait. */
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "test.h"

#include "base/bell.h"
#include "base/clock.h"
#include "base/metrics.h"
#include "base/random.h"
#include "bus/bus.h"
#include "bus/peer.h"
#include "contract/placement.h"
#include "core/input.h"
#include "core/life.h"
#include "core/pack.h"
#include "core/share.h"
#include "core/text.h"
#include "fold/aggregate.h"
#include "fold/kinds.h"
#include "placement/placement.h"
#include "service/meters.h"
#include "service/query.h"
#include "service/queue.h"
#include "service/running.h"
#include "service/talk.h"
#include "service/threads.h"
#include "store/state.h"
#include "store/store.h"
#include "store/table.h"

enum { ROWS = 3000, HOSTS = 100, LONG = 20000 };

static const struct aggregate *const aggregates[] = {&placement_aggregate, NULL};
static const struct service toy = {.name = "toy", .fold_id = "toy", .aggregates = aggregates};
static struct running running = {.service = &toy};
static struct query_answer *answer;
static struct metrics_metric given_up;
static struct id programme, hosts[HOSTS];

static struct id nth(uint32_t n)
{
    struct id id = {{1}};

    memcpy(id.bytes + 12,
           (uint8_t[]){(uint8_t)(n >> 24), (uint8_t)(n >> 16), (uint8_t)(n >> 8), (uint8_t)n}, 4);
    return id;
}

static void add(struct txn *txn, uint32_t n, struct id host, enum placement_state state)
{
    static struct placement row;
    static const struct placement none;
    struct error err;

    row = (struct placement){.id = nth(n),
                             .version = 1,
                             .programme = programme,
                             .host = host,
                             .state = state,
                             .has_supervisor = true,
                             .supervisor = host};
    assert_true(table_save(txn, placement_aggregate.table, row.id, &none, &row, &err));
}

/* Each host has ROWS / HOSTS, of which the last is started. */
static void fill(void)
{
    struct error err;
    struct txn *txn = txn_begin_write(running.state, &err);

    assert_non_null(txn);
    for (uint32_t i = 0; i < ROWS; i++)
        add(txn, i + 1, hosts[i % HOSTS],
            i < ROWS - HOSTS ? PLACEMENT_STATE_PLANNED : PLACEMENT_STATE_STARTED);
    assert_true(txn_commit(txn, &err));
}

/* A host that has so many that they are looked through in several turns. */
static void fill_long(struct id host)
{
    static uint32_t last = ROWS;
    struct error err;
    struct txn *txn = txn_begin_write(running.state, &err);

    assert_non_null(txn);
    for (uint32_t i = 0; i < LONG; i++)
        add(txn, ++last, host, PLACEMENT_STATE_PLANNED);
    assert_true(txn_commit(txn, &err));
}

static struct bus_query list(enum actor_role role)
{
    return (struct bus_query){.record = "placement",
                              .role = role,
                              .has_programme = true,
                              .programme = programme,
                              .limit = 500};
}

static void run(const struct bus_query *query)
{
    assert_true(query_run(&running, "gateway", query, INT64_MAX, answer));
}

static int64_t rows_of_page(bool *has_next, struct id *next)
{
    struct bus_page page;
    struct error err;
    const struct frame head = answer->frames[0];

    assert_int_equal(*(const char *)head.at, 'P');
    assert_true(
        unpack(&bus_page_descriptor, (const char *)head.at + 1, head.size - 1, &page, &err));
    assert_int_equal(page.count, answer->count - 1);
    *has_next = page.has_next;
    *next = page.next;
    return page.count;
}

static const struct placement *first_row(void)
{
    static struct placement row;
    struct error err;

    assert_int_equal(answer->count, 2);
    assert_true(
        unpack(&placement_descriptor, answer->frames[1].at, answer->frames[1].size, &row, &err));
    return &row;
}

/* All pages of a list; each bit by bit: how many pauses. */
static int64_t count_all(struct bus_query query, int64_t until_ns, int *pauses)
{
    int64_t count = 0;
    bool has_next = true;

    for (*pauses = 0; has_next;) {
        while (!query_run(&running, "gateway", &query, until_ns, answer))
            ++*pauses;
        count += rows_of_page(&has_next, &query.after);
        query.has_after = true;
        query_wipe(answer);
    }
    return count;
}

static void what_is_answered_bit_by_bit_is_what_is_answered_at_once(void **unused)
{
    struct bus_query query = list(ACTOR_ROLE_SYS);
    int pauses;

    (void)unused;
    assert_int_equal(count_all(query, INT64_MAX, &pauses), ROWS);
    assert_int_equal(pauses, 0);
    assert_int_equal(count_all(query, 0, &pauses), ROWS);
    assert_true(pauses >= ROWS / 64 - 8);
    query.limit = 7;
    assert_int_equal(count_all(query, 0, &pauses), ROWS);
    query.has_filter = query.has_value = true;
    strcpy(query.filter, "state");
    strcpy(query.value, "started");
    query.limit = 500;
    assert_int_equal(count_all(query, 0, &pauses), HOSTS);
    query.has_programme = false; /* no index then */
    assert_int_equal(count_all(query, 0, &pauses), HOSTS);
}

static void what_is_ones_own_is_found_without_looking_at_others(void **unused)
{
    struct bus_query query = list(ACTOR_ROLE_HOST);
    bool has_next;
    struct id next;

    (void)unused;
    query.has_organisation = true;
    query.organisation = hosts[7];
    run(&query);
    assert_int_equal(rows_of_page(&has_next, &next), ROWS / HOSTS);
    assert_int_equal(answer->looked, ROWS / HOSTS);
    assert_false(has_next);
    query.has_filter = query.has_value = true;
    strcpy(query.filter, "state");
    strcpy(query.value, "started");
    run(&query);
    assert_int_equal(rows_of_page(&has_next, &next), 1);
    assert_int_equal(answer->looked, ROWS / HOSTS);
    strcpy(query.filter, "host");
    id_write(hosts[7], query.value);
    run(&query);
    assert_int_equal(rows_of_page(&has_next, &next), ROWS / HOSTS);
    id_write(hosts[8], query.value); /* another's: not one's own instead */
    run(&query);
    assert_int_equal(rows_of_page(&has_next, &next), 0);
}

/* By whatever it would be theirs: the host, the supervisor, the agency. The operator's program sees all. */
static void what_is_ones_own_in_one_programme_is_not_there_in_another(void **unused)
{
    static const enum actor_role roles[] = {ACTOR_ROLE_HOST, ACTOR_ROLE_SUPERVISOR,
                                            ACTOR_ROLE_COORDINATOR, ACTOR_ROLE_SYS};
    bool has_next;
    struct id next;

    (void)unused;
    for (size_t i = 0; i < sizeof roles / sizeof roles[0]; i++) {
        const bool is_sys = roles[i] == ACTOR_ROLE_SYS;
        struct bus_query query = list(roles[i]);

        query.has_organisation = query.has_actor = true;
        query.organisation = query.actor = hosts[7];
        query.programme = random_id(0);
        run(&query);
        assert_int_equal(rows_of_page(&has_next, &next) > 0, is_sys);
        query.has_key = true;
        query.key = nth(8); /* hosts[7]'s */
        run(&query);
        assert_int_equal(rows_of_page(&has_next, &next), is_sys);
        query.programme = programme;
        run(&query);
        assert_int_equal(rows_of_page(&has_next, &next), 1);
    }
}

static struct bus_page page_of(enum actor_role role, uint32_t n)
{
    struct bus_query query = list(role);
    struct bus_page page;
    struct error err;

    query.has_organisation = query.has_key = true;
    query.organisation = hosts[(n - 1) % HOSTS];
    query.key = nth(n);
    run(&query);
    assert_true(unpack(&bus_page_descriptor, (const char *)answer->frames[0].at + 1,
                       answer->frames[0].size - 1, &page, &err));
    assert_int_equal(page.count, page.has_may);
    assert_int_equal(page.count, page.has_may_record);
    return page;
}

static uint64_t may(enum actor_role role, uint32_t n)
{
    return (uint64_t)page_of(role, n).may;
}

static bool may_record(enum actor_role role, uint32_t n, unsigned command, enum voice of)
{
    const struct bus_page page = page_of(role, n);

    assert_int_equal(page.may_record.count, LIFE_VOICES);
    return ((uint64_t)page.may_record.at[of] >> command & 1) != 0;
}

/* By services/placement-lifecycle/README.md. */
static void who_reads_a_single_one_is_told_what_they_may_do_next(void **unused)
{
    const uint64_t planned = may(ACTOR_ROLE_HOST, 1), started = may(ACTOR_ROLE_HOST, ROWS);

    (void)unused;
    assert_true((planned >> PLACEMENT_MEET_REQUIREMENT & 1) != 0);
    assert_true((planned >> PLACEMENT_CANCEL & 1) != 0);
    assert_true((planned >> PLACEMENT_INTERRUPT & 1) == 0);
    assert_true((started >> PLACEMENT_INTERRUPT & 1) != 0);
    assert_true((started >> PLACEMENT_CANCEL & 1) == 0);
    assert_true((started >> PLACEMENT_AGREE_DAY & 1) == 0); /* the participant's */
    assert_int_equal(may(ACTOR_ROLE_MENTOR, 1), 0);         /* who does not even see it */
}

/* Who asks for others tells what is another's from what there is not; the others are told the same. */
static void that_there_is_one_which_they_may_not_see_is_said_beside_the_rows(void **unused)
{
    const struct bus_page seen = page_of(ACTOR_ROLE_HOST, 1),
                          anothers = page_of(ACTOR_ROLE_MENTOR, 1),
                          missing = page_of(ACTOR_ROLE_HOST, ROWS + 1);

    (void)unused;
    assert_int_equal(seen.count, 1);
    assert_false(seen.has_withheld && seen.withheld);
    assert_int_equal(anothers.count, 0);
    assert_true(anothers.has_withheld && anothers.withheld);
    assert_int_equal(missing.count, 0);
    assert_false(missing.has_withheld && missing.withheld);
}

static void and_what_they_may_write_down_for_whom(void **unused)
{
    (void)unused;
    assert_true(may_record(ACTOR_ROLE_HOST, ROWS, PLACEMENT_LOG_DAY, VOICE_SUPERVISOR));
    assert_false(may_record(ACTOR_ROLE_HOST, ROWS, PLACEMENT_LOG_DAY, VOICE_PARTICIPANT));
    assert_false(may_record(ACTOR_ROLE_HOST, ROWS, PLACEMENT_INTERRUPT, VOICE_PARTICIPANT));
    assert_false(
        may_record(ACTOR_ROLE_HOST, 1, PLACEMENT_INTERRUPT, VOICE_HOST)); /* it is theirs */
    assert_true(may_record(ACTOR_ROLE_HOST, 1, PLACEMENT_MEET_REQUIREMENT, VOICE_SUPERVISOR));
}

static void whose_role_sees_none_looks_at_none(void **unused)
{
    struct bus_query query = list(ACTOR_ROLE_MENTOR);
    bool has_next;
    struct id next;

    (void)unused;
    query.has_actor = true;
    query.actor = hosts[0];
    run(&query);
    assert_int_equal(rows_of_page(&has_next, &next), 0);
    assert_int_equal(answer->looked, 0);
    query.role = ACTOR_ROLE_HOST; /* but of no organisation */
    run(&query);
    assert_int_equal(rows_of_page(&has_next, &next), 0);
    assert_int_equal(answer->looked, 0);
}

/* Coordinators: of the whole programme; and of one organisation in it. */

static bool is_evens(struct txn *txn, const void *row, const struct knowing *who, bool *is_known,
                     struct error *err)
{
    const struct placement *placement = row;

    (void)txn;
    if (placement->id.bytes[15] == 255)
        return error_set(err, ERROR_BROKEN, "broken", "Out of luck.");
    *is_known = id_equal(who->organisation, hosts[0]) && placement->id.bytes[15] % 2 == 0;
    return true;
}

/* As a placement, but that its aggregate says what a coordinator of one organisation sees. */
static bool is_an_even_hosts(struct txn *txn, const void *row, const struct knowing *who,
                             bool *is_known, struct error *err)
{
    (void)txn;
    (void)who;
    (void)err;
    *is_known = false;
    for (size_t i = 0; i < HOSTS; i += 2)
        *is_known = *is_known || id_equal(((const struct placement *)row)->host, hosts[i]);
    return true;
}

static void set_up_known(struct aggregate *known, struct contract *contract, struct record *record,
                         struct reader *reader)
{
    *contract = placement_contract;
    *record = placement_contract.records[0];
    *reader = (struct reader){ROLE_CO, field_find(record->row, "host"), READER_KNOWN};
    record->readers = reader;
    record->reader_count = 1;
    contract->records = record;
    *known = placement_aggregate;
    known->contract = contract;
    known->knows = is_evens;
    known->whom = NULL; /* but for who sets one */
}

/* What a record shows, with one field of it only for these roles, and for those if they act for no one organisation. */
static struct descriptor shown_to(const char *name, unsigned roles, unsigned whole)
{
    static struct field fields[64];
    struct descriptor row = *placement_contract.records[0].row;

    assert_true(row.count <= sizeof fields / sizeof fields[0]);
    memcpy(fields, row.fields, row.count * sizeof *fields);
    row.fields = fields;
    fields[field_find(&row, name) - fields].only = roles;
    fields[field_find(&row, name) - fields].only_whole = whole;
    return row;
}

static void what_is_shown_to_others_only_is_not_in_a_roles_rows(void **unused)
{
    const struct descriptor row = shown_to("supervisor", ROLE_PA, 0);
    struct bus_query query = list(ACTOR_ROLE_COORDINATOR);
    struct aggregate known;
    struct contract contract;
    struct record record;
    struct reader reader;
    const struct aggregate *const other[] = {&known, NULL};
    struct kinds kinds = *running.kinds, *const before = running.kinds;

    (void)unused;
    set_up_known(&known, &contract, &record, &reader);
    kinds.aggregates = other;
    running.kinds = &kinds;
    query.has_organisation = query.has_key = true;
    query.organisation = hosts[0];
    query.key = nth(2);
    run(&query);
    assert_true(first_row()->has_supervisor);
    record.row = &row;
    run(&query);
    assert_false(first_row()->has_supervisor);
    assert_true(id_equal(first_row()->host, hosts[1])); /* the rest is there */
    query.role = ACTOR_ROLE_SYS;
    run(&query);
    assert_true(first_row()->has_supervisor);
    running.kinds = before;
}

/* Neither in a list nor by its id; and that it is another's is noted as of any other. */
static void what_is_a_draft_is_not_there_for_whom_it_is_none_of(void **unused)
{
    const struct descriptor *row = placement_contract.records[0].row;
    const struct draft draft = {ROLE_HO, UINT64_C(1) << PLACEMENT_STATE_PLANNED,
                                field_find(row, "state"), field_find(row, "supervisor")};
    struct record record = placement_contract.records[0];
    struct contract contract = placement_contract;
    struct aggregate aggregate = placement_aggregate;
    const struct aggregate *const other[] = {&aggregate, NULL};
    struct kinds kinds = *running.kinds, *const before = running.kinds;
    struct draft until = draft;
    struct bus_query query = list(ACTOR_ROLE_HOST);
    bool has_next;
    struct id next;

    (void)unused;
    until.until = field_find(row, "reason"); /* none of them has */
    record.draft = &until;
    contract.records = &record;
    aggregate.contract = &contract;
    kinds.aggregates = other;
    running.kinds = &kinds;
    query.has_organisation = true;
    query.organisation = hosts[0];
    run(&query);
    assert_int_equal(rows_of_page(&has_next, &next), 1); /* which is started */
    assert_true(page_of(ACTOR_ROLE_HOST, 1).withheld);
    assert_int_equal(page_of(ACTOR_ROLE_HOST, ROWS).count, 1);
    assert_int_equal(page_of(ACTOR_ROLE_COORDINATOR, 1).count, 1);
    record.draft = &draft; /* all have one */
    run(&query);
    assert_int_equal(rows_of_page(&has_next, &next), ROWS / HOSTS);
    running.kinds = before;
}

static void nor_what_is_for_those_of_no_one_organisation_in_the_rows_of_one(void **unused)
{
    const struct descriptor row = shown_to("supervisor", 0, ROLE_CO);
    struct bus_query query = list(ACTOR_ROLE_COORDINATOR);
    struct record record = placement_contract.records[0];
    struct contract contract = placement_contract;
    struct aggregate aggregate = placement_aggregate;
    const struct aggregate *const other[] = {&aggregate, NULL};
    struct kinds kinds = *running.kinds, *const before = running.kinds;

    (void)unused;
    record.row = &row;
    contract.records = &record;
    aggregate.contract = &contract;
    kinds.aggregates = other;
    running.kinds = &kinds;
    query.has_key = true;
    query.key = nth(2);
    run(&query);
    assert_true(first_row()->has_supervisor);
    query.role = ACTOR_ROLE_PROGRAMME_ADMIN;
    run(&query);
    assert_false(first_row()->has_supervisor);
    query.role = ACTOR_ROLE_COORDINATOR;
    query.has_organisation = true;
    query.organisation = hosts[1];
    run(&query);
    assert_false(first_row()->has_supervisor);
    running.kinds = before;
}

static void who_is_of_one_organisation_sees_what_the_aggregate_says_and_of_one_programme(
    void **unused)
{
    struct bus_query query = list(ACTOR_ROLE_COORDINATOR);
    struct aggregate known;
    struct contract contract;
    struct record record;
    struct reader reader;
    const struct aggregate *const other[] = {&known, NULL};
    struct kinds kinds = *running.kinds, *const before = running.kinds;
    bool has_next;
    struct id next;

    (void)unused;
    set_up_known(&known, &contract, &record, &reader);
    kinds.aggregates = other;
    running.kinds = &kinds;
    query.limit = 100;
    run(&query);
    assert_int_equal(rows_of_page(&has_next, &next), 0); /* of none: it is not asked */
    query.has_organisation = true;
    query.organisation = hosts[0];
    run(&query);
    assert_int_equal(rows_of_page(&has_next, &next), 100);
    assert_int_equal(next.bytes[15], 201); /* looked at, and passed over */
    query.organisation = hosts[1];
    query.limit = 500;
    query.has_after = true;
    query.after = nth(255);
    query.has_key = true;
    query.key = nth(2);
    run(&query);
    assert_int_equal(rows_of_page(&has_next, &next), 0);
    query.organisation = hosts[0];
    run(&query);
    assert_int_equal(rows_of_page(&has_next, &next), 1);
    query.programme = hosts[0]; /* another */
    run(&query);
    assert_int_equal(rows_of_page(&has_next, &next), 0);
    query.programme = programme;
    query.key = nth(255);
    run(&query);
    assert_int_equal(*(const char *)answer->frames[0].at, 'R'); /* not that there is none */
    query.has_key = query.has_after = false;
    run(&query);
    assert_int_equal(*(const char *)answer->frames[0].at, 'R');
    running.kinds = before;
}

static void a_coordinator_of_the_programme_sees_all_and_one_of_a_host_what_is_the_hosts(
    void **unused)
{
    struct bus_query query = list(ACTOR_ROLE_COORDINATOR);
    bool has_next;
    struct id next;
    int pauses;

    (void)unused;
    assert_int_equal(count_all(query, INT64_MAX, &pauses), ROWS);
    query.has_organisation = true;
    query.organisation = hosts[7];
    run(&query);
    assert_int_equal(rows_of_page(&has_next, &next), ROWS / HOSTS);
    assert_int_equal(answer->looked, ROWS / HOSTS);
    query.organisation = programme; /* which is no host */
    run(&query);
    assert_int_equal(rows_of_page(&has_next, &next), 0);
}

/* Whom the aggregate names: the even ones, one of them twice, and one who has nothing. */
static bool name_evens(struct txn *txn, const struct knowing *who, struct whom *whom,
                       struct error *err)
{
    (void)txn;
    (void)who;
    (void)err;
    for (size_t i = HOSTS; i > 0; i -= 2)
        whom_add(whom, hosts[i - 2]);
    whom_add(whom, hosts[0]);
    whom_add(whom, programme);
    return true;
}

static bool name_too_many(struct txn *txn, const struct knowing *who, struct whom *whom,
                          struct error *err)
{
    for (int i = 0; i <= WHOM_MAX; i++)
        whom_add(whom, programme);
    return name_evens(txn, who, whom, err);
}

/* What a list says is the same by whatever way it is found. */
static void whom_the_aggregate_names_are_found_without_looking_at_others(void **unused)
{
    struct bus_query query = list(ACTOR_ROLE_COORDINATOR);
    struct aggregate known;
    struct contract contract;
    struct record record;
    struct reader reader;
    const struct aggregate *const other[] = {&known, NULL};
    struct kinds kinds = *running.kinds, *const before = running.kinds;
    bool has_next;
    struct id next;
    int pauses;

    (void)unused;
    set_up_known(&known, &contract, &record, &reader);
    known.knows = is_an_even_hosts;
    known.whom = name_evens;
    kinds.aggregates = other;
    running.kinds = &kinds;
    query.has_organisation = true;
    query.organisation = hosts[0];
    query.limit = 7;
    run(&query);
    assert_int_equal(rows_of_page(&has_next, &next), 7);
    assert_true(has_next && id_equal(next, nth(13))); /* in order of id, over all of them */
    assert_in_range(answer->looked, 7, 8);
    assert_int_equal(count_all(query, INT64_MAX, &pauses), ROWS / 2);
    query.limit = 500;
    assert_int_equal(count_all(query, 0, &pauses), ROWS / 2);
    assert_true(pauses >= ROWS / 2 / 64 - 8);
    query.has_filter = query.has_value = true;
    strcpy(query.filter, "host"); /* one of them, by its own index */
    id_write(hosts[2], query.value);
    assert_int_equal(count_all(query, INT64_MAX, &pauses), ROWS / HOSTS);
    id_write(hosts[3], query.value);
    assert_int_equal(count_all(query, INT64_MAX, &pauses), 0);
    strcpy(query.filter, "state");
    strcpy(query.value, "started");
    assert_int_equal(count_all(query, INT64_MAX, &pauses), HOSTS / 2);
    query.has_filter = query.has_value = false;
    known.whom = name_too_many; /* then all are looked at */
    assert_int_equal(count_all(query, INT64_MAX, &pauses), ROWS / 2);
    running.kinds = before;
}

/* The queue. */

static struct bus_query of(uint32_t actor, bool is_short)
{
    struct bus_query query = list(ACTOR_ROLE_COORDINATOR);

    query.has_actor = true;
    query.actor = nth(actor);
    query.has_key = is_short;
    return query;
}

static void one_asker_has_a_few_places_and_no_more(void **unused)
{
    struct queue *queue = queue_create(&given_up);
    const struct bus_query many = of(1, false), other = of(2, false), ours = list(ACTOR_ROLE_SYS);
    struct error err;

    (void)unused;
    for (int i = 0; i < QUEUE_EACH; i++)
        assert_true(queue_add(queue, "gateway", &many, 0, &err));
    assert_false(queue_add(queue, "gateway", &many, 0, &err));
    assert_string_equal(err.code, "too_many_queries");
    assert_int_equal(err.kind, ERROR_BUSY);
    assert_true(queue_add(queue, "gateway", &other, 0, &err));
    for (int i = 0; i < 2 * QUEUE_EACH; i++)
        assert_true(queue_add(queue, "gateway", &ours, 0, &err));
    queue_drop(queue, queue_next(queue, false, 0, 0));
    assert_true(queue_add(queue, "gateway", &many, 0, &err));
    for (uint32_t i = 3; queue_add(queue, "gateway", &ours, 0, &err); i++)
        assert_true(i < 2 * QUEUE_MAX);
    assert_string_equal(err.code, "too_many");
    queue_destroy(queue);
}

static void what_is_short_comes_first_and_the_rest_in_order(void **unused)
{
    struct queue *queue = queue_create(&given_up);
    const struct bus_query lists[] = {of(1, false), of(2, false)}, single = of(3, true);
    struct error err;

    (void)unused;
    assert_true(queue_add(queue, "gateway", &lists[0], 0, &err));
    assert_true(queue_add(queue, "gateway", &lists[1], 0, &err));
    assert_true(queue_add(queue, "gateway", &single, 0, &err));
    assert_memory_equal(&queue_next(queue, true, 0, 0)->query.actor, &single.actor, 16);
    assert_memory_equal(&queue_next(queue, false, 0, 0)->query.actor, &lists[0].actor, 16);
    queue_drop(queue, queue_next(queue, false, 0, 0));
    assert_memory_equal(&queue_next(queue, false, 0, 0)->query.actor, &lists[1].actor, 16);
    queue_destroy(queue);
}

/* Ours too, but for what is looked up for others. */
static void a_long_list_is_not_short_whoever_asks_for_it(void **unused)
{
    struct bus_query query = list(ACTOR_ROLE_SYS);

    (void)unused;
    assert_false(queue_is_short(&query));
    query.limit = 1;
    assert_false(queue_is_short(&query)); /* it may be read through */
    query.has_filter = true;
    assert_true(queue_is_short(&query));
    query.role = ACTOR_ROLE_COORDINATOR;
    assert_false(queue_is_short(&query));
}

static struct id whose_turn(struct queue *queue, int64_t now_ms)
{
    struct queued *queued = queue_next(queue, false, now_ms, 0);

    assert_non_null(queued);
    return queued->query.actor;
}

static void take(struct queue *queue, int64_t took_ns, int64_t now_ms)
{
    struct queued *queued = queue_next(queue, false, now_ms, 0);

    assert_non_null(queue_begin(queue, queued));
    queue_took(queued, took_ns, now_ms);
}

static void it_is_the_turn_of_who_was_read_for_least(void **unused)
{
    struct queue *queue = queue_create(&given_up);
    const struct bus_query greedy = of(1, false), other = of(2, false);
    const struct id *one = &greedy.actor, *two = &other.actor;
    struct error err;

    (void)unused;
    for (int i = 0; i < QUEUE_EACH; i++)
        assert_true(queue_add(queue, "gateway", &greedy, 1000, &err));
    assert_true(queue_add(queue, "gateway", &other, 1000, &err));
    assert_true(id_equal(whose_turn(queue, 1000), *one));
    take(queue, 1000, 1000);
    assert_true(id_equal(whose_turn(queue, 1000), *two)); /* although seven came before */
    take(queue, 400, 1000);
    assert_true(id_equal(whose_turn(queue, 1000), *two));
    take(queue, 700, 1000);
    assert_true(id_equal(whose_turn(queue, 1000), *one));
    queue_destroy(queue);
}

/* Also of what is answered, but not for ever. */
static void what_somebody_was_read_for_is_held_against_them_for_a_while(void **unused)
{
    struct queue *queue = queue_create(&given_up);
    const struct bus_query greedy = of(1, false), other = of(2, false);
    struct error err;

    (void)unused;
    assert_true(queue_add(queue, "gateway", &greedy, 1000, &err));
    take(queue, 1 << 20, 1000);
    queue_drop(queue, queue_next(queue, false, 1000, 0));
    assert_true(queue_add(queue, "gateway", &greedy, 1000, &err));
    assert_true(queue_add(queue, "gateway", &other, 1000, &err));
    assert_true(id_equal(whose_turn(queue, 1000), other.actor));
    take(queue, 1, 1000);
    assert_true(id_equal(whose_turn(queue, 1000 + 10 * SHARE_HALF_MS), other.actor));
    assert_true(id_equal(whose_turn(queue, 1000 + 30 * SHARE_HALF_MS), greedy.actor));
    queue_destroy(queue);
}

static void no_more_lists_are_begun_than_there_is_room_for(void **unused)
{
    struct queue *queue = queue_create(&given_up);
    struct error err;

    (void)unused;
    for (uint32_t n = 0; n <= QUEUE_OPEN_MAX; n++) {
        const struct bus_query query = of(n + 1, false);

        assert_true(queue_add(queue, "gateway", &query, 1000, &err));
    }
    for (int n = 0; n < QUEUE_OPEN_MAX; n++)
        take(queue, 1000, 1000);
    assert_true(
        id_equal(whose_turn(queue, 1000), nth(1))); /* not the last one's, who has had none */
    queue_drop(queue, queue_next(queue, false, 1000, 0));
    assert_true(id_equal(whose_turn(queue, 1000), nth(QUEUE_OPEN_MAX + 1)));
    queue_destroy(queue);
}

static void who_has_given_up_is_passed_over(void **unused)
{
    struct queue *queue = queue_create(&given_up);
    struct bus_query query = of(1, false);
    struct error err;

    (void)unused;
    query.has_patience = true;
    query.patience = 300;
    assert_true(queue_add(queue, "gateway", &query, 1000, &err));
    assert_non_null(queue_next(queue, false, 1299, 0));
    assert_null(queue_next(queue, false, 1300, 0));
    assert_null(queue_next(queue, false, 1299, 0)); /* it is gone */
    queue_destroy(queue);
}

static void who_wants_a_batch_waits_for_it_but_not_for_ever(void **unused)
{
    struct queue *queue = queue_create(&given_up);
    struct bus_query query = of(1, true);
    struct error err;

    (void)unused;
    query.at_least = 5;
    assert_true(queue_add(queue, "gateway", &query, 1000, &err));
    assert_null(queue_next(queue, true, 1001, 4));
    assert_non_null(queue_next(queue, true, 1001, 5));
    assert_null(queue_next(queue, true, 1000 + QUEUE_WAIT_MS - 1, 4));
    assert_non_null(queue_next(queue, true, 1000 + QUEUE_WAIT_MS, 4));
    queue_destroy(queue);
}

/* Whatever else waits. */
static void what_is_short_always_finds_a_place(void **unused)
{
    struct queue *queue = queue_create(&given_up);
    const struct bus_query single = of(1, true);
    struct error err;
    uint32_t n = 2;

    (void)unused;
    for (struct bus_query one = of(n, false); queue_add(queue, "gateway", &one, 0, &err);
         one = of(++n, false))
        assert_true(n < QUEUE_MAX);
    assert_string_equal(err.code, "too_many");
    assert_true(queue_add(queue, "gateway", &single, 0, &err));
    assert_memory_equal(&queue_next(queue, true, 0, 0)->query.actor, &single.actor, 16);
    queue_destroy(queue);
}

/* The reader itself. */

static bool is_answered, is_page;

static void hear(void *cookie, const struct reply *reply)
{
    (void)cookie;
    is_answered = true;
    is_page = reply->is_page;
}

static bool ask(struct peer *peer, struct bus_query *query, int64_t patience_ms)
{
    struct socket *sockets[PEER_DOORS];
    struct error err;
    bool ready[PEER_DOORS];

    is_answered = false;
    assert_true(peer_query(peer, query, clock_steady_ms(), patience_ms, hear, NULL, &err));
    while (!is_answered) {
        peer_flush(peer);
        peer_sockets(peer, sockets);
        bus_wait(sockets, PEER_DOORS, NULL, 0, 1, ready);
        peer_turn(peer, clock_steady_ms());
    }
    return is_page;
}

/* The threads that answer, each at its door. */
struct readers {
    pthread_t lists, lookups;
};

static void open_bus(void)
{
    struct error err;

    mkdir("run", 0700);
    assert_non_null(running.bus = bus_open(".", &err));
    running.reader_bell = bell_create();
    running.lookup_bell = bell_create();
    running.worker_bell = bell_create();
    atomic_store(&running.is_ending, false);
}

static void close_bus(struct peer *peer)
{
    peer_close(peer);
    bell_destroy(running.reader_bell);
    bell_destroy(running.lookup_bell);
    bell_destroy(running.worker_bell);
    bus_close(running.bus);
}

static struct peer *begin_reading(struct readers *readers)
{
    struct peer *peer;
    struct error err;

    open_bus();
    assert_int_equal(pthread_create(&readers->lists, NULL, reader_run, &running), 0);
    assert_int_equal(pthread_create(&readers->lookups, NULL, lookups_run, &running), 0);
    assert_non_null(peer = peer_open(running.bus, "toy", "gateway", &err));
    return peer;
}

static void end_reading(struct peer *peer, const struct readers *readers)
{
    running_end(&running);
    assert_int_equal(pthread_join(readers->lists, NULL), 0);
    assert_int_equal(pthread_join(readers->lookups, NULL), 0);
    close_bus(peer);
}

/* Not even for one that stands still: who is answered at one door does not wait for who serves another. */
static void what_is_looked_up_waits_for_no_reader(void **unused)
{
    struct bus_query one = of(1, true), many = list(ACTOR_ROLE_SYS),
                     knock = {.record = "runtime.knock", .role = ACTOR_ROLE_SYS, .limit = 1};
    struct peer *peer;
    struct error err;
    pthread_t thread;

    (void)unused;
    open_bus();
    assert_int_equal(pthread_create(&thread, NULL, lookups_run, &running), 0);
    assert_non_null(peer = peer_open(running.bus, "toy", "gateway", &err));
    one.key = nth(1);
    assert_true(ask(peer, &one, PATIENCE_MS));
    assert_true(ask(peer, &knock, PATIENCE_MS));
    assert_false(ask(peer, &many, 100)); /* nobody reads */
    running_end(&running);
    assert_int_equal(pthread_join(thread, NULL), 0);
    close_bus(peer);
}

static void who_gives_up_while_a_list_is_under_way_leaves_the_reader_well(void **unused)
{
    const struct id host = random_id(0);
    struct bus_query one = of(1, true), long_list = list(ACTOR_ROLE_HOST);
    struct readers reader;
    struct peer *peer;

    (void)unused;
    fill_long(host);
    long_list.has_organisation = long_list.has_filter = long_list.has_value = true;
    long_list.organisation = host;
    strcpy(long_list.filter, "state");
    strcpy(long_list.value, "cancelled");
    one.key = nth(1);
    peer = begin_reading(&reader);
    assert_true(ask(peer, &one, PATIENCE_MS));
    assert_true(ask(peer, &long_list, PATIENCE_MS));
    for (int i = 0; i < 50; i++)
        ask(peer, &long_list, 3);
    assert_true(ask(peer, &one, PATIENCE_MS));
    end_reading(peer, &reader);
}

/* Who has asked for much waits behind who asks for little. */

struct heard {
    int *order, at; /* at: when it was answered, of all */
    bool is_page;
};

static void hear_one(void *cookie, const struct reply *reply)
{
    struct heard *one = cookie;

    one->at = ++*one->order;
    one->is_page = reply->is_page;
}

static void a_short_list_does_not_wait_for_anothers_long_ones(void **unused)
{
    const struct id host = random_id(0);
    struct bus_query long_list = list(ACTOR_ROLE_HOST), short_list = list(ACTOR_ROLE_COORDINATOR);
    struct heard heard[QUEUE_EACH + 1] = {0};
    struct socket *sockets[PEER_DOORS];
    int answered = 0;
    struct readers reader;
    struct peer *peer;
    struct error err;
    bool ready[PEER_DOORS];

    (void)unused;
    fill_long(host);
    long_list.has_organisation = long_list.has_filter = long_list.has_value = true;
    long_list.organisation = host;
    strcpy(long_list.filter, "state");
    strcpy(long_list.value, "cancelled");
    short_list.limit = 10;
    peer = begin_reading(&reader);
    for (size_t i = 0; i <= QUEUE_EACH; i++) {
        heard[i].order = &answered;
        assert_true(peer_query(peer, i < QUEUE_EACH ? &long_list : &short_list, clock_steady_ms(),
                               PATIENCE_MS, hear_one, &heard[i], &err));
    }
    while (answered <= QUEUE_EACH) {
        peer_flush(peer);
        peer_sockets(peer, sockets);
        bus_wait(sockets, PEER_DOORS, NULL, 0, 1, ready);
        peer_turn(peer, clock_steady_ms());
    }
    for (size_t i = 0; i <= QUEUE_EACH; i++)
        assert_true(heard[i].is_page);
    assert_int_equal(heard[QUEUE_EACH].at, 1);
    end_reading(peer, &reader);
}

static int set_up(void **unused)
{
    struct error err;

    (void)unused;
    talk_begin();
    running.kinds = kinds_create(aggregates);
    running.meters = meters_create(&running);
    running.state = store_open("state", (size_t)1 << 30, state_maps, STORE_VIEW, &err);
    assert_non_null(running.state);
    answer = query_answer_create();
    programme = random_id(0);
    for (size_t i = 0; i < HOSTS; i++)
        hosts[i] = random_id(0);
    fill();
    return 0;
}

static int tear_down(void **unused)
{
    (void)unused;
    query_answer_destroy(answer);
    store_close(running.state);
    kinds_destroy(running.kinds);
    meters_destroy(running.meters);
    talk_end();
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_answered_bit_by_bit_is_what_is_answered_at_once),
        cmocka_unit_test(what_is_ones_own_is_found_without_looking_at_others),
        cmocka_unit_test(what_is_ones_own_in_one_programme_is_not_there_in_another),
        cmocka_unit_test(who_reads_a_single_one_is_told_what_they_may_do_next),
        cmocka_unit_test(that_there_is_one_which_they_may_not_see_is_said_beside_the_rows),
        cmocka_unit_test(and_what_they_may_write_down_for_whom),
        cmocka_unit_test(whose_role_sees_none_looks_at_none),
        cmocka_unit_test(
            a_coordinator_of_the_programme_sees_all_and_one_of_a_host_what_is_the_hosts),
        cmocka_unit_test(what_is_shown_to_others_only_is_not_in_a_roles_rows),
        cmocka_unit_test(what_is_a_draft_is_not_there_for_whom_it_is_none_of),
        cmocka_unit_test(nor_what_is_for_those_of_no_one_organisation_in_the_rows_of_one),
        cmocka_unit_test(
            who_is_of_one_organisation_sees_what_the_aggregate_says_and_of_one_programme),
        cmocka_unit_test(whom_the_aggregate_names_are_found_without_looking_at_others),
        cmocka_unit_test(one_asker_has_a_few_places_and_no_more),
        cmocka_unit_test(what_is_short_comes_first_and_the_rest_in_order),
        cmocka_unit_test(a_long_list_is_not_short_whoever_asks_for_it),
        cmocka_unit_test(it_is_the_turn_of_who_was_read_for_least),
        cmocka_unit_test(what_somebody_was_read_for_is_held_against_them_for_a_while),
        cmocka_unit_test(no_more_lists_are_begun_than_there_is_room_for),
        cmocka_unit_test(who_has_given_up_is_passed_over),
        cmocka_unit_test(who_wants_a_batch_waits_for_it_but_not_for_ever),
        cmocka_unit_test(what_is_short_always_finds_a_place),
        cmocka_unit_test(who_gives_up_while_a_list_is_under_way_leaves_the_reader_well),
        cmocka_unit_test(a_short_list_does_not_wait_for_anothers_long_ones),
        cmocka_unit_test(what_is_looked_up_waits_for_no_reader),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
