/* The toy that views programmes, and what is made for it and seen of it. */
#include "service/view.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "test.h"

#include "base/clock.h"
#include "bus/bus.h"
#include "bus/line.h"
#include "contract/programme.h"
#include "core/pack.h"
#include "fold/aggregate.h"
#include "journal/journal.h"
#include "matching_rules/matching_rules.h"
#include "service/service.h"
#include "service/talk.h"
#include "store/table.h"

/* The toy. */

static struct contract contract; /* matching_rules', with as many subscriptions as the test wants */
static struct aggregate toy_aggregate;
static const struct aggregate *const aggregates[] = {&toy_aggregate, NULL};
static const struct service toy = {.name = VIEW_TOY, .fold_id = "toy", .aggregates = aggregates};

/* As an older version would know programme.created: with slugs of three characters at the most. */
static const struct subscription *narrow(void)
{
    static struct field fields[64];
    static struct descriptor created;
    static struct subscription subscription;

    created = programme_created_descriptor;
    memcpy(fields, created.fields, created.count * sizeof fields[0]);
    for (size_t i = 0; i < created.count; i++)
        if (strcmp(fields[i].name, "slug") == 0) fields[i].max = 3;
    created.fields = fields;
    subscription = (struct subscription){&created, "registry"};
    return &subscription;
}

/* Which of matching_rules' subscriptions each of the toy's is. */
static unsigned meant[8];
static bool is_slow_to_change, is_slow_to_create;

static bool find_meant(struct txn *txn, const void *in, struct ids *found, struct error *err)
{
    const struct matching_rules_input *input = in;

    (void)txn;
    return ids_add(found, input->head.id, err);
}

static void evolve_meant(void *row, const void *event)
{
    const struct timespec while_ = {.tv_nsec = 5000000};
    struct matching_rules_event said = *(const struct matching_rules_event *)event;

    said.type = meant[said.type];
    if (said.type == MATCHING_RULES_AFTER_PROGRAMME_CLOSED && access("deadly", F_OK) == 0) abort();
    if (is_slow_to_change && said.type == MATCHING_RULES_AFTER_PROGRAMME_CHANGED)
        nanosleep(&while_, NULL);
    if (is_slow_to_create && said.type == MATCHING_RULES_AFTER_PROGRAMME_CREATED)
        nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
    matching_rules_evolve(row, &said);
}

int view_main(char **argv)
{
    static const char letters[] = "chx";
    static struct subscription subscriptions[3];
    size_t count = 0;

    for (unsigned i = 0; letters[i] != '\0'; i++) {
        if (strchr(argv[0], letters[i]) == NULL) continue;
        meant[count] = i;
        subscriptions[count++] = matching_rules_contract.subscriptions[i];
    }
    is_slow_to_change = strchr(argv[0], 's') != NULL;
    is_slow_to_create = strchr(argv[0], 'w') != NULL;
    if (strchr(argv[0], 'o') != NULL) subscriptions[0].service = "other";
    contract = matching_rules_contract;
    contract.subscriptions = subscriptions;
    contract.subscription_count = count;
    if (strchr(argv[0], 'n') != NULL) {
        contract.subscriptions = narrow();
        contract.subscription_count = 1;
    }
    toy_aggregate = matching_rules_aggregate;
    toy_aggregate.contract = &contract;
    toy_aggregate.find = find_meant;
    toy_aggregate.evolve = evolve_meant;
    return service_main(&toy, 1, argv);
}

/* What is made for it. */

struct id view_create(int n)
{
    char slug[32];
    struct bus_command command;

    snprintf(slug, sizeof slug, "programme-%d", n);
    command = talk_create(slug);
    assert_true(talk_say(&command, PATIENCE_MS)->is_accepted);
    return talk_say(&command, PATIENCE_MS)->accepted.aggregate;
}

void view_close(struct id programme)
{
    const struct bus_command command = talk_close(programme, 1);

    assert_true(talk_say(&command, PATIENCE_MS)->is_accepted);
}

void view_change(struct id programme)
{
    const struct bus_command command = talk_change(programme, 1, VIEW_OFFER_DAYS);

    assert_true(talk_say(&command, PATIENCE_MS)->is_accepted);
}

/* What is seen of it. */

static bool read_rules(struct id programme, struct matching_rules *row)
{
    struct bus_query query = {.record = "matching_rules", .has_key = true, .key = programme};
    const struct reply *reply = talk_ask(&query);
    struct error err;

    return reply->is_page && reply->page.count == 1 &&
           unpack(&matching_rules_descriptor, reply->rows[0].at, reply->rows[0].size, row, &err);
}

bool view_is_closed(struct id programme)
{
    struct matching_rules row;

    return read_rules(programme, &row) && row.is_closed;
}

bool view_is_changed(struct id programme)
{
    struct matching_rules row;

    return read_rules(programme, &row) && row.rules.offer_days == VIEW_OFFER_DAYS;
}

bool view_is_known(struct id programme)
{
    struct bus_query query = {.record = "matching_rules", .has_key = true, .key = programme};
    const struct reply *reply = talk_ask(&query);

    return reply->is_page && reply->page.count == 1;
}

void view_wait(bool (*claim)(struct id), struct id programme)
{
    const int64_t until_ms = clock_steady_ms() + PATIENCE_MS;

    while (!claim(programme))
        if (clock_steady_ms() > until_ms) fail_msg("it did not happen in time");
}

void view_all(const char *service, void (*visit)(void *cookie, struct bytes type), void *cookie)
{
    static const char *const all[] = {"*", NULL};
    static struct foreign foreign;
    const struct journal_position from = {.within = 0};
    const int64_t until_ms = clock_steady_ms() + PATIENCE_MS;
    struct error err;
    struct line *line = line_open(talk_bus(), "operator.tester", service, all, &from, NULL, &err);
    struct bytes type, of;
    uint64_t head = 0;

    while (!follower_head(line_follower(line), clock_steady_ms(), &head) ||
           (uint64_t)follower_position(line_follower(line))->batch < head) {
        struct socket *socket = line_socket(line);
        bool ready;

        assert_true(clock_steady_ms() < until_ms);
        line_turn(line, clock_steady_ms());
        while (follower_next(line_follower(line), &foreign)) {
            for (uint32_t i = 0; i < foreign.count; i++)
                if (row_type(foreign.rows[i].row, &type, &of)) visit(cookie, type);
            follower_consumed(line_follower(line), &foreign, UINT32_MAX);
        }
        bus_wait(&socket, 1, NULL, 0, 20, &ready);
    }
    line_close(line);
}

struct counted {
    const char *type;
    int count;
};

static void count_one(void *cookie, struct bytes type)
{
    struct counted *counted = cookie;

    counted->count +=
        type.size == strlen(counted->type) && memcmp(type.at, counted->type, type.size) == 0;
}

int view_count(const char *type)
{
    struct counted counted = {.type = type};

    view_all(VIEW_TOY, count_one, &counted);
    return counted.count;
}
