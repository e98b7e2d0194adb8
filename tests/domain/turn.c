/* A node that is stepped by hand, producers that it follows, and a peer that speaks to it. */
#include "domain/turn.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/crypto.h"
#include "base/files.h"
#include "base/log.h"
#include "base/random.h"
#include "bus/bus.h"
#include "bus/peer.h"
#include "contract/journal.h"
#include "core/check.h"
#include "core/descriptor.h"
#include "core/pack.h"
#include "fold/deadlines.h"
#include "fold/kinds.h"
#include "fold/positions.h"
#include "fold/quarantine.h"
#include "journal/journal.h"
#include "service/feed.h"
#include "service/node.h"
#include "service/running.h"
#include "service/service.h"
#include "service/talk.h"
#include "service/threads.h"
#include "service/verify.h"
#include "sim/world.h"

enum { PRODUCERS_MAX = 8, DEATHS_MAX = 10, LOOKS_MAX = 10000, FIRED_MAX = 1000 };

struct turn turn;

/* A service that is followed: a journal, and somebody who answers for it. */
struct producer {
    char service[33];
    struct journal *journal;
    struct feed *feed;
    struct socket *socket;
};

static struct {
    char directory[32];
    struct files *files;
    struct service service;
    struct running *running;
    struct writer *writer;
    struct bus *bus;
    struct peer *peer;
    struct batch *batch; /* of a producer */
    struct producer producers[PRODUCERS_MAX];
    size_t producer_count;
    bool is_answered, is_accepted;
    struct error refusal;
} runtime;

/* What is flushed is flushed: a test has no power that could go. */
int fdatasync(int fd)
{
    (void)fd;
    return 0;
}

struct id turn_id(const char *what, int n)
{
    char text[32] = "";
    struct id id;

    snprintf(text, sizeof text, "%s %d", what, n);
    memcpy(id.bytes, text, sizeof id.bytes);
    return id;
}

/* The runtime. */

/* A test may have set the time. */
static void catch_up(void)
{
    const int64_t late_ms = turn.now.ms - world_now_ms();

    if (late_ms < 0) fail_msg("time does not go back");
    world_pass(late_ms);
}

static void serve(struct producer *producer)
{
    static uint8_t letter[FEED_LETTER_MAX];
    static char peer[PEER_NAME_MAX + 1];
    struct message *message;
    struct error err;
    size_t size;

    while ((message = socket_receive(producer->socket)) != NULL) {
        const struct frame frame = message_frame(message, 0);
        const char *at = frame.at;
        struct bus_pull pull;
        struct bus_credit credit;
        struct bus_diverged diverged;
        bool is_welcome;

        snprintf(peer, sizeof peer, "%s", message_peer(message));
        if (*at == 'L') {
            assert_true(unpack(&bus_pull_descriptor, at + 1, frame.size - 1, &pull, &err));
            assert_true(feed_begin(producer->feed, &pull, &is_welcome, &diverged, &err));
            assert_true(is_welcome);
        } else if (*at == 'K') {
            assert_true(unpack(&bus_credit_descriptor, at + 1, frame.size - 1, &credit, &err));
            feed_credit(producer->feed, credit.bytes);
        }
        message_destroy(message);
    }
    while (feed_has_next(producer->feed, journal_head(producer->journal).batch)) {
        assert_true(feed_next(producer->feed, letter, &size, &err));
        assert_true(size > 0 &&
                    socket_send(producer->socket, peer, &(struct frame){letter, size}, 1));
    }
}

static void open_service(void)
{
    struct error err;

    runtime.running = node_create(&runtime.service, runtime.files, VAULT_GROWS_AT_ONCE);
    if (!node_open(runtime.running, &err)) fail_msg("%s", err.text);
}

static void begin_service(void)
{
    struct error err;

    if ((runtime.writer = writer_open(runtime.running, &err)) == NULL) fail_msg("%s", err.text);
}

/* As its process would. */
static void die(void)
{
    if (++turn.deaths == DEATHS_MAX) fail_msg("it dies again and again");
    peer_turn(runtime.peer, clock_steady_ms()); /* what it has said is heard */
    writer_close(runtime.writer);
    node_close(runtime.running, false);
    open_service();
    begin_service();
}

static void step(void)
{
    struct error err;

    for (size_t i = 0; i < runtime.producer_count; i++)
        serve(&runtime.producers[i]);
    if (!writer_turn(runtime.writer, &err)) die();
}

static void add_producer(const char *service)
{
    struct producer *producer = &runtime.producers[runtime.producer_count++];
    char name[64], path[FILES_PATH_MAX], endpoint[128];
    struct error err;

    assert_true(runtime.producer_count <= PRODUCERS_MAX);
    snprintf(producer->service, sizeof producer->service, "%s", service);
    snprintf(name, sizeof name, "of-%s", service);
    files_path(runtime.files, name, path);
    producer->journal = journal_open(path, producer->service, clock_now_ms(), &err);
    assert_non_null(producer->journal);
    producer->feed = feed_create(producer->journal, producer->service);
    service_endpoint(service, "reads", endpoint);
    assert_non_null(producer->socket = bus_serve(runtime.bus, service, endpoint, &err));
}

static struct producer *producer_of(const char *service)
{
    for (size_t i = 0; i < runtime.producer_count; i++)
        if (strcmp(runtime.producers[i].service, service) == 0) return &runtime.producers[i];
    return NULL;
}

void turn_open(const struct aggregate *const *aggregates, const char *service)
{
    struct error err;

    memset(&turn, 0, sizeof turn);
    memset(&runtime, 0, sizeof runtime);
    setenv("FADDER_LOG", "error", 1);
    setenv("FADDER_DISK_MIN", "0", 1);
    crypto_start();
    world_begin(1);
    world_calm(true);
    strcpy(runtime.directory, "/tmp/fadder-XXXXXX");
    assert_non_null(mkdtemp(runtime.directory));
    assert_non_null(runtime.files = files_open(runtime.directory, &err));
    runtime.service =
        (struct service){.name = service, .fold_id = "turn", .aggregates = aggregates};
    open_service();
    assert_non_null(runtime.bus = bus_open(runtime.directory, &err));
    for (size_t i = 0; i < runtime.running->kinds->count; i++) {
        const struct kind *kind = &runtime.running->kinds->at[i];

        if (kind->subscriber_count > 0 && kind->owner == NULL && producer_of(kind->service) == NULL)
            add_producer(kind->service);
    }
    begin_service();
    assert_non_null(runtime.peer = peer_open(runtime.bus, service, "operator.turn", &err));
    runtime.batch = batch_create();
    turn.now.ms = world_now_ms();
    turn.programme = turn_id("programme", 1);
    turn.country = COUNTRY_NO;
}

void turn_close(void)
{
    peer_close(runtime.peer);
    writer_close(runtime.writer);
    node_close(runtime.running, true);
    for (size_t i = 0; i < runtime.producer_count; i++) {
        struct producer *producer = &runtime.producers[i];

        socket_close(producer->socket);
        feed_destroy(producer->feed);
        journal_close(producer->journal);
    }
    bus_close(runtime.bus);
    batch_destroy(runtime.batch);
    assert_int_equal(verify_run(&runtime.service, runtime.files, NULL), 0);
    files_close(runtime.files);
    talk_remove(runtime.directory);
}

/* Looking. */

void turn_begin(void)
{
    struct error err;

    assert_non_null(turn.txn = txn_begin_read(runtime.running->state, &err));
}

void turn_end(void)
{
    txn_abort(turn.txn);
    turn.txn = NULL;
}

void turn_get(const struct table *table, struct id id, void *row)
{
    struct error err;

    turn_begin();
    assert_true(table_get(turn.txn, table, id, row, &err));
    turn_end();
}

/* In the batches of the service's journal since. */

static int count_fired(const struct journal_header *header)
{
    return (int)header->fired.count;
}

static int count_events(const struct journal_header *header)
{
    return (int)header->events;
}

static int count_since(uint64_t before, int (*count)(const struct journal_header *header))
{
    struct journal *journal = runtime.running->journal;
    struct journal_header *header = malloc(sizeof *header);
    struct error err;
    struct txn *txn = journal_begin_read(journal, &err);
    int sum = 0;

    assert_true(header != NULL && txn != NULL);
    for (uint64_t number = before + 1; number <= journal_head(journal).batch; number++) {
        struct batch_view view;

        assert_true(journal_batch(txn, number, &view, &err));
        assert_true(
            unpack(&journal_header_descriptor, view.header.at, view.header.size, header, &err));
        sum += count(header);
    }
    txn_abort(txn);
    free(header);
    return sum;
}

static bool is_some(struct id id)
{
    return !id_equal(id, (struct id){{0}});
}

/* Saying. */

static void hear(void *cookie, const struct reply *reply)
{
    (void)cookie;
    runtime.is_answered = true;
    runtime.is_accepted = reply->is_accepted;
    if (reply->is_accepted)
        turn.said = reply->accepted.aggregate;
    else
        runtime.refusal = reply->error;
}

/* What a test leaves out, as it is beside the point, and the schema will have: the least that keeps to its limits. */

static void complete(const struct descriptor *descriptor, char *value);

static void complete_text(const struct field *field, char *text)
{
    static const char letters[] = "x1A";

    for (const char *letter = letters; check_text(field, text, strlen(text)) != NULL; letter++) {
        if (*letter == '\0') fail_msg("%s: %s", field->name, text);
        memset(text, *letter, (size_t)field->min);
        text[field->min] = '\0';
    }
}

static void complete_field(const struct field *field, char *at)
{
    int64_t *number = (int64_t *)(void *)at;
    uint32_t *count = (uint32_t *)(void *)at;

    switch (field->type) {
    case FIELD_TEXT: complete_text(field, at); return;
    case FIELD_INSTANT:
    case FIELD_DATE:
    case FIELD_INT:
        if (check_number(field, *number) != NULL) *number = field->min;
        return;
    case FIELD_PARTIAL_DATE: return; /* nought is a day */
    case FIELD_BYTES:
        if (check_count(field, *count) != NULL) *count = (uint32_t)field->min;
        return;
    case FIELD_OBJECT: complete(field->object, at); return;
    case FIELD_LIST:
        if (check_count(field, *count) != NULL) *count = (uint32_t)field->min;
        for (uint32_t i = 0; i < *count; i++)
            complete_field(field->item, at + field->first + i * field->stride);
        return;
    case FIELD_ID:
    case FIELD_WORD:
    case FIELD_BOOL: return;
    }
}

static void complete(const struct descriptor *descriptor, char *value)
{
    for (size_t i = 0; i < descriptor->count; i++) {
        const struct field *field = &descriptor->fields[i];

        if (field->present == NO_FLAG || value[field->present] != 0)
            complete_field(field, value + field->offset);
    }
}

static void pack_body(const struct descriptor *descriptor, const void *body,
                      struct bus_command *command)
{
    char *value = calloc(1, descriptor->size + 1);
    size_t size = sizeof command->body.at;
    struct error err;

    assert_non_null(value);
    if (body != NULL) memcpy(value, body, descriptor->size);
    complete(descriptor, value);
    if (!pack(descriptor, value, command->body.at, &size, &err)) fail_msg("%s", err.text);
    command->body.size = (uint32_t)size;
    free(value);
}

static void ask(const struct bus_command *command)
{
    struct error err;

    runtime.is_answered = false;
    assert_true(peer_command(runtime.peer, command, clock_steady_ms(), 1000, hear, NULL, &err));
    peer_flush(runtime.peer);
    step();
    peer_turn(runtime.peer, clock_steady_ms());
    assert_true(runtime.is_answered);
}

static struct bus_command command_of(const struct aggregate *aggregate, unsigned command,
                                     struct actor actor, struct id id, const void *body)
{
    const struct command *what = &aggregate->contract->commands[command];
    struct bus_command said;

    catch_up();
    said = (struct bus_command){.id = random_id(clock_now_ms()),
                                .print = {.size = 16},
                                .role = role_word(actor.role),
                                .has_actor = true,
                                .actor = actor.id,
                                .has_credential = is_some(turn.credential),
                                .credential = turn.credential,
                                .has_organisation = true,
                                .organisation = actor.organisation,
                                .has_cleared = true,
                                .cleared = !turn.is_uncleared,
                                .has_programme = is_some(turn.programme),
                                .programme = turn.programme,
                                .has_country = is_some(turn.programme),
                                .country = turn.country,
                                .has_aggregate = !what->is_creation,
                                .aggregate = id,
                                .version = what->is_creation ? 0 : VERSION_ANY};
    snprintf(said.type, sizeof said.type, "%s", what->body->name);
    pack_body(what->body, body, &said);
    return said;
}

static const struct field *known_by(const struct aggregate *aggregate)
{
    const struct record *record = &aggregate->contract->records[0];

    for (size_t i = 0; i < record->reader_count; i++)
        if (record->readers[i].is == READER_KNOWN) return record->readers[i].field;
    fail_msg("%s: nobody is known", record->row->name);
    return NULL;
}

/* The id begins every row. */
static bool leads_to(const struct whose *whose, struct id id)
{
    struct id next, *after = NULL;
    struct error err;
    bool has = true;

    for (; has; after = &next) {
        assert_true(
            index_next(turn.txn, whose->by, whose->at, whose->size, after, &next, &has, &err));
        if (has && id_equal(next, id)) return true;
    }
    return false;
}

static bool is_among(const struct aggregate *aggregate, const void *row, const struct knowing *who)
{
    const char *at = (const char *)row + known_by(aggregate)->offset;
    struct whom whom = {0};
    struct error err;

    assert_true(aggregate->whom(turn.txn, who, &whom, &err));
    assert_false(whom.is_all);
    for (uint32_t i = 0; i < whom.count; i++)
        if (whom.at[i].by == NULL ? memcmp(whom.at[i].at, at, sizeof(struct id)) == 0
                                  : leads_to(&whom.at[i], *(const struct id *)row))
            return true;
    return false;
}

bool turn_knows(const struct aggregate *aggregate, const void *row, const struct knowing *who)
{
    struct error err;
    bool knows;

    assert_true(aggregate->knows(turn.txn, row, who, &knows, &err));
    if (knows && aggregate->whom != NULL) assert_true(is_among(aggregate, row, who));
    return knows;
}

const char *turn_say(const struct aggregate *aggregate, unsigned command, struct actor actor,
                     struct id id, const void *body)
{
    const uint64_t before = journal_head(runtime.running->journal).batch;
    const struct bus_command said = command_of(aggregate, command, actor, id, body);

    ask(&said);
    turn.events = count_since(before, count_events);
    if (runtime.is_accepted) return NULL;
    if (runtime.refusal.kind == ERROR_BROKEN) fail_msg("%s: %s", said.type, runtime.refusal.text);
    return runtime.refusal.code_text;
}

static void hear_one(void *cookie, const struct reply *reply)
{
    *(int *)cookie += reply->is_accepted;
}

int turn_say_at_once(const struct aggregate *aggregate, unsigned command, struct actor actor,
                     const void *body, int count)
{
    static int accepted; /* those that are not answered hear of it in the end */
    struct error err;

    accepted = 0;
    for (int i = 0; i < count; i++) {
        const struct bus_command said =
            command_of(aggregate, command, actor, (struct id){{0}}, body);

        assert_true(
            peer_command(runtime.peer, &said, clock_steady_ms(), 1000, hear_one, &accepted, &err));
    }
    peer_flush(runtime.peer);
    step();
    peer_turn(runtime.peer, clock_steady_ms());
    return accepted;
}

/* Hearing. */

static bool is_heard(const struct producer *producer)
{
    struct journal_position position;
    struct error err;

    turn_begin();
    assert_true(state_position(turn.txn, producer->service, &position, &err));
    turn_end();
    return (uint64_t)position.batch == journal_head(producer->journal).batch;
}

void turn_happen(const char *type, struct id id, const void *body)
{
    static int64_t sequence;
    const struct kind *kind = kinds_find(runtime.running->kinds, type, strlen(type));
    struct producer *producer = producer_of(kind->service);
    struct journal_event envelope = {.id = random_id(clock_now_ms()),
                                     .schema = 1,
                                     .aggregate = id,
                                     .sequence = ++sequence,
                                     .at = {turn.now.ms + turn.ahead_ms},
                                     .role = ACTOR_ROLE_SYS,
                                     .has_programme = true,
                                     .programme = turn.programme,
                                     .has_country = true,
                                     .country = turn.country};
    struct bus_command packed;
    struct error err;

    catch_up();
    assert_non_null(producer);
    snprintf(envelope.type, sizeof envelope.type, "%s", kind->name);
    snprintf(envelope.service, sizeof envelope.service, "%s", kind->service);
    pack_body(kind->descriptor, body, &packed);
    journal_begin(producer->journal, runtime.batch, envelope.at.ms);
    if (!batch_add(runtime.batch, &envelope, packed.body.at, packed.body.size, &err))
        fail_msg("%s", err.text);
    assert_true(journal_commit(producer->journal, runtime.batch, &err));
}

void turn_hear(const char *type, struct id id, const void *body)
{
    struct producer *producer =
        producer_of(kinds_find(runtime.running->kinds, type, strlen(type))->service);

    turn_happen(type, id, body);
    for (int looks = 0; !is_heard(producer); looks++) {
        if (looks == LOOKS_MAX) fail_msg("%s is not taken in", type);
        step();
    }
}

void turn_idle(int turns)
{
    while (turns-- > 0)
        step();
}

static bool first_aside(void *cookie, const struct journal_set_aside *entry)
{
    *(struct id *)cookie = entry->id;
    return false;
}

void turn_release(struct id input)
{
    struct bus_command release = {.type = "runtime.release",
                                  .id = random_id(clock_now_ms()),
                                  .print = {.size = 16},
                                  .role = ACTOR_ROLE_SYS,
                                  .version = -1,
                                  .has_aggregate = true,
                                  .aggregate = input};
    struct error err;

    turn_begin();
    if (!is_some(input))
        assert_true(quarantine_scan(turn.txn, NULL, first_aside, &release.aggregate, &err));
    turn_end();
    release.body.size = 1;
    release.body.at[0] = 0x80;
    ask(&release);
    assert_true(runtime.is_accepted);
    step();
}

/* Waiting. */

static bool next_due(struct instant then, struct deadline *deadline)
{
    struct error err;

    turn_begin();
    assert_true(deadline_next(turn.txn, runtime.running->kinds, then.ms, deadline, &err));
    turn_end();
    return deadline->is_there;
}

int turn_until(struct instant then)
{
    const uint64_t before = journal_head(runtime.running->journal).batch;
    struct deadline deadline;

    for (int fired = 0; next_due(then, &deadline); fired++) {
        if (fired == FIRED_MAX) fail_msg("deadlines without end");
        if (deadline.due_ms > turn.now.ms) turn.now.ms = deadline.due_ms;
        catch_up();
        step();
    }
    if (then.ms > turn.now.ms) turn.now = then;
    catch_up();
    return count_since(before, count_fired);
}
