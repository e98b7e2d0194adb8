#define _GNU_SOURCE /* memmem */
/* Erasures that were interrupted, and keys that were destroyed without one: the next start finishes all
 * of them. So it is with what was sealed and is so no longer. The registry's own program; its files are touched while it is stopped. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "test.h"

#include "base/clock.h"
#include "base/crypto.h"
#include "base/files.h"
#include "base/random.h"
#include "contract/partner.h"
#include "contract/person.h"
#include "core/pack.h"
#include "fold/keys.h"
#include "journal/journal.h"
#include "service/talk.h"
#include "store/state.h"
#include "store/store.h"
#include "vault/ledger.h"
#include "vault/vault.h"

static struct files *files;

enum { PERSONS = 80, STORE_SIZE = 1 << 30, MAP_SEALED = 0 };

static pid_t service;
static struct id programme, persons[PERSONS], agency;

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

/* The last that there is. */
struct pairs {
    size_t count, size;
    struct id key[2];
    uint8_t value[4096];
};

static bool keep_pair(void *cookie, struct bytes key, struct bytes value)
{
    struct pairs *pairs = cookie;

    assert_true(key.size == sizeof pairs->key && value.size <= sizeof pairs->value);
    pairs->count++;
    pairs->size = value.size;
    memcpy(pairs->key, key.at, key.size);
    memcpy(pairs->value, value.at, value.size);
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

static void pass_over(void *cookie, const struct ledger_line *line)
{
    (void)cookie;
    (void)line;
}

/* The tests. */

static long meter(const char *name)
{
    struct bus_query query = {.record = "runtime.status"};
    const struct reply *reply = talk_ask(&query);
    char line[64];
    const char *at;

    snprintf(line, sizeof line, "\n%s ", name);
    at = memmem(reply->rows[0].at, reply->rows[0].size, line, strlen(line));
    assert_non_null(at);
    return strtol(at + strlen(line), NULL, 10);
}

static long free_keys(void)
{
    return meter("fadder_vault_free_keys");
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

/* A blob that is missing, or not what was sealed, is no empty answer. */

static void damage_blob(struct id owner, bool is_gone)
{
    struct store *store = open_sealed();
    const struct bytes prefix = {&owner, sizeof owner};
    struct pairs pairs = {.count = 0};
    struct error err;
    struct txn *txn = txn_begin_write(store, &err);

    assert_true(txn_scan(txn, MAP_SEALED, prefix, prefix, keep_pair, &pairs, &err));
    assert_int_equal(pairs.count, 1);
    pairs.value[pairs.size - 1] ^= 1;
    if (is_gone)
        assert_true(txn_drop(txn, MAP_SEALED, (struct bytes){pairs.key, sizeof pairs.key}, &err));
    else
        assert_true(txn_put(txn, MAP_SEALED, (struct bytes){pairs.key, sizeof pairs.key},
                            (struct bytes){pairs.value, pairs.size}, &err));
    assert_true(txn_commit(txn, &err));
    store_close(store);
}

static int64_t batch_now(void)
{
    struct bus_query query = {.record = "runtime.status"};

    return talk_ask(&query)->page.batch;
}

static void assert_not_read(struct id person)
{
    const struct person_read body = {.purpose = PERSON_PURPOSE_DELIVERY};
    const struct bus_command command =
        command_of("person.read", &person_read_descriptor, &body, person);
    const int64_t before = batch_now();
    const struct reply *reply = talk_say(&command, PATIENCE_MS);

    assert_false(reply->is_accepted);
    assert_string_equal(reply->error.code, "not_opened");
    assert_int_equal(reply->error.kind, ERROR_BROKEN);
    assert_int_equal(batch_now(), before); /* nobody is said to have read it */
}

static void what_cannot_be_opened_is_an_error_and_no_reading(void **state)
{
    struct person_change change = {.has_details = true, .details = {.has_email = true}};
    struct bus_command command;

    (void)state;
    strcpy(change.details.email, "astrid@example.org");
    command = command_of("person.change", &person_change_descriptor, &change, persons[6]);
    stop();
    damage_blob(persons[6], false);
    damage_blob(persons[7], true);
    start();
    assert_int_equal(meter("fadder_sealed_unopened"), 0);
    for (int i = 0; i < 2; i++)
        assert_not_read(persons[6]);
    assert_int_equal(meter("fadder_sealed_unopened"), 1); /* counted once */
    assert_not_read(persons[7]);
    assert_int_equal(meter("fadder_sealed_unopened"), 2);
    assert_string_equal(talk_say(&command, PATIENCE_MS)->error.code, "not_opened");
    assert_true(state_of(persons[6]) == PERSON_STATE_ACTIVE);
}

/* The gateway, which asks for a partner's secret, hears that there is a mistake here and not that there is none. */
static void a_secret_that_cannot_be_opened_is_an_error_of_ours(void **state)
{
    struct bus_query query = {.record = "partner", .has_key = true, .open = true};
    static struct partner_create body;
    const struct reply *reply;

    (void)state;
    strcpy(body.name, "An agency");
    strcpy(body.secret.current, "whsec_7h4o91cnWN2El38/C5Ln3WoLeMBVF44/cBVobThSiYw=");
    query.key = agency = say("partner.create", &partner_create_descriptor, &body, (struct id){{0}});
    assert_true(talk_ask(&query)->is_page);
    stop();
    damage_blob(query.key, false);
    start();
    reply = talk_ask(&query);
    assert_false(reply->is_page);
    assert_string_equal(reply->error.code, "not_opened");
    assert_int_equal(reply->error.kind, ERROR_BROKEN);
    query.open = false;
    assert_true(talk_ask(&query)->is_page);
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

static void every_key_that_was_destroyed_without_an_erasure_gets_one(void **state)
{
    const int64_t until_ms = clock_steady_ms() + PATIENCE_MS;

    (void)state;
    stop();
    assert_int_equal(destroy_all_keys(), PERSONS - 5);
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

/* A journal names its ring from its first batch on, when nobody has a key of it yet. */
static void no_ring_is_made_in_place_of_one_that_is_named(void **state)
{
    (void)state;
    stop();
    assert_int_equal(rename("keys/ring", "ring.away"), 0);
    for (int i = 0; i < 2; i++) {
        assert_does_not_start();
        assert_int_equal(access("keys/ring", F_OK), -1);
    }
    assert_int_equal(rename("ring.away", "keys/ring"), 0);
    start();
}

static void people_are_registered(void **state)
{
    struct person_register body = {
        .has_part = true, .part = PERSON_PART_MENTOR, .language = LANGUAGE_SV};

    (void)state;
    strcpy(body.details.given_name, "Astrid");
    body.details.has_family_name = true;
    strcpy(body.details.family_name, "Lind");
    for (int i = 0; i < PERSONS; i++)
        persons[i] = say("person.register", &person_register_descriptor, &body, (struct id){{0}});
}

/* The ledger: what it has is never undone. */

static void run(const char *command)
{
    if (system(command) != 0) fail_msg("%s", command);
}

/* The exit code of a verification of the stopped registry, and what it said. */
static int verify(char said[512])
{
    FILE *pipe = popen(REGISTRY " --verify 2>&1", "r");
    const size_t size = fread(said, 1, 511, pipe);

    said[size] = '\0';
    return WEXITSTATUS(pclose(pipe));
}

static void assert_verified(void)
{
    char said[512];

    if (verify(said) != 0) fail_msg("%s", said);
}

static enum protection protection_of(struct id id)
{
    struct bus_query query = {.record = "person", .has_key = true, .key = id};
    const struct reply *reply = talk_ask(&query);
    struct person row;
    struct error err;

    assert_true(reply->is_page && reply->page.count == 1);
    assert_true(unpack(&person_descriptor, reply->rows[0].at, reply->rows[0].size, &row, &err));
    return row.protection;
}

static void protect(struct id id, enum protection protection)
{
    const struct person_change_protection body = {protection};

    say("person.change_protection", &person_change_protection_descriptor, &body, id);
}

/* No change of anything, and so no line. */
static void register_protected(void)
{
    struct person_register body = {.language = LANGUAGE_SV, .protection = PROTECTION_STRICTLY};

    strcpy(body.details.given_name, "Ingrid");
    body.details.has_family_name = true;
    strcpy(body.details.family_name, "Lind");
    say("person.register", &person_register_descriptor, &body, (struct id){{0}});
}

static void wait_until_erased(struct id id)
{
    const int64_t until_ms = clock_steady_ms() + PATIENCE_MS;

    while (state_of(id) != PERSON_STATE_ERASED)
        assert_true(clock_steady_ms() < until_ms);
}

static size_t lines_in_ledger(void)
{
    FILE *file = fopen("ledger/registry", "r");
    size_t lines = 0;

    assert_non_null(file);
    for (int byte; (byte = fgetc(file)) != EOF;)
        lines += byte == '\n';
    fclose(file);
    return lines;
}

static bool key_is_dead(struct id key)
{
    struct error err;
    struct vault *vault = vault_open(files, "keys", false, &err);
    const bool is_dead = vault != NULL && vault_is_dead(vault, key);

    vault_close(vault);
    return is_dead;
}

static struct id key_of(struct id owner)
{
    struct error err;
    struct store *state = store_open("registry/state", STORE_SIZE, state_maps, STORE_READ, &err);
    struct txn *txn = txn_begin_read(state, &err);
    struct owner_key key;

    assert_true(key_get(txn, owner, &key, &err) && key.is_there);
    txn_abort(txn);
    store_close(state);
    return key.key;
}

/* As if it had ended before the key's death, and before that of the blob. */
static void what_an_interrupted_erasure_left_is_dropped_at_the_next_start(void **state)
{
    struct id key;

    (void)state;
    stop();
    key = key_of(persons[0]);
    run("cp keys/ring ring.before");
    start();
    say("person.erase", &person_erase_descriptor, "", persons[0]);
    assert_int_equal(state_of(persons[0]), PERSON_STATE_ERASED);
    stop();
    assert_int_equal(count_blobs(persons[0]), 0);
    assert_true(key_is_dead(key));
    put_blob_back(persons[0]);
    run("mv ring.before keys/ring");
    assert_false(key_is_dead(key));
    start();
    stop();
    assert_int_equal(count_blobs(persons[0]), 0);
    assert_true(key_is_dead(key));
    assert_int_equal(count_blobs(persons[1]), 1);
    start();
}

/* That all has been struck is said once more, perhaps after another start; nothing else is. */
static bool is_done_after_a_few_starts(void)
{
    for (int i = 0; i < 3; i++) {
        const int64_t batch = batch_now();

        stop();
        start();
        if (batch_now() == batch) return true;
    }
    return false;
}

static void what_was_erased_or_protected_is_so_after_an_older_backup_too(void **state)
{
    size_t lines;
    struct id key;

    (void)state;
    protect(persons[11], PROTECTION_STRICTLY);
    stop();
    run("mkdir aside && cp -a registry/journal registry/sealed keys aside");
    run("touch aside/journal/restored");
    key = key_of(persons[8]);
    start();
    say("person.erase", &person_erase_descriptor, "", persons[8]);
    protect(persons[9], PROTECTION_CONFIDENTIAL);
    protect(persons[10], PROTECTION_MARKED);
    protect(persons[10], PROTECTION_NONE); /* lowered: nobody raises it again */
    register_protected();
    protect(persons[11], PROTECTION_NONE); /* nor lowers what the journal has higher */
    stop();
    assert_verified();
    lines = lines_in_ledger();

    run("rm -r registry keys && mkdir -m 700 registry keys && cp -a aside/keys . && "
        "cp -a aside/journal aside/sealed registry");
    assert_false(key_is_dead(key));
    talk_dial("registry"); /* who heard more than there is waits for it */
    start();
    wait_until_erased(persons[8]);
    assert_int_equal(protection_of(persons[9]), PROTECTION_CONFIDENTIAL);
    assert_int_equal(protection_of(persons[10]), PROTECTION_NONE);
    assert_int_equal(protection_of(persons[11]), PROTECTION_STRICTLY);
    assert_int_equal(state_of(persons[12]), PERSON_STATE_ACTIVE);
    stop();
    assert_int_equal(count_blobs(persons[8]), 0);
    assert_true(key_is_dead(key));
    assert_int_equal(lines_in_ledger(), lines + 1); /* of who is protected better than it knew */
    assert_verified();
    start();
    assert_true(is_done_after_a_few_starts()); /* once is enough */
    run("rm -r aside");
}

/* Where in the ring its slot begins. */
static size_t place_of(struct id key)
{
    return 64 * ((size_t)key.bytes[0] << 24 | (size_t)key.bytes[1] << 16 |
                 (size_t)key.bytes[2] << 8 | key.bytes[3]);
}

/* As the ring was before it grew. */
static size_t cut_ring(struct id key)
{
    assert_int_equal(truncate("keys/ring", (off_t)place_of(key)), 0);
    return place_of(key);
}

static void damage_key(struct id key)
{
    struct file *file = file_open(files, "keys/ring");
    uint8_t byte;

    assert_non_null(file);
    assert_int_equal(file_read(file, place_of(key) + 44, &byte, 1), 1);
    byte ^= 0xff;
    assert_true(file_write(file, place_of(key) + 44, &byte, 1));
    file_close(file);
}

static const struct reply *read_person(struct id person)
{
    static const struct person_read body = {.purpose = PERSON_PURPOSE_DELIVERY};
    const struct bus_command command =
        command_of("person.read", &person_read_descriptor, &body, person);

    return talk_say(&command, PATIENCE_MS);
}

/* What was sealed and is so no longer. */

enum { GLANCE = 48 }; /* bytes of a blob that are as good as all of them */

static struct pairs only_blob(struct id owner, enum store_mode mode)
{
    static const char *const maps[] = {"sealed", NULL};
    const struct bytes prefix = {&owner, sizeof owner};
    struct pairs pairs = {.count = 0};
    struct error err;
    struct store *store = store_open("registry/sealed", STORE_SIZE, maps, mode, &err);
    struct txn *txn;

    assert_non_null(store);
    assert_non_null(txn = txn_begin_read(store, &err));
    assert_true(txn_scan(txn, MAP_SEALED, prefix, prefix, keep_pair, &pairs, &err));
    txn_abort(txn);
    store_close(store);
    assert_int_equal(pairs.count, 1);
    assert_true(pairs.size > GLANCE);
    return pairs;
}

static bool is_in_file(const struct pairs *blob)
{
    FILE *file = fopen("registry/sealed/data.mdb", "rb");
    uint8_t *bytes;
    long size;
    bool is;

    assert_non_null(file);
    fseek(file, 0, SEEK_END);
    size = ftell(file);
    rewind(file);
    assert_non_null(bytes = malloc((size_t)size));
    size = (long)fread(bytes, 1, (size_t)size, file);
    fclose(file);
    is = memmem(bytes, (size_t)size, blob->value, GLANCE) != NULL;
    free(bytes);
    return is;
}

static void wait_until_in_no_file(const struct pairs *blob)
{
    const int64_t until_ms = clock_steady_ms() + PATIENCE_MS;

    while (is_in_file(blob))
        assert_true(clock_steady_ms() < until_ms);
}

static void say_of_oneself(const char *type, const struct descriptor *descriptor, const void *body,
                           struct id who)
{
    struct bus_command command = command_of(type, descriptor, body, who);
    const struct reply *reply;

    command.role = ACTOR_ROLE_MENTOR;
    command.has_actor = true;
    command.actor = who;
    reply = talk_say(&command, PATIENCE_MS);
    if (!reply->is_accepted) fail_msg("%s: %s", type, reply->error.text);
}

static void change_phone(struct id who, const char *phone)
{
    struct person_change_contact change = {.has_contact = true, .contact = {.has_phone = true}};

    snprintf(change.contact.phone, sizeof change.contact.phone, "%s", phone);
    say_of_oneself("person.change_contact", &person_change_contact_descriptor, &change, who);
}

/* With the keys, as whoever has both: all that opens of somebody's. */
static struct person_details open_only_blob(struct id who)
{
    const struct pairs blob = only_blob(who, STORE_SYNCED);
    const struct id key = key_of(who);
    struct vault *vault;
    struct person_details details;
    uint8_t plain[4096], hash[VAULT_HASH_SIZE];
    size_t size = sizeof plain;
    struct error err;

    assert_non_null(vault = vault_open(files, "keys", false, &err));
    assert_true(vault_claim(vault, key, &err));
    assert_true(vault_start(vault, VAULT_GROWS_ASIDE, &err));
    crypto_hash_of(blob.value, blob.size, hash);
    if (!vault_unseal(vault, key, who, blob.key[1], person_details_descriptor.name, blob.value,
                      blob.size, hash, plain, &size, &err))
        fail_msg("%s", err.text);
    vault_close(vault);
    assert_true(unpack(&person_details_descriptor, plain, size, &details, &err));
    return details;
}

static void what_was_changed_is_in_no_file_any_more(void **state)
{
    struct person_details now;
    struct pairs first, second;

    (void)state;
    first = only_blob(persons[20], STORE_GUEST);
    change_phone(persons[20], "+46701740605");
    wait_until_in_no_file(&first);
    second = only_blob(persons[20], STORE_GUEST);
    change_phone(persons[20], "+46701740606");
    wait_until_in_no_file(&second);
    stop();
    now = open_only_blob(persons[20]);
    assert_string_equal(now.phone, "+46701740606");
    assert_string_equal(now.given_name, "Astrid");
    assert_verified();
    start();
}

static void nor_is_what_somebody_no_longer_consents_to(void **state)
{
    struct person_change hopes = {.has_details = true, .details = {.has_goals = true}};
    struct person_give_consent give = {.purpose = PERSON_CONSENT_PURPOSE_GOALS};
    const struct person_withdraw_consent withdraw = {.purpose = PERSON_CONSENT_PURPOSE_GOALS};
    struct person_details now;
    struct pairs blob;

    (void)state;
    strcpy(give.words, "2026-11");
    strcpy(hopes.details.goals, "A workshop of her own.");
    say("person.change", &person_change_descriptor, &hopes, persons[21]);
    say_of_oneself("person.give_consent", &person_give_consent_descriptor, &give, persons[21]);
    stop();
    assert_string_equal(open_only_blob(persons[21]).goals, "A workshop of her own.");
    blob = only_blob(persons[21], STORE_SYNCED);
    start();
    say_of_oneself("person.withdraw_consent", &person_withdraw_consent_descriptor, &withdraw,
                   persons[21]);
    wait_until_in_no_file(&blob);
    stop();
    now = open_only_blob(persons[21]);
    assert_false(now.has_goals);
    assert_string_equal(now.family_name, "Lind");
    assert_verified();
    start();
}

/* As if it had ended behind the batch: whenever that was. */
static void what_an_end_has_left_of_it_goes_at_the_next_start(void **state)
{
    struct pairs before;
    struct store *store;
    struct error err;
    struct txn *txn;

    (void)state;
    before = only_blob(persons[22], STORE_GUEST);
    change_phone(persons[22], "+46701740605");
    SEND_SIGNAL(service, SIGKILL);
    assert_int_equal(waitpid(service, NULL, 0), service);
    store = open_sealed();
    assert_non_null(txn = txn_begin_write(store, &err));
    assert_true(txn_put(txn, MAP_SEALED, (struct bytes){before.key, sizeof before.key},
                        (struct bytes){before.value, before.size}, &err));
    assert_true(txn_commit(txn, &err));
    store_close(store);
    assert_true(is_in_file(&before));
    start();
    wait_until_in_no_file(&before);
    stop();
    assert_string_equal(open_only_blob(persons[22]).phone, "+46701740605");
    assert_verified();
    start();
}

static void keys_that_are_older_than_the_journal_are_asked_for(void **state)
{
    struct bus_query query = {.record = "programme"};
    size_t size;
    struct stat ring;

    (void)state;
    stop();
    run("cp keys/ring ring.whole");
    size = cut_ring(key_of(persons[40]));
    run("cp keys/ring ring.cut");
    for (int i = 0; i < 2; i++)
        assert_does_not_start();
    assert_int_equal(stat("keys/ring", &ring), 0);
    assert_int_equal(ring.st_size, size); /* no keys are made in place of those */

    service = talk_start(REGISTRY, "--without-keys", NULL);
    while (!talk_ask_within(&query, 1000)->is_page)
        assert_int_equal(waitpid(service, NULL, WNOHANG), 0);
    assert_string_equal(read_person(persons[41])->error.code, "key_lost");
    assert_true(read_person(persons[39])->is_accepted); /* what there is is not given up */
    stop();
    start(); /* once said is enough */
    assert_string_equal(read_person(persons[41])->error.code, "key_lost");
    assert_int_equal(meter("fadder_keys_lost"), PERSONS - 40 + 2); /* a person and a partner more */
    stop();
    assert_verified();
}

static void keys_that_are_brought_back_open_again(void **state)
{
    (void)state;
    run("cp ring.whole keys/ring && rm ring.whole ring.cut");
    start();
    assert_true(read_person(persons[41])->is_accepted);
    assert_int_equal(meter("fadder_keys_lost"), 0);
}

/* What is theirs alone, said whole, needs nothing from before. */
static void another_secret_is_sealed_under_another_key_where_theirs_is_lost(void **state)
{
    static struct partner_rotate_secret body = {.has_keeps = true, .keeps = true};
    struct bus_query query = {.record = "partner", .has_key = true, .open = true};
    const struct id key = key_of(agency);

    (void)state;
    query.key = agency;
    strcpy(body.secret.current, "whsec_pFJY0j5jbWcTnlCi5dyQNk8BDaGDXF4xKb1FSbhbXRk=");
    stop();
    damage_key(key);
    start();
    assert_string_equal(talk_ask(&query)->error.code, "key_lost");
    assert_int_equal(meter("fadder_keys_lost"), 1);
    say("partner.rotate_secret", &partner_rotate_secret_descriptor, &body, agency);
    assert_true(talk_ask(&query)->is_page);
    assert_int_equal(meter("fadder_keys_lost"), 0);
    stop();
    assert_false(id_equal(key_of(agency), key));
    assert_verified();
    start();
    assert_true(talk_ask(&query)->is_page);
    assert_int_equal(meter("fadder_keys_lost"), 0);
}

static void who_is_erased_has_lost_no_key_any_more(void **state)
{
    const int64_t until_ms = clock_steady_ms() + PATIENCE_MS;

    (void)state;
    stop();
    damage_key(key_of(persons[31]));
    start();
    assert_int_equal(meter("fadder_keys_lost"), 1);
    say("person.erase", &person_erase_descriptor, "", persons[31]);
    while (meter("fadder_keys_lost") != 0) /* the key goes once it is on disk */
        assert_true(clock_steady_ms() < until_ms);
}

/* One byte of it: nobody writes there but who made it. */
static void a_ring_with_one_damaged_key_is_asked_for(void **state)
{
    struct person_register body = {.language = LANGUAGE_SV};
    struct bus_query query = {.record = "programme"};
    struct id person;

    (void)state;
    strcpy(body.details.given_name, "Nora");
    person = say("person.register", &person_register_descriptor, &body, (struct id){{0}});
    stop();
    run("cp keys/ring ring.whole");
    damage_key(key_of(person));
    assert_does_not_start();
    service = talk_start(REGISTRY, "--without-keys", NULL);
    while (!talk_ask_within(&query, 1000)->is_page)
        assert_int_equal(waitpid(service, NULL, WNOHANG), 0);
    assert_string_equal(read_person(person)->error.code, "key_lost");
    stop();
    start(); /* once said is enough */
    assert_int_equal(meter("fadder_keys_lost"), 1);
    stop();
    run("mv ring.whole keys/ring");
    start();
    assert_true(read_person(person)->is_accepted);
    assert_int_equal(meter("fadder_keys_lost"), 0);
}

/* As if it had ended between the line and the batch. */
static void what_was_written_down_and_not_journaled_is_done_at_the_next_start(void **state)
{
    struct ledger_line line = {.at_ms = clock_now_ms(), .event = "person.erased", .level = "-"};
    struct error err;
    struct ledger *ledger;
    char said[512];

    (void)state;
    stop();
    line.id = persons[12];
    ledger = ledger_open(files, "registry", pass_over, NULL, &err);
    assert_true(ledger_append(ledger, &line, 1, &err));
    ledger_close(ledger);
    assert_int_equal(verify(said), 1);
    assert_non_null(strstr(said, "is not in the journal"));
    start();
    wait_until_erased(persons[12]);
    stop();
    assert_int_equal(count_blobs(persons[12]), 0);
    assert_verified();
    start();
}

static void a_ledger_that_was_changed_shows(void **state)
{
    const size_t lines = lines_in_ledger();
    char said[512];

    (void)state;
    stop();
    run("cp ledger/registry kept");
    run("head -n -1 kept > ledger/registry"); /* its end is gone: only the journal knows */
    assert_int_equal(verify(said), 1);
    assert_non_null(strstr(said, "lines were taken out of it"));
    start();
    stop();
    assert_int_equal(lines_in_ledger(), lines); /* it is written anew */
    assert_verified();
    run("sed -i '1s/confidential/strictly/;1s/erased/erases/;1s/strictly/marked/' ledger/registry");
    assert_int_equal(verify(said), 1);
    assert_non_null(strstr(said, "damaged in line 1"));
    assert_does_not_start();
    run("rm ledger/registry"); /* lost for good */
    start();
    stop();
    assert_verified();
    assert_true(lines_in_ledger() >= 3);
    start();
}

static int set_up(void **state)
{
    struct bus_command create = talk_create("erasures");
    struct error err;

    (void)state;
    talk_begin();
    if ((files = files_open(".", &err)) == NULL) return 1;
    crypto_start();
    talk_dial("registry");
    start();
    programme = talk_say(&create, PATIENCE_MS)->accepted.aggregate;
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
        cmocka_unit_test(no_ring_is_made_in_place_of_one_that_is_named),
        cmocka_unit_test(people_are_registered),
        cmocka_unit_test(the_key_that_a_refused_command_took_is_given_back),
        cmocka_unit_test(a_reading_is_not_remembered),
        cmocka_unit_test(what_a_change_leaves_out_stays_in_the_vault_too),
        cmocka_unit_test(who_says_how_they_are_reached_stays_who_they_are),
        cmocka_unit_test(what_was_changed_is_in_no_file_any_more),
        cmocka_unit_test(nor_is_what_somebody_no_longer_consents_to),
        cmocka_unit_test(what_an_end_has_left_of_it_goes_at_the_next_start),
        cmocka_unit_test(what_cannot_be_opened_is_an_error_and_no_reading),
        cmocka_unit_test(a_secret_that_cannot_be_opened_is_an_error_of_ours),
        cmocka_unit_test(nothing_is_sealed_any_more_for_who_was_erased),
        cmocka_unit_test(what_an_interrupted_erasure_left_is_dropped_at_the_next_start),
        cmocka_unit_test(no_keys_are_made_in_place_of_those_that_are_named),
        cmocka_unit_test(what_was_erased_or_protected_is_so_after_an_older_backup_too),
        cmocka_unit_test(keys_that_are_older_than_the_journal_are_asked_for),
        cmocka_unit_test(keys_that_are_brought_back_open_again),
        cmocka_unit_test(another_secret_is_sealed_under_another_key_where_theirs_is_lost),
        cmocka_unit_test(who_is_erased_has_lost_no_key_any_more),
        cmocka_unit_test(a_ring_with_one_damaged_key_is_asked_for),
        cmocka_unit_test(what_was_written_down_and_not_journaled_is_done_at_the_next_start),
        cmocka_unit_test(a_ledger_that_was_changed_shows),
        cmocka_unit_test(every_key_that_was_destroyed_without_an_erasure_gets_one),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
