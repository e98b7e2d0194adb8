/* Requests on their way, in a table by id. What gathers is sent as one message for each of the
 * doors; an answer is matched by id, and what is overdue is given up once every LOOK_MS. */
#include "bus/peer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/crypto.h"
#include "base/random.h"
#include "core/descriptor.h"
#include "core/pack.h"
#include "core/text.h"

enum {
    SLOTS = 2 * PEER_WAITING_MAX,
    GATHER_FRAMES = 256, /* in one message */
    GATHER_BYTES = 256 * 1024,
    MESSAGE_STALE_MS = 500, /* an unanswered message blocks the next so long */
    REQUEST_MAX = 16384,    /* bytes packed */
};

/* A question that waits for its answer, in an open-addressed table by id. */
struct request {
    struct id id;
    int64_t deadline_ms;
    peer_answer *answer; /* NULL: the slot is free */
    void *cookie;
    uint8_t line, message; /* what it travelled with; message 0: not yet sent */
    uint8_t frames;        /* of each row that is asked for */
    int64_t at_least;      /* the batch that was asked for */
};

/* One direction: its socket, what gathers, and the messages under way. */
struct line {
    struct socket *socket;
    size_t frame_count, used;
    struct frame frames[GATHER_FRAMES];
    struct id ids[GATHER_FRAMES]; /* of the requests in frames */
    size_t queued, room;          /* requests behind the full message: packed one after the other */
    uint8_t *bytes;
    struct {
        size_t waiting; /* requests of it without an answer */
        int64_t sent_ms;
    } messages[PEER_MESSAGES + 1];
};

struct peer {
    struct line lines[PEER_DOORS];
    size_t waiting;
    int64_t now_ms, looked_ms; /* looked: for what is overdue */
    struct id next;            /* of a query */
    int64_t last_batch; /* that something of ours was accepted with: queries read at least that */
    struct request slots[SLOTS];
    /* What is being read, within peer_turn. */
    struct message *message; /* NULL: it was kept */
    struct reply reply;
    struct bus_opened opened;
    struct bus_refused refused;
};

enum { COMMANDS, READS, LOOKUPS };

enum {
    LOOK_MS = 100,             /* from one look for what is overdue to the next */
    PATIENCE_MAX_MS = 3600000, /* that a query says */
};

void service_endpoint(const char *service, const char *door, char endpoint[128])
{
    char variable[96], *at = variable;
    const char *set;

    snprintf(variable, sizeof variable, "FADDER_ENDPOINT_%s_%s", service, door);
    for (; *at != '\0'; at++)
        if (*at == '-')
            *at = '_';
        else if (*at >= 'a' && *at <= 'z')
            *at = (char)(*at - 'a' + 'A');
    if ((set = getenv(variable)) != NULL && strlen(set) < 128)
        text_copy(endpoint, 128, set);
    else
        snprintf(endpoint, 128, "ipc://run/%s.%s", service, door);
}

void worker_endpoint(const char *service, const char *door, char endpoint[128])
{
    snprintf(endpoint, 128, "inproc://%s.%s", service, door);
}

static struct peer *open_at(struct bus *bus, const char *service, const char *name,
                            void (*where)(const char *, const char *, char[128]), struct error *err)
{
    static const char *const doors[PEER_DOORS] = {"commands", "reads", "lookups"};
    struct peer *peer = calloc(1, sizeof *peer);
    char endpoint[128];

    if (peer == NULL) bug("out of memory");
    random_bytes(&peer->next, sizeof peer->next);
    for (int i = 0; i < PEER_DOORS; i++) {
        where(service, doors[i], endpoint);
        if ((peer->lines[i].socket = bus_dial(bus, service, endpoint, name, err)) != NULL) continue;
        peer_close(peer);
        return NULL;
    }
    return peer;
}

struct peer *peer_open(struct bus *bus, const char *service, const char *name, struct error *err)
{
    return open_at(bus, service, name, service_endpoint, err);
}

struct peer *peer_open_within(struct bus *bus, const char *service, struct error *err)
{
    return open_at(bus, service, BUS_WORKER, worker_endpoint, err);
}

/* The table of requests. Ids are random, or made from hashes: their first bytes spread well enough
 * with a multiplication on top. */

static size_t home(struct id id)
{
    uint64_t a, b;

    memcpy(&a, id.bytes, 8);
    memcpy(&b, id.bytes + 8, 8);
    return (size_t)(((a ^ b) * UINT64_C(0x9E3779B97F4A7C15)) >> 32) % SLOTS;
}

static struct request *find(struct peer *peer, struct id id)
{
    for (size_t i = home(id);; i = (i + 1) % SLOTS) {
        if (peer->slots[i].answer == NULL) return NULL;
        if (id_equal(peer->slots[i].id, id)) return &peer->slots[i];
    }
}

static struct request *add(struct peer *peer, struct id id)
{
    size_t i = home(id);

    while (peer->slots[i].answer != NULL)
        i = (i + 1) % SLOTS;
    peer->waiting++;
    return &peer->slots[i];
}

/* Close the gap, so that no search ends early: Knuth 6.4, algorithm R. */
static void drop(struct peer *peer, struct request *request)
{
    size_t hole = (size_t)(request - peer->slots);
    struct line *line = &peer->lines[request->line];

    if (request->message != 0) line->messages[request->message].waiting--;
    peer->waiting--;
    for (size_t i = (hole + 1) % SLOTS; peer->slots[i].answer != NULL; i = (i + 1) % SLOTS) {
        const size_t want = home(peer->slots[i].id);

        if ((hole < i && hole < want && want <= i) || (hole > i && (hole < want || want <= i)))
            continue;
        peer->slots[hole] = peer->slots[i];
        hole = i;
    }
    peer->slots[hole].answer = NULL;
}

static void finish(struct peer *peer, struct request *request, const struct reply *reply)
{
    peer_answer *answer = request->answer;
    void *cookie = request->cookie;

    drop(peer, request);
    answer(cookie, reply);
}

static void give_up(struct peer *peer, struct request *request)
{
    struct reply reply = {0};

    error_set(&reply.error, ERROR_BUSY, "away", "The service does not answer; ask again later.");
    finish(peer, request, &reply);
}

void peer_close(struct peer *peer)
{
    if (peer == NULL) return;
    for (size_t i = 0; i < SLOTS; i++)
        while (peer->slots[i].answer != NULL)
            give_up(peer, &peer->slots[i]);
    for (int i = 0; i < PEER_DOORS; i++) {
        socket_close(peer->lines[i].socket);
        free(peer->lines[i].bytes);
    }
    free(peer);
}

/* Out. Requests are packed behind one another in bytes, each after its size; frames point there. */

static bool gather(struct peer *peer, const struct request *request, char letter,
                   const struct descriptor *descriptor, const void *value, struct error *err)
{
    struct line *line = &peer->lines[request->line];
    uint8_t packed[REQUEST_MAX];
    size_t size = sizeof packed - 1;
    uint32_t whole;

    if (peer->waiting == PEER_WAITING_MAX)
        return error_set(err, ERROR_BUSY, "too_many", "Too much is waiting; ask again later.");
    if (find(peer, request->id) != NULL)
        return error_set(err, ERROR_BUSY, "in_progress", "The same request is being handled.");
    packed[0] = (uint8_t)letter;
    if (!pack(descriptor, value, packed + 1, &size, err)) return false;
    whole = (uint32_t)size + 1;
    if (line->used + sizeof whole + whole > line->room) {
        line->room = 2 * line->room + sizeof whole + whole;
        if ((line->bytes = realloc(line->bytes, line->room)) == NULL) bug("out of memory");
    }
    memcpy(line->bytes + line->used, &whole, sizeof whole);
    memcpy(line->bytes + line->used + sizeof whole, packed, whole);
    line->used += sizeof whole + whole;
    *add(peer, request->id) = *request;
    line->queued++;
    return true;
}

bool peer_command(struct peer *peer, const struct bus_command *command, int64_t now_ms,
                  int64_t timeout_ms, peer_answer *answer, void *cookie, struct error *err)
{
    const struct request request = {
        command->id, now_ms + timeout_ms, answer, cookie, COMMANDS, 0, 1, 0};

    peer->now_ms = now_ms;
    return gather(peer, &request, 'C', &bus_command_descriptor, command, err);
}

bool peer_is_lookup(const struct bus_query *query)
{
    return query->has_key || strcmp(query->record, "runtime.knock") == 0 ||
           (query->role == ACTOR_ROLE_SYS && query->has_filter && query->limit == 1);
}

void peer_own_command(struct bus_command *command, struct id id, const struct descriptor *type,
                      const void *body)
{
    struct error err;
    size_t size = sizeof command->body.at;

    memset(command, 0, offsetof(struct bus_command, body)); /* which is the last of it */
    command->id = id;
    text_copy(command->type, sizeof command->type, type->name);
    command->role = ACTOR_ROLE_SYS;
    if (!pack(type, body, command->body.at, &size, &err)) bug("%s: %s", type->name, err.text);
    command->body.size = (uint32_t)size;
    command->print.size = sizeof command->print.at;
    crypto_fingerprint(NULL, 0, command->body.at, size, command->print.at);
}

bool peer_query(struct peer *peer, struct bus_query *query, int64_t now_ms, int64_t timeout_ms,
                peer_answer *answer, void *cookie, struct error *err)
{
    struct request request = {
        {{0}}, now_ms + timeout_ms, answer, cookie, peer_is_lookup(query) ? LOOKUPS : READS,
        0,     query->open ? 2 : 1, 0};

    peer->now_ms = now_ms;
    for (size_t i = 16; i-- > 0 && ++peer->next.bytes[i] == 0;)
        ;
    query->id = request.id = peer->next;
    if (query->at_least < peer->last_batch) query->at_least = peer->last_batch;
    request.at_least = query->at_least;
    query->has_patience = true;
    query->patience = timeout_ms < PATIENCE_MAX_MS ? timeout_ms : PATIENCE_MAX_MS;
    return gather(peer, &request, 'Q', &bus_query_descriptor, query, err);
}

/* A message that may travel now, or 0: those under way are enough. */
static uint8_t free_message(const struct line *line, int64_t now_ms)
{
    for (uint8_t i = 1; i <= PEER_MESSAGES; i++)
        if (line->messages[i].waiting == 0) return i;
    for (uint8_t i = 1; i <= PEER_MESSAGES; i++)
        if (now_ms - line->messages[i].sent_ms > MESSAGE_STALE_MS) return i;
    return 0;
}

/* Every request's id stands right behind the map's head and the key "id" (bus.json names it first):
 * letter, fixmap or map 16, a2 'i' 'd', c4 10, sixteen bytes. */
static struct id id_of(const uint8_t *packed)
{
    struct id id;

    memcpy(id.bytes, packed + (packed[1] == 0xDE ? 9 : 7), sizeof id.bytes);
    return id;
}

static bool send_some(struct peer *peer, struct line *line)
{
    /* commands gather while enough of them are under way; whoever reads does not wait for others */
    const uint8_t message =
        line != &peer->lines[COMMANDS] ? PEER_MESSAGES : free_message(line, peer->now_ms);
    size_t at = 0, count = 0, sent = 0;

    if (message == 0 || line->queued == 0) return false;
    while (count < GATHER_FRAMES && count < line->queued && at < GATHER_BYTES) {
        uint32_t whole;

        memcpy(&whole, line->bytes + at, sizeof whole);
        line->frames[count] = (struct frame){line->bytes + at + sizeof whole, whole};
        line->ids[count++] = id_of(line->bytes + at + sizeof whole);
        at += sizeof whole + whole;
    }
    if (!socket_send(line->socket, NULL, line->frames, count)) return false;

    for (size_t i = 0; i < count; i++) {
        struct request *request = find(peer, line->ids[i]);

        if (request == NULL) continue; /* given up while it gathered; its answer finds nobody */
        request->message = message;
        sent++;
    }
    line->messages[message].waiting += sent;
    line->messages[message].sent_ms = peer->now_ms;
    memmove(line->bytes, line->bytes + at, line->used - at);
    line->used -= at;
    line->queued -= count;
    return true;
}

void peer_flush(struct peer *peer)
{
    for (int i = 0; i < PEER_DOORS; i++)
        while (send_some(peer, &peer->lines[i]))
            ;
}

/* In. */

static bool read_frame(struct frame frame, const struct descriptor *descriptor, void *value)
{
    struct error err;

    return frame.size > 1 &&
           unpack(descriptor, (const uint8_t *)frame.at + 1, frame.size - 1, value, &err);
}

static char letter(const struct message *message, size_t i)
{
    const struct frame frame =
        i < message_count(message) ? message_frame(message, i) : (struct frame){NULL, 0};

    return frame.size == 0 ? '\0' : *(const char *)frame.at;
}

static void read_refused(struct frame frame, struct bus_refused *refused, struct reply *reply,
                         struct id *id)
{
    if (!read_frame(frame, &bus_refused_descriptor, refused)) return;
    *id = refused->id;
    error_set(&reply->error, (enum error_kind)refused->kind, "", "%s", refused->text);
    text_copy(reply->error.code_text, sizeof reply->error.code_text, refused->code);
    reply->error.code = reply->error.code_text;
    reply->error.is_withheld = refused->has_withheld && refused->withheld;
    for (uint32_t i = 0; i < refused->faults.count; i++)
        error_add_fault(&reply->error, refused->faults.at[i].field, refused->faults.at[i].what);
}

/* One answer, which may take several frames; how many. */
static size_t take(struct peer *peer, const struct message *message, size_t i, size_t *answers)
{
    struct reply *reply = &peer->reply;
    struct frame rows[FRAMES_MAX];
    struct request *request;
    struct id id = {{0}};
    size_t used = 1;

    reply->is_accepted = reply->is_page = false;
    reply->opened = (struct frame){NULL, 0};
    reply->rows = NULL;
    reply->error.kind = ERROR_NONE;
    if (letter(message, i) == 'A') {
        reply->is_accepted =
            read_frame(message_frame(message, i), &bus_accepted_descriptor, &reply->accepted);
        id = reply->accepted.id;
        if (reply->is_accepted && reply->accepted.batch > peer->last_batch)
            peer->last_batch = reply->accepted.batch;
        if (letter(message, i + 1) == 'O') {
            used = 2;
            if (read_frame(message_frame(message, i + 1), &bus_opened_descriptor, &peer->opened))
                reply->opened = (struct frame){peer->opened.body.at, peer->opened.body.size};
        }
    } else if (letter(message, i) == 'P') {
        reply->is_page = read_frame(message_frame(message, i), &bus_page_descriptor, &reply->page);
        id = reply->page.id;
        for (size_t n = i + 1; n < message_count(message); n++)
            rows[n - i - 1] = message_frame(message, n);
        used = message_count(message) - i;
        reply->rows = rows;
        request = find(peer, id);
        if (request != NULL && (uint64_t)reply->page.count > (used - 1) / request->frames)
            reply->is_page = false; /* it is answered when its time is over */
        if (request != NULL && reply->page.batch < request->at_least)
            peer->last_batch = reply->page.batch; /* restored: wait no more for what is gone */
    } else if (letter(message, i) == 'R') {
        read_refused(message_frame(message, i), &peer->refused, reply, &id);
    }
    if (!reply->is_accepted && !reply->is_page && reply->error.kind == ERROR_NONE) return used;
    if ((request = find(peer, id)) != NULL) {
        finish(peer, request, reply);
        (*answers)++;
    }
    if (reply->opened.size > 0) memset(&peer->opened, 0, sizeof peer->opened); /* it was personal */
    return used;
}

static size_t give_up_overdue(struct peer *peer)
{
    size_t count = 0;

    for (size_t i = 0; i < SLOTS && peer->waiting > 0; i++) {
        while (peer->slots[i].answer != NULL && peer->slots[i].deadline_ms <= peer->now_ms) {
            give_up(peer, &peer->slots[i]);
            count++;
        }
    }
    return count;
}

size_t peer_turn(struct peer *peer, int64_t now_ms)
{
    size_t answers = 0;

    peer->now_ms = now_ms;
    for (int line = 0; line < PEER_DOORS; line++) {
        struct message *message;

        while ((message = socket_receive(peer->lines[line].socket)) != NULL) {
            peer->message = message;
            for (size_t i = 0; peer->message != NULL && i < message_count(message);)
                i += take(peer, message, i, &answers);
            message_destroy(peer->message);
        }
    }
    if (now_ms - peer->looked_ms < LOOK_MS) return answers;
    peer->looked_ms = now_ms;
    return answers + give_up_overdue(peer);
}

struct message *peer_keep(struct peer *peer)
{
    struct message *kept = peer->message;

    if (kept == NULL || !peer->reply.is_page) bug("peer: there is no page to keep");
    peer->message = NULL;
    return kept;
}

size_t peer_waiting(const struct peer *peer)
{
    return peer->waiting;
}

void peer_sockets(struct peer *peer, struct socket *sockets[PEER_DOORS])
{
    for (int i = 0; i < PEER_DOORS; i++)
        sockets[i] = peer->lines[i].socket;
}
