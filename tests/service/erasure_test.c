#define _GNU_SOURCE /* memmem */
/* Erasures that were interrupted, and keys that were destroyed without one: the next start finishes all
 * of them. The registry's own program; its files are touched while it is stopped. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "test.h"

#include "base/clock.h"
#include "base/crypto.h"
#include "base/files.h"
#include "base/random.h"
#include "contract/person.h"
#include "core/pack.h"
#include "fold/keys.h"
#include "journal/journal.h"
#include "service/talk.h"
#include "store/state.h"
#include "store/store.h"
#include "vault/vault.h"

static struct files *files;

enum { PERSONS = 80, STORE_SIZE = 1 << 30, MAP_SEALED = 0 };

static pid_t service;
static struct id programme, persons[PERSONS];

static void start(void)
{
    struct bus_query query = {.record = "programme"};

    service = talk_start(REGISTRY, NULL, NULL);
    while (!talk_ask_within(&query, 1000)->is_page)
        assert_int_equal(waitpid(service, NULL, WNOHANG), 0);
}

static void stop(void)
{
    SEND_SIGNAL(service, SIGTERM);
    assert_int_equal(waitpid(service, NULL, 0), service);
}

static struct bus_command command_of(const char *type, const struct descriptor *descriptor,
                                     const void *body, struct id aggregate)
{
    struct bus_command command = {.role = ACTOR_ROLE_SYS,
                                  .print = {.size = 16},
                                  .id = random_id(clock_now_ms()),
                                  .version = VERSION_ANY,
                                  .has_programme = true,
                                  .programme = programme,
                                  .has_country = true,
                                  .has_aggregate = !id_equal(aggregate, (struct id){{0}}),
                                  .aggregate = aggregate};
    size_t size = sizeof command.body.at;
    struct error err;

    snprintf(command.type, sizeof command.type, "%s", type);
    assert_true(pack(descriptor, body, command.body.at, &size, &err));
    command.body.size = (uint32_t)size;
    return command;
}

static struct id say(const char *type, const struct descriptor *descriptor, const void *body,
                     struct id aggregate)
{
    const struct bus_command command = command_of(type, descriptor, body, aggregate);
    const struct reply *reply = talk_say(&command, PATIENCE_MS);

    if (!reply->is_accepted) fail_msg("%s: %s", type, reply->error.text);
    return reply->accepted.aggregate;
}

static enum person_state state_of(struct id id)
{
    struct bus_query query = {.record = "person", .has_key = true, .key = id};
    const struct reply *reply = talk_ask(&query);
    struct person row;
    struct error err;

    assert_true(reply->is_page && reply->page.count == 1);
    assert_true(unpack(&person_descriptor, reply->rows[0].at, reply->rows[0].size, &row, &err));
    return row.state;
}

/* What the registry has while it is stopped. */

static struct store *open_sealed(void)
{
    static const char *const maps[] = {"sealed", NULL};
    struct error err;
    struct store *store = store_open("registry/sealed", STORE_SIZE, maps, STORE_SYNCED, &err);

    assert_non_null(store);
    return store;
}

static bool count(void *cookie, struct bytes key, struct bytes value)
{
    (void)key;
    (void)value;
    ++*(size_t *)cookie;
    return true;
}

static size_t count_blobs(struct id owner)
{
    struct store *store = open_sealed();
    const struct bytes prefix = {&owner, sizeof owner};
    struct error err;
    struct txn *txn = txn_begin_read(store, &err);
    size_t blobs = 0;

    assert_true(txn_scan(txn, MAP_SEALED, prefix, prefix, count, &blobs, &err));
    txn_abort(txn);
    store_close(store);
    return blobs;
}

static void put_blob_back(struct id owner)
{
    const struct id key[2] = {owner, random_id(clock_now_ms())};
    struct store *store = open_sealed();
    struct error err;
    struct txn *txn = txn_begin_write(store, &err);

    assert_true(txn_put(txn, MAP_SEALED, (struct bytes){key, sizeof key},
                        (struct bytes){"sealed", 6}, &err));
    assert_true(txn_commit(txn, &err));
    store_close(store);
}

struct keys {
    size_t count;
    struct id at[PERSONS + 8];
};

static bool take_key(void *cookie, struct id owner, const struct owner_key *key)
{
    struct keys *keys = cookie;

    for (int i = 0; i < PERSONS; i++)
        if (id_equal(owner, persons[i]) && !key->is_erased) keys->at[keys->count++] = key->key;
    return true;
}

/* As somebody would who had only the ring. */
static size_t destroy_all_keys(void)
{
    struct error err;
    struct store *state = store_open("registry/state", STORE_SIZE, state_maps, STORE_READ, &err);
    struct txn *txn = txn_begin_read(state, &err);
    struct keys keys = {0};
    struct vault *vault;

    assert_true(key_scan(txn, take_key, &keys, &err));
    txn_abort(txn);
    store_close(state);
    vault = vault_open(files, "keys", false, &err);
    assert_non_null(vault);
    for (size_t i = 0; i < keys.count; i++)
        assert_true(vault_claim(vault, keys.at[i], &err));
    assert_true(vault_start(vault, VAULT_GROWS_ASIDE, &err));
    for (size_t i = 0; i < keys.count; i++)
        assert_true(vault_erase(vault, keys.at[i], &err));
    vault_close(vault);
    return keys.count;
}

/* The tests. */

static long free_keys(void)
{
    static const char name[] = "\nfadder_vault_free_keys ";
    struct bus_query query = {.record = "runtime.status"};
    const struct reply *reply = talk_ask(&query);
    const char *at = memmem(reply->rows[0].at, reply->rows[0].size, name, strlen(name));

    assert_non_null(at);
    return strtol(at + strlen(name), NULL, 10);
}

static void the_key_that_a_refused_command_took_is_given_back(void **state)
{
    struct person_register body = {.has_organisation = true, .language = LANGUAGE_SV};
    const long before = free_keys();

    (void)state;
    strcpy(body.details.given_name, "Nobody");
    body.details.has_family_name = true;
    strcpy(body.details.family_name, "Lind");
    body.organisation = random_id(clock_now_ms()); /* there is no such one */
    for (int i = 0; i < 5; i++) {
        const struct bus_command command =
            command_of("person.register", &person_register_descriptor, &body, (struct id){{0}});

        assert_string_equal(talk_say(&command, PATIENCE_MS)->error.code, "person.no_organisation");
    }
    assert_int_equal(free_keys(), before);
    body.has_organisation = false;
    say("person.register", &person_register_descriptor, &body, (struct id){{0}});
    assert_int_equal(free_keys(), before - 1);
}

/* Each is one of its own: asked again with the same id, it is noted again. */
static void a_reading_is_not_remembered(void **state)
{
    const struct person_read body = {.purpose = PERSON_PURPOSE_DELIVERY};
    const struct bus_command command =
        command_of("person.read", &person_read_descriptor, &body, persons[2]);
    const struct reply *reply = talk_say(&command, PATIENCE_MS);
    int64_t first;

    (void)state;
    if (!reply->is_accepted) fail_msg("%s", reply->error.text);
    assert_true(reply->opened.size > 0);
    first = reply->accepted.batch;
    reply = talk_say(&command, PATIENCE_MS);
    assert_true(reply->is_accepted && reply->opened.size > 0);
    assert_true(reply->accepted.batch > first);
}

/* The first blob is not on disk yet when the second is made of it. */
static void what_a_change_leaves_out_stays_in_the_vault_too(void **state)
{
    static struct person_change change[2];
    const struct person_read body = {.purpose = PERSON_PURPOSE_DELIVERY};
    struct bus_command commands[2], read;
    static struct person_details now;
    const struct reply *reply;
    struct error err;

    (void)state;
    change[0].has_details = change[1].has_details = true;
    change[0].details.has_email = change[1].details.removes_family_name = true;
    strcpy(change[0].details.email, "astrid@example.org");
    for (int i = 0; i < 2; i++)
        commands[i] =
            command_of("person.change", &person_change_descriptor, &change[i], persons[4]);
    assert_int_equal(talk_say_all(commands, 2), 2);
    read = command_of("person.read", &person_read_descriptor, &body, persons[4]);
    reply = talk_say(&read, PATIENCE_MS);
    assert_true(reply->is_accepted);
    assert_true(
        unpack(&person_details_descriptor, reply->opened.at, reply->opened.size, &now, &err));
    assert_string_equal(now.given_name, "Astrid");
    assert_string_equal(now.email, "astrid@example.org");
    assert_false(now.has_family_name);
}

/* Of what the vault holds it is theirs to say how they are reached; all else stays. */
static void who_says_how_they_are_reached_stays_who_they_are(void **state)
{
    static struct person_change_contact change;
    const struct person_read body = {.purpose = PERSON_PURPOSE_DELIVERY};
    struct bus_command command, read;
    static struct person_details now;
    const struct reply *reply;
    struct error err;

    (void)state;
    change.has_contact = change.contact.has_phone = change.contact.removes_address = true;
    strcpy(change.contact.phone, "+46701740605");
    command =
        command_of("person.change_contact", &person_change_contact_descriptor, &change, persons[5]);
    command.role = ACTOR_ROLE_MENTOR;
    command.has_actor = true;
    command.actor = persons[5];
    reply = talk_say(&command, PATIENCE_MS);
    if (!reply->is_accepted) fail_msg("%s", reply->error.text);
    read = command_of("person.read", &person_read_descriptor, &body, persons[5]);
    reply = talk_say(&read, PATIENCE_MS);
    assert_true(reply->is_accepted);
    assert_true(
        unpack(&person_details_descriptor, reply->opened.at, reply->opened.size, &now, &err));
    assert_string_equal(now.given_name, "Astrid");
    assert_string_equal(now.phone, "+46701740605");
    assert_true(now.has_family_name && !now.has_address);
}

static void nothing_is_sealed_any_more_for_who_was_erased(void **state)
{
    struct person_change body = {.has_details = true, .details = {.has_given_name = true}};
    struct bus_command commands[2];

    (void)state;
    strcpy(body.details.given_name, "Astrid");
    body.details.has_family_name = true;
    strcpy(body.details.family_name, "Berg");
    commands[0] = command_of("person.erase", &person_erase_descriptor, "", persons[3]);
    commands[1] = command_of("person.change", &person_change_descriptor, &body, persons[3]);
    assert_int_equal(talk_say_all(commands, 2), 1); /* in one batch, before the key is destroyed */
    commands[1].id = random_id(clock_now_ms());
    assert_string_equal(talk_say(&commands[1], PATIENCE_MS)->error.code,
                        "not_now"); /* no key is asked for */
}

static void what_an_interrupted_erasure_left_is_dropped_at_the_next_start(void **state)
{
    (void)state;
    say("person.erase", &person_erase_descriptor, "", persons[0]);
    assert_int_equal(state_of(persons[0]), PERSON_STATE_ERASED);
    stop();
    assert_int_equal(count_blobs(persons[0]), 0);
    put_blob_back(persons[0]); /* as if it had ended between the key's death and this */
    start();
    stop();
    assert_int_equal(count_blobs(persons[0]), 0);
    assert_int_equal(count_blobs(persons[1]), 1);
    start();
}

static void every_key_that_was_destroyed_without_an_erasure_gets_one(void **state)
{
    const int64_t until_ms = clock_steady_ms() + PATIENCE_MS;

    (void)state;
    stop();
    assert_int_equal(destroy_all_keys(), PERSONS - 2);
    start();
    for (int i = 0; i < PERSONS; i++) /* it answers while it erases */
        while (state_of(persons[i]) != PERSON_STATE_ERASED)
            assert_true(clock_steady_ms() < until_ms);
    stop();
    for (int i = 0; i < PERSONS; i++)
        assert_int_equal(count_blobs(persons[i]), 0);
    start();
}

static void assert_does_not_start(void)
{
    struct bus_query query = {.record = "programme"};
    int status;

    service = talk_start(REGISTRY, NULL, NULL);
    while (waitpid(service, &status, WNOHANG) == 0)
        assert_false(talk_ask_within(&query, 100)->is_page);
    assert_int_equal(status, W_EXITCODE(1, 0));
}

/* As when data was brought back from a backup, and the keys were not, or another's. */
static void no_keys_are_made_in_place_of_those_that_are_named(void **state)
{
    struct error err;

    (void)state;
    stop();
    assert_int_equal(rename("keys", "keys.away"), 0);
    assert_does_not_start();
    assert_int_equal(access("keys/ring", F_OK), -1);
    assert_int_equal(access("keys/master.key", F_OK), -1);
    vault_close(
        vault_open(files, "keys", true, &err)); /* a stranger's: not one of its keys is ours */
    assert_int_equal(access("keys/ring", F_OK), 0);
    assert_does_not_start();
    assert_int_equal(unlink("keys/ring"), 0);
    assert_int_equal(unlink("keys/master.key"), 0);
    assert_int_equal(unlink("keys/print.registry"), 0);
    assert_int_equal(rmdir("keys"), 0);
    assert_int_equal(rename("keys.away", "keys"), 0);
    assert_int_equal(rename("registry/sealed", "sealed.away"), 0); /* nor what is sealed */
    for (int i = 0; i < 2; i++)
        assert_does_not_start();
    assert_int_equal(access("registry/sealed", F_OK), -1);
    assert_int_equal(rename("sealed.away", "registry/sealed"), 0);
    start();
    assert_int_equal(state_of(persons[1]), PERSON_STATE_ACTIVE);
}

static int set_up(void **state)
{
    struct bus_command create = talk_create("erasures");
    struct person_register body = {
        .has_part = true, .part = PERSON_PART_MENTOR, .language = LANGUAGE_SV};

    struct error err;

    (void)state;
    talk_begin();
    if ((files = files_open(".", &err)) == NULL) return 1;
    crypto_start();
    talk_dial("registry");
    start();
    programme = talk_say(&create, PATIENCE_MS)->accepted.aggregate;
    strcpy(body.details.given_name, "Astrid");
    body.details.has_family_name = true;
    strcpy(body.details.family_name, "Lind");
    for (int i = 0; i < PERSONS; i++)
        persons[i] = say("person.register", &person_register_descriptor, &body, (struct id){{0}});
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    stop();
    files_close(files);
    talk_end();
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_key_that_a_refused_command_took_is_given_back),
        cmocka_unit_test(a_reading_is_not_remembered),
        cmocka_unit_test(what_a_change_leaves_out_stays_in_the_vault_too),
        cmocka_unit_test(who_says_how_they_are_reached_stays_who_they_are),
        cmocka_unit_test(nothing_is_sealed_any_more_for_who_was_erased),
        cmocka_unit_test(what_an_interrupted_erasure_left_is_dropped_at_the_next_start),
        cmocka_unit_test(no_keys_are_made_in_place_of_those_that_are_named),
        cmocka_unit_test(every_key_that_was_destroyed_without_an_erasure_gets_one),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
