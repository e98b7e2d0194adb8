/* The programs' own descriptions of their services are taken where they hand them over. */
#include "storm/stage.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/crypto.h"
#include "base/files.h"
#include "base/log.h"
#include "bus/bus.h"
#include "bus/peer.h"
#include "core/error.h"
#include "fold/kinds.h"
#include "fold/quarantine.h"
#include "programs_list.h"
#include "service/node.h"
#include "service/running.h"
#include "service/service.h"
#include "service/talk.h"
#include "service/threads.h"
#include "service/verify.h"
#include "service/writer.h"
#include "sim/world.h"
#include "store/state.h"
#include "store/store.h"
#include "store/table.h"
#include "storm/rehearsal.h"

enum { KNOWN = 48, TIMEOUT_MS = 1000000000, TRIES = 8, CATCH_UP = 4000 };
enum { GATEWAY, OPERATOR, PEERS };

struct node {
    const struct service *service;
    struct running *running;
    struct writer *writer;
    struct reading *reader;
    struct lookups *lookups;
    struct peer *peers[PEERS];
    struct txn *txn; /* being looked at */
};

/* The last of those that came into a state; some have left it since. */
struct known {
    size_t count;
    struct id at[KNOWN];
};

static struct {
    char directory[32];
    struct files *files;
    struct bus *bus;
    struct node nodes[SERVICES_MAX];
    size_t node_count, player_count;
    struct player players[STAGE_AGGREGATES_MAX];
    struct known known[STAGE_AGGREGATES_MAX][STAGE_STATES_MAX];
    struct error logged; /* the first that was, as an error; code NULL: none */
} stage;

/* What is flushed is flushed: here is no power that could go. */
int fdatasync(int fd)
{
    (void)fd;
    return 0;
}

/* What a service logs as an error it could not refuse: an event or a deadline of its own that was not taken. */

void __real_log_failure(enum log_level level, const char *event, const struct error *err);
void __wrap_log_failure(enum log_level level, const char *event, const struct error *err);

void __wrap_log_failure(enum log_level level, const char *event, const struct error *err)
{
    if (level == LOG_ERROR && stage.logged.code == NULL)
        error_set(&stage.logged, ERROR_BROKEN, event, "%s: %s", err->code, err->text);
    __real_log_failure(level, event, err);
}

/* Who takes part. */

int __wrap_service_main(const struct service *service, int argc, char **argv);

int __wrap_service_main(const struct service *service, int argc, char **argv)
{
    (void)argc;
    (void)argv;
    stage.nodes[stage.node_count++].service = service;
    return 0;
}

#define DECLARE(program)   int program(int argc, char **argv);
#define HAND_OVER(program) program(0, NULL);
EACH_PROGRAM(DECLARE)

static void add_players(unsigned service)
{
    const struct aggregate *const *at = stage.nodes[service].service->aggregates;

    for (; *at != NULL; at++) {
        const struct contract *contract = (*at)->contract;
        struct player *player = &stage.players[stage.player_count++];

        if (stage.player_count > STAGE_AGGREGATES_MAX) bug("too many aggregates");
        *player = (struct player){.service = service, .aggregate = *at};
        if (contract->record_count > 0)
            player->state = field_find(contract->records[0].row, "state");
    }
}

size_t stage_count(void)
{
    return stage.player_count;
}

const struct player *stage_player(size_t place)
{
    return &stage.players[place];
}

size_t stage_find(const char *name, size_t size)
{
    size_t i = 0;

    while (i < stage.player_count &&
           (strncmp(stage.players[i].aggregate->contract->name, name, size) != 0 ||
            stage.players[i].aggregate->contract->name[size] != '\0'))
        i++;
    return i;
}

/* Opening and closing. */

static void open_node(struct node *node)
{
    struct error err;

    node->running = node_create(node->service, stage.files, VAULT_GROWS_AT_ONCE);
    if (!node_open(node->running, &err)) bug("%s: %s", node->service->name, err.text);
    if ((node->writer = writer_open(node->running, &err)) == NULL) bug("%s", err.text);
    node->reader = reader_open(node->running);
    node->lookups = lookups_open(node->running);
}

static void close_node(struct node *node)
{
    writer_close(node->writer);
    reader_close(node->reader);
    lookups_close(node->lookups);
    node_close(node->running, true);
}

static void dial(struct node *node)
{
    static const char *const names[] = {"gateway", "operator.storm"};
    struct error err;

    for (unsigned i = 0; i < PEERS; i++)
        if ((node->peers[i] = peer_open(stage.bus, node->service->name, names[i], &err)) == NULL)
            bug("%s", err.text);
}

void stage_open(void)
{
    struct error err;

    memset(&stage, 0, sizeof stage);
    setenv("FADDER_LOG", "error", 1);
    setenv("FADDER_DISK_MIN", "0", 1);
    if (!log_start("storm", &err)) bug("%s", err.text);
    crypto_start();
    world_calm(true);
    strcpy(stage.directory, "/tmp/fadder-XXXXXX");
    if (mkdtemp(stage.directory) == NULL) bug("no directory");
    if ((stage.files = files_open(stage.directory, &err)) == NULL) bug("%s", err.text);
    if ((stage.bus = bus_open(stage.directory, &err)) == NULL) bug("%s", err.text);
    EACH_PROGRAM(HAND_OVER)
    for (unsigned i = 0; i < stage.node_count; i++) {
        add_players(i);
        open_node(&stage.nodes[i]);
        dial(&stage.nodes[i]);
    }
}

bool stage_verify(void)
{
    bool is_fold = true;

    for (unsigned i = 0; i < stage.node_count; i++)
        close_node(&stage.nodes[i]);
    for (unsigned i = 0; i < stage.node_count && is_fold; i++)
        is_fold = verify_run(stage.nodes[i].service, stage.files, NULL) == 0;
    for (unsigned i = 0; i < stage.node_count; i++)
        open_node(&stage.nodes[i]);
    return is_fold;
}

void stage_close(void)
{
    for (unsigned i = 0; i < stage.node_count; i++) {
        for (unsigned n = 0; n < PEERS; n++)
            peer_close(stage.nodes[i].peers[n]);
        close_node(&stage.nodes[i]);
    }
    bus_close(stage.bus);
    files_close(stage.files);
    talk_remove(stage.directory);
}

/* Saying. */

void stage_say(unsigned service, const struct bus_command *command,
               void (*hear)(void *cookie, const struct reply *reply), void *cookie)
{
    const bool is_ours = command->role == ACTOR_ROLE_SYS;
    struct peer *peer = stage.nodes[service].peers[is_ours ? OPERATOR : GATEWAY];
    struct error err;

    if (!peer_command(peer, command, clock_steady_ms(), TIMEOUT_MS, hear, cookie, &err))
        bug("%s", err.text);
}

bool stage_rehearse(unsigned service, const struct bus_command *command, struct error *err)
{
    return rehearse(stage.nodes[service].running, stage.nodes[service].txn, command, err);
}

bool stage_turn(struct error *err)
{
    for (unsigned i = 0; i < stage.node_count; i++) {
        struct node *node = &stage.nodes[i];

        for (unsigned n = 0; n < PEERS; n++)
            peer_flush(node->peers[n]);
        if (!writer_turn(node->writer, err)) return false;
        reader_turn(node->reader);
        lookups_turn(node->lookups);
        for (unsigned n = 0; n < PEERS; n++)
            peer_turn(node->peers[n], clock_steady_ms());
    }
    return true;
}

bool stage_is_quiet(void)
{
    size_t waiting = 0;

    for (unsigned i = 0; i < stage.node_count; i++)
        for (unsigned n = 0; n < PEERS; n++)
            waiting += peer_waiting(stage.nodes[i].peers[n]);
    return waiting == 0;
}

/* Whether all is well. */

static bool note_first(void *cookie, const struct journal_set_aside *entry)
{
    struct error *err = cookie;

    error_set(err, ERROR_BROKEN, "set_aside", "%s is set aside", entry->what);
    return false;
}

static bool has_nothing_aside(const struct node *node, struct error *err)
{
    struct error found = {0};
    struct txn *txn = txn_begin_read(node->running->state, err);
    const bool is_ok = txn != NULL && quarantine_scan(txn, NULL, note_first, &found, err);

    txn_abort(txn);
    if (is_ok && found.code != NULL) *err = found;
    return is_ok && found.code == NULL;
}

static bool does_follow(const struct node *node, bool *is_behind, struct error *err)
{
    for (size_t i = 0; i < node->writer->source_count; i++) {
        const struct source *source = node->writer->sources[i];
        const char *why = source_trouble(source);
        int64_t behind = 0;

        if (why != NULL)
            return error_set(err, ERROR_BROKEN, why, "%s follows %s no further",
                             node->service->name, source_service(source));
        if (!source_is_heard(source, clock_steady_ms(), &behind) || behind > 0)
            *is_behind = !error_set(err, ERROR_BROKEN, "behind", "%s has not caught up with %s",
                                    node->service->name, source_service(source));
    }
    return true;
}

static bool has_caught_up(struct error *err)
{
    bool is_behind = true;

    for (int turns = 0; is_behind && turns < CATCH_UP; turns++) {
        if (!stage_turn(err)) return false;
        is_behind = false;
        for (unsigned i = 0; i < stage.node_count; i++)
            if (!does_follow(&stage.nodes[i], &is_behind, err)) return false;
    }
    return !is_behind;
}

bool stage_is_well(struct error *err)
{
    if (!has_caught_up(err)) return false;
    for (unsigned i = 0; i < stage.node_count; i++)
        if (!has_nothing_aside(&stage.nodes[i], err)) return false;
    if (stage.logged.code != NULL) *err = stage.logged;
    return stage.logged.code == NULL;
}

/* What there is. */

unsigned stage_state(size_t place, const void *row)
{
    const struct field *state = stage.players[place].state;
    unsigned word = 0;

    if (state != NULL) memcpy(&word, (const char *)row + state->offset, sizeof word);
    return word;
}

static void learn(size_t place, unsigned state, struct id id)
{
    struct known *known = &stage.known[place][state];

    for (size_t i = 0; i < known->count; i++)
        if (id_equal(known->at[i], id)) return;
    if (known->count < KNOWN)
        known->at[known->count++] = id;
    else
        known->at[world_dice(KNOWN)] = id;
}

static void forget(size_t place, unsigned state, struct id id)
{
    struct known *known = &stage.known[place][state];

    for (size_t i = 0; i < known->count; i++)
        if (id_equal(known->at[i], id)) known->at[i] = known->at[--known->count];
}

bool __real_table_save(struct txn *txn, const struct table *table, struct id key, const void *was,
                       const void *row, struct error *err);
bool __wrap_table_save(struct txn *txn, const struct table *table, struct id key, const void *was,
                       const void *row, struct error *err);

bool __wrap_table_save(struct txn *txn, const struct table *table, struct id key, const void *was,
                       const void *row, struct error *err)
{
    for (size_t i = 0; i < stage.player_count; i++) {
        if (stage.players[i].aggregate->table != table) continue;
        if (was != NULL) forget(i, stage_state(i, was), key);
        if (row != NULL) learn(i, stage_state(i, row), key);
    }
    return __real_table_save(txn, table, key, was, row, err);
}

void stage_look(void)
{
    struct error err;

    for (unsigned i = 0; i < stage.node_count; i++)
        if ((stage.nodes[i].txn = txn_begin_read(stage.nodes[i].running->state, &err)) == NULL)
            bug("%s", err.text);
}

void stage_look_away(void)
{
    for (unsigned i = 0; i < stage.node_count; i++)
        txn_abort(stage.nodes[i].txn);
}

size_t stage_known(size_t place, unsigned state)
{
    return stage.known[place][state].count;
}

bool stage_is(size_t place, unsigned state, struct id id, void *row)
{
    const struct player *player = &stage.players[place];
    struct txn *txn = stage.nodes[player->service].txn;
    const struct table *table = player->aggregate->table;
    struct error err;

    if (!table_get(txn, table, id, row, &err)) bug("%s", err.text);
    for (size_t i = 0; i < table->row->size; i++)
        if (((const char *)row)[i] != 0) return stage_state(place, row) == state;
    return false;
}

/* Who has left the state is forgotten there. */
bool stage_pick(size_t place, unsigned state, struct id *id, void *row)
{
    struct known *known = &stage.known[place][state];

    for (int tries = 0; tries < TRIES && known->count > 0; tries++) {
        const size_t which = world_dice((uint32_t)known->count);

        *id = known->at[which];
        if (stage_is(place, state, *id, row)) return true;
        known->at[which] = known->at[--known->count];
    }
    return false;
}
