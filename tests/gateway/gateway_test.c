/* The gateway's parts, each on its own. */
#include "test.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/settings.h"
#include "contract/all.h"
#include "contract/organisation.h"
#include "core/descriptor.h"
#include "deliveries.h"
#include "front/limit.h"
#include "front/out.h"
#include "front/trace.h"
#include "front/visitors.h"
#include "gateway.h"
#include "made.h"
#include "routes.h"
#include "scrape.h"

/* What a command leaves to us. */

static bool is_left_to_us(const struct descriptor *body)
{
    for (size_t i = 0; i < body->count; i++)
        if ((body->fields[i].flags & FIELD_MADE) != 0) return true;
    return false;
}

static void each_secret_that_may_be_left_out_is_made_afresh(void **state)
{
    static char value[1 << 16], before[SECRET_TEXT_SIZE];
    static struct gateway gateway = {.value = value};
    size_t made = 0;

    (void)state;
    for (size_t i = 0; i < contract_count; i++) {
        for (size_t n = 0; n < contracts[i]->command_count; n++) {
            const struct command *command = &contracts[i]->commands[n];
            const struct route route = {.command = command};
            struct call call = {.gateway = &gateway, .route = &route};

            assert_in_range(command->body->size, 0, sizeof value);
            memset(value, 0, sizeof value);
            made_fill(&call);
            assert_int_equal(call.is_made, is_left_to_us(command->body));
            if (!call.is_made) continue;
            made++;
            assert_string_not_equal(call.secret, before);
            strcpy(before, call.secret);
            made_fill(&call);
            assert_false(call.is_made); /* what is there is left as it is */
            assert_string_equal(call.secret, before);
        }
    }
    assert_int_equal(made, 5);
}

/* How often. */

enum { MS = 1000000 };

static void as_many_as_the_rate_come_at_once_and_then_one_by_one(void **state)
{
    struct limit limit = {0};
    int64_t now = 5 * (int64_t)1000 * MS;

    (void)state;
    for (int i = 0; i < 10; i++) {
        assert_true(limit_take(&limit, 10, now));
        assert_int_equal(limit_left(&limit, 10), 9 - i);
    }
    assert_false(limit_take(&limit, 10, now));
    assert_false(limit_take(&limit, 10, now + 99 * MS));
    assert_true(limit_take(&limit, 10, now + 100 * MS));
    assert_false(limit_take(&limit, 10, now + 100 * MS));
    now += (int64_t)3600 * 1000 * MS; /* a long rest is worth a second, no more */
    for (int i = 0; i < 10; i++)
        assert_true(limit_take(&limit, 10, now));
    assert_false(limit_take(&limit, 10, now));
}

static void over_a_long_time_the_rate_is_kept_to_the_number(void **state)
{
    static const int64_t rates[] = {1, 3, 7, 100, 999, 300000};

    (void)state;
    for (size_t i = 0; i < sizeof rates / sizeof *rates; i++) {
        struct limit limit = {0};
        int64_t taken = 0;

        for (int64_t now = MS; now <= (int64_t)10000 * MS; now += MS / 4)
            for (int n = 0; n < 100 && limit_take(&limit, rates[i], now); n++)
                taken++;
        assert_in_range(taken, 10 * rates[i], 11 * rates[i] * 1001 / 1000 + 1);
    }
}

static void whether_one_would_be_let_in_takes_nothing(void **state)
{
    const int64_t now = 5 * (int64_t)1000 * MS;
    struct limit limit = {0};

    (void)state;
    for (int i = 0; i < 20; i++)
        assert_true(limit_has(&limit, 10, now));
    for (int i = 0; i < 10; i++)
        assert_true(limit_take(&limit, 10, now));
    assert_false(limit_has(&limit, 10, now));
    assert_true(limit_has(&limit, 10, now + 100 * MS));
}

/* From where. */

static void read_ip(const char *text, uint8_t address[REACH_ADDRESS_SIZE])
{
    memset(address, 0, 10);
    memset(address + 10, 0xFF, 2);
    if (inet_pton(AF_INET, text, address + 12) != 1)
        assert_int_equal(inet_pton(AF_INET6, text, address), 1);
}

/* How many of 100 that come at once. */
static int let_in(struct visitors *visitors, const char *from, int64_t now)
{
    uint8_t address[REACH_ADDRESS_SIZE];
    int count = 0;

    read_ip(from, address);
    for (int i = 0; i < 100; i++)
        count += visitors_let_in(visitors, address, now);
    return count;
}

static int tried(struct visitors *visitors, const char *from, int64_t now)
{
    uint8_t address[REACH_ADDRESS_SIZE];
    int count = 0;

    read_ip(from, address);
    for (int i = 0; i < 100 && visitors_may_try(visitors, address, now); i++, count++)
        visitors_failed(visitors, address, now);
    return count;
}

static void an_address_that_comes_too_often_takes_nothing_from_others(void **state)
{
    const struct reach_networks proxies = {.count = 1,
                                           .at[0] = {.at = {[10] = 0xFF, [11] = 0xFF, 10}, 104}};
    const struct visitors_settings settings = {.rate = 20, .stranger_rate = 5, .proxies = &proxies};
    const int64_t now = 5 * (int64_t)1000 * MS;
    struct visitors *visitors = visitors_create(&settings);

    (void)state;
    assert_int_equal(let_in(visitors, "192.0.2.1", now), 20);
    assert_int_equal(let_in(visitors, "192.0.2.1", now), 0);
    assert_int_equal(let_in(visitors, "192.0.2.2", now), 20);
    assert_int_equal(let_in(visitors, "192.0.2.1", now + 1000 * MS), 20);
    assert_int_equal(let_in(visitors, "2001:db8::1", now), 20);
    assert_int_equal(let_in(visitors, "2001:db8::2:3", now), 0); /* the same network's */
    assert_int_equal(let_in(visitors, "2001:db8:0:1::1", now), 20);
    assert_int_equal(let_in(visitors, "127.0.0.1", now), 100);
    assert_int_equal(let_in(visitors, "::1", now), 100);
    assert_int_equal(let_in(visitors, "10.1.2.3", now), 100);
    visitors_destroy(visitors);
}

/* Who keeps coming is not forgotten for those who came once. */
static void many_addresses_make_room_for_none_that_asks_too_often(void **state)
{
    const struct visitors_settings settings = {.rate = 20};
    int64_t now = 5 * (int64_t)1000 * MS;
    struct visitors *visitors = visitors_create(&settings);

    (void)state;
    assert_int_equal(let_in(visitors, "192.0.2.1", now), 20);
    for (int i = 0; i < 4 * VISITORS_MAX; i++) {
        uint8_t other[REACH_ADDRESS_SIZE];
        char text[32];

        snprintf(text, sizeof text, "10.1.%d.%d", i / 256, i % 256);
        read_ip(text, other);
        assert_true(visitors_let_in(visitors, other, ++now));
        if (i % 64 == 0) assert_int_equal(let_in(visitors, "192.0.2.1", ++now), 0);
    }
    visitors_destroy(visitors);
}

static void who_shows_what_nobody_has_may_try_a_few_times(void **state)
{
    const struct visitors_settings settings = {.stranger_rate = 5}, any = {.rate = 0};
    const int64_t now = 5 * (int64_t)1000 * MS;
    struct visitors *visitors = visitors_create(&settings);

    (void)state;
    assert_int_equal(tried(visitors, "192.0.2.1", now), 5);
    assert_int_equal(tried(visitors, "192.0.2.1", now), 0);
    assert_int_equal(tried(visitors, "192.0.2.2", now), 5);
    assert_int_equal(tried(visitors, "192.0.2.1", now + 200 * MS), 1);
    assert_int_equal(let_in(visitors, "192.0.2.1", now),
                     100); /* what is known to be good goes on */
    visitors_destroy(visitors);
    visitors = visitors_create(&any);
    assert_int_equal(tried(visitors, "192.0.2.1", now), 100);
    visitors_destroy(visitors);
}

static void whoever_came_longest_ago_gives_way(void **state)
{
    const struct visitors_settings settings = {.rate = 20};
    const int64_t now = 5 * (int64_t)1000 * MS;
    struct visitors *visitors = visitors_create(&settings);
    uint8_t address[REACH_ADDRESS_SIZE];
    char from[32];

    (void)state;
    assert_int_equal(let_in(visitors, "192.0.2.1", now), 20);
    for (int i = 0; i < 20000; i++) {
        snprintf(from, sizeof from, "198.%d.%d.1", i / 256, i % 256);
        read_ip(from, address);
        assert_true(visitors_let_in(visitors, address, now + i + 1));
    }
    assert_int_equal(let_in(visitors, "192.0.2.1", now + 20001), 20); /* forgotten */
    visitors_destroy(visitors);
}

/* A text that grows. */

static void a_string_is_escaped_and_a_long_format_fits(void **state)
{
    struct out out = {0};
    char text[20000];

    (void)state;
    out_string(&out, "a\"b\\c\n\xC3\xA5");
    out_add(&out, "", 1);
    assert_string_equal(out.at, "\"a\\\"b\\\\c\\u000a\xC3\xA5\"");
    memset(text, 'x', sizeof text);
    text[sizeof text - 1] = '\0';
    out_clear(&out);
    out_format(&out, "<%s>", text);
    assert_int_equal(out.used, sizeof text + 1);
    assert_true(out.at[0] == '<' && out.at[out.used - 1] == '>');
    out_destroy(&out);
}

/* Routes. */

static const struct route *find(struct routes *routes, const char *method, const char *path,
                                struct id *id, bool *has_id, char allow[ROUTES_ALLOW_SIZE])
{
    *has_id = false;
    return routes_find(routes, method, path, id, has_id, allow);
}

#define ID "01939d4e-8c00-7abc-8def-0123456789ab"

static struct routes *create_routes(struct gateway *gateway, size_t *value_size)
{
    front_begin(&gateway->door.front);
    return routes_create(&gateway_serving, gateway, value_size);
}

static void every_route_of_every_contract_is_found(void **state)
{
    static struct gateway gateway;
    size_t value_size = 0;
    struct routes *routes = create_routes(&gateway, &value_size);
    char allow[ROUTES_ALLOW_SIZE];
    struct id id;
    bool has_id;

    (void)state;
    assert_int_equal(gateway.door.front.upstream_count, SERVICES_JOURNALED_COUNT);
    for (size_t i = 0; i < contract_count; i++) {
        const struct contract *contract = contracts[i];

        for (size_t n = 0; n < contract->command_count; n++) {
            const struct command *command = &contract->commands[n];
            const char *place;
            const struct route *route;
            char path[256];

            assert_true(command->body->size <= value_size);
            if (command->hook != NULL)
                assert_ptr_equal(routes_hook(routes, command->hook)->command, command);
            if (command->route == NULL) continue;
            place = strstr(command->route, "{id}");
            snprintf(path, sizeof path, "%.*s%s%s",
                     place == NULL ? 1000 : (int)(place - command->route - 5), command->route + 5,
                     place == NULL ? "" : ID, place == NULL ? "" : place + 4);
            route = find(routes, "POST", path, &id, &has_id, allow);
            assert_non_null(route);
            assert_ptr_equal(route->command, command);
            assert_string_equal(route->upstream->name, contract->service);
            assert_int_equal(has_id, place != NULL);
        }
        for (size_t n = 0; n < contract->record_count; n++) {
            const struct record *record = &contract->records[n];
            char path[256];

            if (record->route == NULL) continue;
            snprintf(path, sizeof path, "%s", record->route + 4);
            strcpy(strstr(path, "{id}"), ID);
            assert_ptr_equal(find(routes, "GET", path, &id, &has_id, allow)->record, record);
            assert_true(has_id);
            *strrchr(path, '/') = '\0';
            assert_ptr_equal(find(routes, "HEAD", path, &id, &has_id, allow)->record, record);
            assert_false(has_id);
        }
    }
    routes_destroy(routes);
}

static void what_is_no_route_is_not_found_and_other_methods_are_named(void **state)
{
    static const char *const none[] = {
        "/",
        "",
        "/v1",
        "/v1/",
        "/v1/cars",
        "/v1/referrals/",
        "/healthz/",
        "/v1/referrals/" ID "/",
        "/v1/hooks",
        "/v1/hooks/",
        "/V1/hooks/x",
        "/v1/hooks/" ID "/x",
        "/v1/referrals/" ID "/accept/",
        "/v1/referrals/" ID "/explode",
        "/v1/referrals//accept",
    };
    static struct gateway gateway;
    size_t value_size = 0;
    struct routes *routes = create_routes(&gateway, &value_size);
    char allow[ROUTES_ALLOW_SIZE];
    struct id id;
    bool has_id;

    (void)state;
    for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
        assert_null(find(routes, "GET", none[i], &id, &has_id, allow));
        assert_string_equal(allow, "");
    }
    assert_null(find(routes, "PUT", "/v1/hooks/" ID, &id, &has_id, allow));
    assert_string_equal(allow, "POST");
    assert_null(find(routes, "POSTS", "/v1/hooks/" ID, &id, &has_id, allow));
    assert_null(find(routes, "GE", "/healthz", &id, &has_id, allow));
    assert_string_equal(allow, "GET, HEAD");
    assert_null(find(routes, "DELETE", "/v1/organisations", &id, &has_id, allow));
    assert_non_null(strstr(allow, "POST"));
    assert_non_null(strstr(allow, "GET, HEAD"));
    assert_non_null(find(routes, "POST", "/v1/hooks/nobody", &id, &has_id, allow));
    assert_false(has_id);
    assert_null(routes_hook(routes, "car.sold"));
    routes_destroy(routes);
}

/* Whose trace. */

static void a_traceparent_names_its_trace(void **state)
{
#define TRACE  "4bf92f3577b34da6a3ce929d0e0e4736"
#define PARENT "00f067aa0ba902b7"
    static const char *const bad[] = {
        NULL,
        "",
        "00-" TRACE "-" PARENT,
        "00-" TRACE "-" PARENT "-0",
        "00-" TRACE "-" PARENT "-01-and-more",
        "00-" TRACE "-" PARENT "-01 ",
        "ff-" TRACE "-" PARENT "-01",
        "01-" TRACE "-" PARENT "-01.more",
        "00-4BF92F3577B34DA6A3CE929D0E0E4736-" PARENT "-01",
        "00-00000000000000000000000000000000-" PARENT "-01",
        "00-" TRACE "-0000000000000000-01",
        "00-" TRACE "_" PARENT "-01",
        "00-" TRACE "-" PARENT "-0x",
    };
    char text[ID_TEXT_SIZE];
    struct id trace;

    (void)state;
    assert_true(trace_read("00-" TRACE "-" PARENT "-01", &trace));
    id_write(trace, text);
    assert_string_equal(text, "4bf92f35-77b3-4da6-a3ce-929d0e0e4736");
    assert_true(trace_read("01-" TRACE "-" PARENT "-01-and-more", &trace));
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_false(trace_read(bad[i], &trace));
}

/* What partners sent. */

static struct id some_id(uint8_t number)
{
    return (struct id){{number, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15}};
}

static int make_directory(void **state)
{
    static char directory[32];

    strcpy(directory, "/tmp/deliveries.XXXXXX");
    *state = mkdtemp(directory);
    return *state == NULL;
}

static int drop_directory(void **state)
{
    char command[64];

    snprintf(command, sizeof command, "rm -rf %s", (const char *)*state);
    return system(command);
}

static void add(struct deliveries *deliveries, struct id partner, int number)
{
    struct delivery delivery;
    char id[32];

    snprintf(id, sizeof id, "msg_%d", number);
    delivery_set(&delivery, number, 200, id, "accepted");
    deliveries_add(deliveries, partner, true, &delivery);
}

static void add_unsigned(struct deliveries *deliveries, struct id partner, int number)
{
    struct delivery delivery;

    delivery_set(&delivery, number, 401, "msg_x", "no_signature");
    deliveries_add(deliveries, partner, false, &delivery);
}

static void the_last_hundred_of_each_partner_are_kept_over_a_restart(void **state)
{
    static struct delivery found[DELIVERIES_KEPT];
    struct error err;
    struct deliveries *deliveries = deliveries_open(*state, &err);

    assert_non_null(deliveries);
    assert_int_equal(deliveries_read(*state, some_id(1), found), 0);
    assert_false(deliveries_has(deliveries, some_id(1)));
    for (int i = 1; i <= 250; i++)
        add(deliveries, some_id((uint8_t)(i % 2)), i);
    deliveries_close(deliveries);
    deliveries = deliveries_open(*state, &err);
    assert_true(deliveries_has(deliveries, some_id(1)));
    assert_int_equal(deliveries_read(*state, some_id(1), found), DELIVERIES_KEPT);
    for (int i = 0; i < DELIVERIES_KEPT; i++)
        assert_int_equal(found[i].at_ms, 249 - 2 * i);
    add(deliveries, some_id(1), 251);
    assert_int_equal(deliveries_read(*state, some_id(1), found), DELIVERIES_KEPT);
    assert_int_equal(found[0].at_ms, 251);
    assert_string_equal(found[0].id, "msg_251");
    assert_string_equal(found[0].code, "accepted");
    assert_int_equal(found[0].status, 200);
    assert_int_equal(found[DELIVERIES_KEPT - 1].at_ms, 53);
    deliveries_close(deliveries);
}

static void what_nobody_signed_has_a_part_of_its_own(void **state)
{
    static struct delivery found[DELIVERIES_KEPT];
    struct error err;
    struct deliveries *deliveries = deliveries_open(*state, &err);

    for (int i = 1; i <= 10; i++)
        add(deliveries, some_id(3), i);
    for (int i = 11; i <= 200; i++)
        add_unsigned(deliveries, some_id(3), i);
    assert_int_equal(deliveries_read(*state, some_id(3), found), DELIVERIES_KEPT);
    assert_int_equal(found[89].at_ms, 111);
    assert_int_equal(found[90].at_ms, 10);
    deliveries_close(deliveries);

    deliveries = deliveries_open(*state, &err);
    for (int i = 201; i <= 290; i++)
        add(deliveries, some_id(3), i);
    assert_int_equal(deliveries_read(*state, some_id(3), found), DELIVERIES_KEPT);
    assert_int_equal(found[0].at_ms, 290);
    assert_int_equal(found[79].at_ms, 211);
    assert_int_equal(found[80].at_ms, 200);
    assert_int_equal(found[99].at_ms, 181);
    deliveries_close(deliveries);
}

static void more_partners_than_are_mapped_at_a_time_are_all_kept(void **state)
{
    static struct delivery found[DELIVERIES_KEPT];
    struct error err;
    struct deliveries *deliveries = deliveries_open(*state, &err);

    for (int round = 1; round <= 3; round++)
        for (int i = 0; i < 200; i++)
            add(deliveries, some_id((uint8_t)i), 1000 * round + i);
    for (int i = 0; i < 200; i++) {
        assert_int_equal(deliveries_read(*state, some_id((uint8_t)i), found), 3);
        assert_int_equal(found[0].at_ms, 3000 + i);
        assert_int_equal(found[2].at_ms, 1000 + i);
    }
    deliveries_close(deliveries);
}

static void a_damaged_slot_is_passed_over(void **state)
{
    static struct delivery found[DELIVERIES_KEPT];
    struct error err;
    struct deliveries *deliveries = deliveries_open(*state, &err);
    char path[128], name[ID_TEXT_SIZE];
    FILE *file;

    for (int i = 1; i <= 5; i++)
        add(deliveries, some_id(9), i);
    id_write(some_id(9), name);
    snprintf(path, sizeof path, "%s/%s", (const char *)*state, name);
    file = fopen(path, "r+");
    fseek(file, 3 * 256 + 40, SEEK_SET);
    fputc('!', file);
    fclose(file);
    assert_int_equal(deliveries_read(*state, some_id(9), found), 4);
    assert_int_equal(found[0].at_ms, 5);
    assert_int_equal(found[2].at_ms, 2);
    deliveries_close(deliveries);
}

static void what_a_sender_says_cannot_leave_its_place(void **state)
{
    struct delivery delivery;
    char long_id[300];

    (void)state;
    memset(long_id, 'a', sizeof long_id);
    long_id[299] = '\0';
    delivery_set(&delivery, 1, 422, long_id, "invalid");
    assert_int_equal(delivery.strangers, 0);
    delivery_set_strangers(&delivery, 7);
    assert_int_equal(delivery.strangers, 7);
    delivery_set_strangers(&delivery, 100000);
    assert_int_equal(delivery.strangers, 65535);
    assert_int_equal(strlen(delivery.id), sizeof delivery.id - 1);
    for (int i = 0; i < 32; i++)
        delivery_add_field(&delivery, "person.given_name");
    assert_true(strlen(delivery.fields) < sizeof delivery.fields);
    assert_memory_equal(delivery.fields, "person.given_name,person.given_name,", 36);
    delivery_set(&delivery, 1, 401, "a\n\x1b[31m\xC3\xA5", "malformed");
    assert_string_equal(delivery.id, "a??[31m??");
    delivery_set(&delivery, 1, 401, NULL, "missing_header");
    assert_string_equal(delivery.id, "");
}

static void a_directory_that_cannot_be_made_is_an_error(void **state)
{
    struct error err;

    (void)state;
    assert_null(deliveries_open("/proc/none", &err));
    assert_int_equal(err.kind, ERROR_BROKEN);
}

/* Metrics of several. */

static void metrics_of_several_programs_stand_together_by_name(void **state)
{
    const struct scrape_source sources[] = {
        {"gateway", "# HELP a_total A.\n# TYPE a_total counter\na_total 1\n"
                    "# HELP c_seconds C.\n# TYPE c_seconds histogram\n"
                    "c_seconds_bucket{le=\"0.1\"} 2\nc_seconds_sum 0.5\n"},
        {"registry", "# HELP a_total A.\n# TYPE a_total counter\na_total{status=\"200\"} 3\n"
                     "# HELP b_bytes B.\n# TYPE b_bytes gauge\nb_bytes 4"},
        {"silent", ""},
        {"odd", "nothing of this\n\n# is a family\n"},
    };
    struct out out = {0};

    (void)state;
    scrape_merge(sources, 4, &out);
    out_add(&out, "", 1);
    assert_string_equal(out.at, "# HELP a_total A.\n# TYPE a_total counter\n"
                                "a_total{program=\"gateway\"} 1\n"
                                "a_total{program=\"registry\",status=\"200\"} 3\n"
                                "# HELP b_bytes B.\n# TYPE b_bytes gauge\n"
                                "b_bytes{program=\"registry\"} 4\n"
                                "# HELP c_seconds C.\n# TYPE c_seconds histogram\n"
                                "c_seconds_bucket{program=\"gateway\",le=\"0.1\"} 2\n"
                                "c_seconds_sum{program=\"gateway\"} 0.5\n");
    out_destroy(&out);
}

#define IN_DIRECTORY(name) cmocka_unit_test_setup_teardown(name, make_directory, drop_directory)

/* The client's address. */

static void found(const char *proxies, enum origin_header header, const char *peer,
                  const char *said, const char *expected)
{
    struct reach_networks networks = {0};
    uint8_t from[REACH_ADDRESS_SIZE], address[REACH_ADDRESS_SIZE];
    char text[ORIGIN_TEXT_SIZE];
    struct error err;

    setenv("FADDER_PROXY", proxies, 1);
    assert_true(settings_networks(setting_of("FADDER_PROXY"), &networks, &err));
    unsetenv("FADDER_PROXY");
    memset(from, 0, 10);
    memset(from + 10, 0xFF, 2);
    if (inet_pton(AF_INET, peer, from + 12) != 1)
        assert_int_equal(inet_pton(AF_INET6, peer, from), 1);
    origin_find(&networks, header, from, said, address);
    origin_write(address, text);
    if (strcmp(text, expected) != 0)
        fail_msg("%s says '%s': %s instead of %s", peer, said == NULL ? "-" : said, text, expected);
}

static void only_a_proxy_of_ours_is_believed_about_who_asks(void **unused)
{
    static const char ours[] = "127.0.0.1, 10.0.0.0/8, fd00::/8";
    static const struct {
        const char *proxies, *peer, *said, *expected;
    } rows[] = {
        {"", "127.0.0.1", "192.0.2.1", "127.0.0.1"}, /* nobody is, where none is named */
        {ours, "127.0.0.1", NULL, "127.0.0.1"},
        {ours, "127.0.0.1", "", "127.0.0.1"},
        {ours, "127.0.0.1", "192.0.2.1", "192.0.2.1"},
        {ours, "127.0.0.1", "  192.0.2.1:4711\t", "192.0.2.1"},
        {ours, "127.0.0.1", "2001:db8::1", "2001:db8::1"},
        {ours, "127.0.0.1", "[2001:db8::1]:4711", "2001:db8::1"},
        {ours, "127.0.0.1", "::ffff:192.0.2.1", "192.0.2.1"}, /* the same however it is written */
        {ours, "fd00::7", "192.0.2.1", "192.0.2.1"},
        {ours, "192.0.2.9", "192.0.2.1", "192.0.2.9"},          /* a stranger speaks for itself */
        {ours, "127.0.0.1", "6.6.6.6, 192.0.2.1", "192.0.2.1"}, /* what the client made up */
        {ours, "127.0.0.1", "6.6.6.6, 192.0.2.1, 10.1.2.3", "192.0.2.1"}, /* two of ours */
        {ours, "127.0.0.1", "10.1.2.3", "10.1.2.3"},
        {ours, "127.0.0.1", "6.6.6.6, unknown", "127.0.0.1"},
        {ours, "127.0.0.1", "6.6.6.6,", "127.0.0.1"},
        {ours, "127.0.0.1", "6.6.6.6, 192.0.2.1:x", "127.0.0.1"},
        {ours, "127.0.0.1", "192.0.2.1 6.6.6.6", "127.0.0.1"},
        {ours, "127.0.0.1", "[2001:db8::1", "127.0.0.1"},
        {ours, "127.0.0.1", "for=192.0.2.1", "127.0.0.1"}, /* the other header's */
    };

    (void)unused;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        found(rows[i].proxies, ORIGIN_X_FORWARDED_FOR, rows[i].peer, rows[i].said,
              rows[i].expected);
}

static void forwarded_is_read_as_rfc_7239_has_it(void **unused)
{
    static const char *const rows[][2] = {
        {"for=192.0.2.1", "192.0.2.1"},
        {"For=192.0.2.1;proto=https;by=203.0.113.43", "192.0.2.1"},
        {"proto=https; for=\"[2001:db8:cafe::17]:4711\"", "2001:db8:cafe::17"},
        {"for=6.6.6.6, for=192.0.2.1", "192.0.2.1"},
        {"for=\"6.6.6.6, for=192.0.2.1",
         "192.0.2.1"}, /* a quote that does not end is the client's */
        {"for=6.6.6.6, for=unknown", "127.0.0.1"},
        {"for=6.6.6.6, for=\"_hidden\"", "127.0.0.1"},
        {"for=6.6.6.6, proto=https", "127.0.0.1"},
        {"192.0.2.1", "127.0.0.1"},
    };

    (void)unused;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        found("127.0.0.1", ORIGIN_FORWARDED, "127.0.0.1", rows[i][0], rows[i][1]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_secret_that_may_be_left_out_is_made_afresh),
        cmocka_unit_test(as_many_as_the_rate_come_at_once_and_then_one_by_one),
        cmocka_unit_test(over_a_long_time_the_rate_is_kept_to_the_number),
        cmocka_unit_test(whether_one_would_be_let_in_takes_nothing),
        cmocka_unit_test(an_address_that_comes_too_often_takes_nothing_from_others),
        cmocka_unit_test(many_addresses_make_room_for_none_that_asks_too_often),
        cmocka_unit_test(who_shows_what_nobody_has_may_try_a_few_times),
        cmocka_unit_test(whoever_came_longest_ago_gives_way),
        cmocka_unit_test(a_string_is_escaped_and_a_long_format_fits),
        cmocka_unit_test(every_route_of_every_contract_is_found),
        cmocka_unit_test(what_is_no_route_is_not_found_and_other_methods_are_named),
        cmocka_unit_test(a_traceparent_names_its_trace),
        IN_DIRECTORY(the_last_hundred_of_each_partner_are_kept_over_a_restart),
        IN_DIRECTORY(what_nobody_signed_has_a_part_of_its_own),
        IN_DIRECTORY(more_partners_than_are_mapped_at_a_time_are_all_kept),
        IN_DIRECTORY(a_damaged_slot_is_passed_over),
        cmocka_unit_test(what_a_sender_says_cannot_leave_its_place),
        cmocka_unit_test(a_directory_that_cannot_be_made_is_an_error),
        cmocka_unit_test(metrics_of_several_programs_stand_together_by_name),
        cmocka_unit_test(only_a_proxy_of_ours_is_believed_about_who_asks),
        cmocka_unit_test(forwarded_is_read_as_rfc_7239_has_it),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
