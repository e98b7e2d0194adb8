/* Questions over the bus, one at a time, asked again with the same id until they are answered or
 * the time is over. */
#include "ask/ask.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/crypto.h"
#include "base/random.h"
#include "bus/bus.h"
#include "bus/peer.h"
#include "contract/all.h"
#include "contract/journal.h"
#include "contract/programme.h"
#include "core/descriptor.h"
#include "core/error.h"
#include "core/pack.h"
#include "operator/command.h"
#include "operator/home.h"
#include "services/list.h"

enum { AGAIN_MS = 1500, PAGE_ROWS = 100, ANY_VERSION = -1 };

/* Over what we ask: a process has one bus, and one name on it. */
static struct {
    struct bus *bus;
    char name[PEER_NAME_MAX + 1];
    struct {
        const char *service;
        struct peer *peer;
    } peers[SERVICES_COUNT];
} asking;

/* The rows of a page, packed: what came with the answer is gone when somebody asks again. */
struct rows {
    size_t count, sizes[PAGE_ROWS];
    char *bytes; /* malloc'ed; one behind the other */
};

/* What a call back brought. */
struct answer {
    bool has_come;
    struct error *err;
    bool is_good;
    struct bus_accepted *accepted;
    const struct descriptor *opens; /* NULL: nothing is to be opened */
    void *opened;
    struct bus_page page;
    struct rows rows;
    char *text; /* of runtime.status */
    size_t text_size;
};

struct bus *ask_bus(struct error *err)
{
    crypto_start();
    if (asking.bus == NULL) asking.bus = bus_open(".", err);
    return asking.bus;
}

const char *ask_name(void)
{
    if (asking.name[0] == '\0')
        snprintf(asking.name, sizeof asking.name, "operator.%08x", random_number());
    return asking.name;
}

static struct peer *peer_of(const char *service, struct error *err)
{
    for (size_t i = 0; i < SERVICES_COUNT; i++) {
        if (asking.peers[i].peer != NULL && strcmp(asking.peers[i].service, service) == 0)
            return asking.peers[i].peer;
        if (asking.peers[i].peer != NULL) continue;
        if (ask_bus(err) == NULL) return NULL;
        asking.peers[i].service = service;
        return asking.peers[i].peer = peer_open(asking.bus, service, ask_name(), err);
    }
    bug("more services than are known");
}

void ask_end(void)
{
    for (size_t i = 0; i < SERVICES_COUNT; i++) {
        peer_close(asking.peers[i].peer);
        asking.peers[i].peer = NULL;
    }
    bus_close(asking.bus);
    asking.bus = NULL;
}

/* Until the answer is there; the peer gives up by itself. */
static void await(struct peer *peer, const struct answer *answer)
{
    struct socket *sockets[PEER_DOORS];
    bool ready[PEER_DOORS];

    peer_flush(peer);
    peer_sockets(peer, sockets);
    while (!answer->has_come) {
        bus_wait(sockets, PEER_DOORS, NULL, 0, 50, ready);
        peer_turn(peer, clock_steady_ms());
        peer_flush(peer);
    }
}

static void take_accepted(void *cookie, const struct reply *reply)
{
    struct answer *answer = cookie;

    answer->has_come = true;
    answer->is_good = reply->is_accepted;
    if (!reply->is_accepted) {
        *answer->err = reply->error;
        return;
    }
    *answer->accepted = reply->accepted;
    if (answer->opens != NULL)
        answer->is_good = unpack(answer->opens, reply->opened.at, reply->opened.size,
                                 answer->opened, answer->err);
}

static bool away(const char *service, struct error *err)
{
    return error_set(err, ERROR_BUSY, "away",
                     "%s does not answer. Is it running? `fadder status` tells.", service);
}

/* Until it is answered, and not by `busy`. */
static bool ask_until_answered(const char *service, const struct bus_command *request,
                               struct answer *answer)
{
    const int64_t until_ms = clock_steady_ms() + ASK_MS;
    struct error *err = answer->err;
    struct peer *peer = peer_of(service, err);

    if (peer == NULL) return false;
    do {
        answer->has_come = false;
        if (!peer_command(peer, request, clock_steady_ms(), AGAIN_MS, take_accepted, answer, err))
            return false;
        await(peer, answer);
    } while (!answer->is_good && err->kind == ERROR_BUSY && clock_steady_ms() < until_ms);
    if (!answer->is_good && strcmp(err->code, "away") == 0) return away(service, err);
    return answer->is_good;
}

/* What no command can say is not asked for, and is refused in the words in which a service would: what it has to be, and
 * where. */
static bool put(const struct descriptor *descriptor, const void *body, void *to, size_t *size,
                struct error *err)
{
    struct fault fault;

    if (pack(descriptor, body, to, size, err)) return true;
    if (err->fault_count == 0) return false;
    fault = err->faults[0];
    error_set(err, ERROR_INVALID, "invalid", "That is %s.", fault.what);
    error_add_fault(err, fault.field, err->text);
    return false;
}

static bool ask_command_for(const struct ask_for *scope, const struct id *id,
                            const struct command *command, struct id aggregate, const void *body,
                            struct answer *answer)
{
    struct bus_command request;
    const struct contract *owner;
    size_t size = sizeof request.body.at;
    bool is_good;

    find_command(command->body->name, &owner);
    memset(&request, 0, sizeof request);
    request.id = id == NULL ? random_id(clock_now_ms()) : *id;
    snprintf(request.type, sizeof request.type, "%s", command->body->name);
    request.role = ACTOR_ROLE_SYS;
    request.has_programme = request.has_country = !id_equal(scope->programme, (struct id){0});
    request.programme = scope->programme;
    request.country = scope->country;
    request.has_aggregate = !command->is_creation;
    request.aggregate = aggregate;
    request.version = command->is_creation ? 0 : ANY_VERSION;
    if (!put(command->body, body, request.body.at, &size, answer->err)) return false;
    request.body.size = (uint32_t)size;
    request.print.size = CRYPTO_FINGERPRINT_SIZE;
    crypto_fingerprint(NULL, 0, request.body.at, size, request.print.at);
    is_good = ask_until_answered(owner->service, &request, answer);
    crypto_wipe(&request, sizeof request);
    return is_good;
}

bool ask_command(const struct ask_for *scope, const struct id *id, const struct command *command,
                 struct id aggregate, const void *body, struct bus_accepted *accepted,
                 struct error *err)
{
    struct answer answer = {.err = err, .accepted = accepted};

    return ask_command_for(scope, id, command, aggregate, body, &answer);
}

bool ask_opened(const struct ask_for *scope, const struct command *command, struct id aggregate,
                const void *body, void *opened, struct error *err)
{
    struct bus_accepted accepted;
    struct answer answer = {
        .err = err, .accepted = &accepted, .opens = command->opens, .opened = opened};

    return ask_command_for(scope, NULL, command, aggregate, body, &answer);
}

/* A command that is the runtime's own. body is NULL: it says all by its name. */
static bool ask_runtime(const char *service, const char *type, const struct id *aggregate,
                        const struct descriptor *descriptor, const void *body, struct error *err)
{
    struct bus_command request = {.id = random_id(clock_now_ms()),
                                  .print = {.size = CRYPTO_FINGERPRINT_SIZE},
                                  .role = ACTOR_ROLE_SYS,
                                  .version = ANY_VERSION,
                                  .body = {.size = 1, .at = {0x80}}}; /* an empty map */
    size_t size = sizeof request.body.at;
    struct bus_accepted accepted;

    snprintf(request.type, sizeof request.type, "%s", type);
    request.has_aggregate = aggregate != NULL;
    if (aggregate != NULL) request.aggregate = *aggregate;
    if (body != NULL) {
        if (!put(descriptor, body, request.body.at, &size, err)) return false;
        request.body.size = (uint32_t)size;
    }
    return ask_until_answered(service, &request,
                              &(struct answer){.err = err, .accepted = &accepted});
}

bool ask_release(const char *service, struct id input, struct error *err)
{
    return ask_runtime(service, "runtime.release", &input, NULL, NULL, err);
}

bool ask_follow_anew(const char *service, const char *followed, enum bus_resumption from,
                     struct error *err)
{
    struct bus_follow_anew body = {.from = from};

    snprintf(body.service, sizeof body.service, "%s", followed);
    return ask_runtime(service, "runtime.follow_anew", NULL, &bus_follow_anew_descriptor, &body,
                       err);
}

bool ask_trust_clock(const char *service, struct error *err)
{
    return ask_runtime(service, "runtime.trust_clock", NULL, NULL, NULL, err);
}

bool ask_rotate_keys(const char *service, struct error *err)
{
    return ask_runtime(service, "runtime.rotate_keys", NULL, NULL, NULL, err);
}

static void keep_rows(struct rows *rows, const struct frame *frames, size_t count)
{
    size_t used = 0;

    for (size_t i = 0; i < count; i++)
        used += rows->sizes[i] = frames[i].size;
    if ((rows->bytes = realloc(rows->bytes, used + 1)) == NULL) bug("out of memory");
    rows->count = count;
    used = 0;
    for (size_t i = 0; i < count; used += rows->sizes[i++])
        memcpy(rows->bytes + used, frames[i].at, frames[i].size);
}

static void take_page(void *cookie, const struct reply *reply)
{
    struct answer *answer = cookie;

    answer->has_come = true;
    answer->is_good = reply->is_page && reply->page.count <= PAGE_ROWS;
    if (!reply->is_page) {
        *answer->err = reply->error;
        return;
    }
    if (!answer->is_good) {
        error_set(answer->err, ERROR_BROKEN, "page", "More rows came than were asked for.");
        return;
    }
    answer->page = reply->page;
    keep_rows(&answer->rows, reply->rows, (size_t)reply->page.count);
}

/* One page; again while the service is busy. */
static bool ask_page(const char *service, struct bus_query *query, struct answer *answer)
{
    const int64_t until_ms = clock_steady_ms() + ASK_MS;
    struct peer *peer = peer_of(service, answer->err);

    if (peer == NULL) return false;
    do {
        answer->has_come = false;
        if (!peer_query(peer, query, clock_steady_ms(), AGAIN_MS, take_page, answer, answer->err))
            return false;
        await(peer, answer);
    } while (!answer->is_good && answer->err->kind == ERROR_BUSY && clock_steady_ms() < until_ms);
    if (!answer->is_good && strcmp(answer->err->code, "away") == 0)
        return away(service, answer->err);
    return answer->is_good;
}

static void query_begin(struct bus_query *query, const struct ask_for *scope, const char *record)
{
    *query = (struct bus_query){.role = ACTOR_ROLE_SYS, .limit = PAGE_ROWS};
    snprintf(query->record, sizeof query->record, "%s", record);
    query->has_programme = !id_equal(scope->programme, (struct id){0});
    query->programme = scope->programme;
}

/* Who visits may ask in turn: the answer that the rows came in is dealt with. *goes_on is false when visit says so. */
static bool visit_rows(const struct rows *rows, const struct descriptor *descriptor, void *room,
                       ask_visit *visit, void *cookie, bool *goes_on, struct error *err)
{
    const char *at = rows->bytes;

    *goes_on = true;
    for (size_t i = 0; i < rows->count && *goes_on; at += rows->sizes[i++]) {
        if (!unpack(descriptor, at, rows->sizes[i], room, err)) return false;
        *goes_on = visit(cookie, room);
    }
    return true;
}

static bool ask_pages(const char *service, struct bus_query *query, const struct descriptor *row,
                      ask_visit *visit, void *cookie, struct error *err)
{
    struct answer answer = {.err = err};
    void *room = malloc(row->size);
    bool is_good, goes_on;

    if (room == NULL) bug("out of memory");
    do {
        is_good = ask_page(service, query, &answer) &&
                  visit_rows(&answer.rows, row, room, visit, cookie, &goes_on, err);
        query->has_after = answer.page.has_next;
        query->after = answer.page.next;
    } while (is_good && goes_on && answer.page.has_next);
    free(room);
    free(answer.rows.bytes);
    return is_good;
}

bool ask_rows(const struct ask_for *scope, const struct record *record, const char *filter,
              const char *value, ask_visit *visit, void *cookie, struct error *err)
{
    const struct contract *owner;
    struct bus_query query;

    find_record(record->row->name, &owner);
    query_begin(&query, scope, record->row->name);
    if ((query.has_filter = query.has_value = filter != NULL)) {
        snprintf(query.filter, sizeof query.filter, "%s", filter);
        snprintf(query.value, sizeof query.value, "%s", value);
    }
    return ask_pages(owner->service, &query, record->row, visit, cookie, err);
}

bool ask_set_aside(const char *service, ask_visit *visit, void *cookie, struct error *err)
{
    const struct ask_for nobody = {0};
    struct bus_query query;

    query_begin(&query, &nobody, "runtime.quarantine");
    return ask_pages(service, &query, &journal_set_aside_descriptor, visit, cookie, err);
}

/* *is_there is false when there is none. */
static bool ask_key(const char *service, struct bus_query *query,
                    const struct descriptor *descriptor, struct id key, void *row, bool *is_there,
                    struct error *err)
{
    struct answer answer = {.err = err};
    bool is_good;

    query->has_key = true;
    query->key = key;
    is_good = ask_page(service, query, &answer);
    *is_there = is_good && answer.rows.count > 0;
    if (*is_there) is_good = unpack(descriptor, answer.rows.bytes, answer.rows.sizes[0], row, err);
    free(answer.rows.bytes);
    return is_good;
}

bool ask_dropped(const char *service, struct id person, bool *is_there,
                 struct journal_dropped *dropped, struct error *err)
{
    const struct ask_for nobody = {0};
    struct bus_query query;

    query_begin(&query, &nobody, "runtime.dropped");
    return ask_key(service, &query, &journal_dropped_descriptor, person, dropped, is_there, err);
}

bool ask_row(const struct ask_for *scope, const struct record *record, struct id key, void *row,
             struct error *err)
{
    const struct contract *owner;
    struct bus_query query;
    bool is_good, is_there;

    find_record(record->row->name, &owner);
    query_begin(&query, scope, record->row->name);
    is_good = ask_key(owner->service, &query, record->row, key, row, &is_there, err);
    if (!is_good || is_there) return is_good;
    return error_set(err, ERROR_NOT_FOUND, "not_found", "There is no such %s.", record->row->name);
}

static void take_status(void *cookie, const struct reply *reply)
{
    struct answer *answer = cookie;

    answer->has_come = true;
    answer->is_good = reply->is_page && reply->page.count > 0;
    if (!answer->is_good) return;
    snprintf(answer->text, answer->text_size, "%.*s", (int)reply->rows[0].size,
             (const char *)reply->rows[0].at);
}

static void take_knock(void *cookie, const struct reply *reply)
{
    struct answer *answer = cookie;

    answer->has_come = true;
    answer->is_good = reply->is_accepted;
}

/* A service has two doors; who answers at one may be stuck at the other. */
static bool knock(struct peer *peer, int64_t timeout_ms)
{
    const struct bus_command command = {.id = random_id(clock_now_ms()),
                                        .type = "runtime.knock",
                                        .print = {.size = sizeof command.print.at},
                                        .role = ACTOR_ROLE_SYS,
                                        .body = {.size = 1, .at = {0x80}}}; /* an empty map */
    struct error err;
    struct answer answer = {.err = &err};

    if (!peer_command(peer, &command, clock_steady_ms(), timeout_ms, take_knock, &answer, &err))
        return false;
    await(peer, &answer);
    return answer.is_good;
}

static void take_lookup(void *cookie, const struct reply *reply)
{
    struct answer *answer = cookie;

    answer->has_come = true;
    answer->is_good = reply->is_page;
}

static bool knock_for_lookups(struct peer *peer, int64_t timeout_ms)
{
    const struct ask_for nobody = {0};
    struct error err;
    struct answer answer = {.err = &err};
    struct bus_query query;

    query_begin(&query, &nobody, "runtime.knock");
    if (!peer_query(peer, &query, clock_steady_ms(), timeout_ms, take_lookup, &answer, &err))
        return false;
    await(peer, &answer);
    return answer.is_good;
}

bool ask_status(const char *service, int64_t timeout_ms, char *text, size_t size)
{
    const struct ask_for nobody = {0};
    struct error err;
    struct answer answer = {.err = &err, .text = text, .text_size = size};
    struct bus_query query;
    struct peer *peer = peer_of(service, &err);

    if (peer == NULL) return false;
    query_begin(&query, &nobody, "runtime.status");
    if (!peer_query(peer, &query, clock_steady_ms(), timeout_ms, take_status, &answer, &err))
        return false;
    await(peer, &answer);
    return answer.is_good && knock(peer, timeout_ms) && knock_for_lookups(peer, timeout_ms);
}

/* Keeps the last, and counts. */
struct several {
    struct programme last;
    size_t count;
};

static bool keep_several(void *cookie, const void *row)
{
    struct several *found = cookie;

    memcpy(&found->last, row, sizeof found->last);
    return ++found->count < 2;
}

bool ask_programme(const char *slug, struct ask_for *scope, struct error *err)
{
    const struct ask_for nobody = {0};
    const char *filter = slug == NULL ? NULL : "slug";
    struct several found = {.count = 0};

    if (!ask_rows(&nobody, find_record("programme", NULL), filter, slug, keep_several, &found, err))
        return false;
    if (found.count == 0)
        return error_set(
            err, ERROR_NOT_FOUND, "programme",
            "There is no programme%s%s. `fadder programme show` lists those there are.",
            slug == NULL ? "" : " ", slug == NULL ? "" : slug);
    if (found.count > 1)
        return error_set(err, ERROR_REFUSED, "programme",
                         "There is more than one programme: say --programme P. `fadder programme "
                         "show` lists them.");
    scope->programme = found.last.id;
    scope->country = found.last.countries.at[0];
    return true;
}

const struct command *find_command(const char *name, const struct contract **owner)
{
    for (size_t i = 0; i < contract_count; i++)
        for (size_t n = 0; n < contracts[i]->command_count; n++) {
            if (strcmp(contracts[i]->commands[n].body->name, name) != 0) continue;
            if (owner != NULL) *owner = contracts[i];
            return &contracts[i]->commands[n];
        }
    return NULL;
}

const struct record *find_record(const char *name, const struct contract **owner)
{
    for (size_t i = 0; i < contract_count; i++)
        for (size_t n = 0; n < contracts[i]->record_count; n++) {
            if (strcmp(contracts[i]->records[n].row->name, name) != 0) continue;
            if (owner != NULL) *owner = contracts[i];
            return &contracts[i]->records[n];
        }
    return NULL;
}

static void complain(const char *command, const struct error *err)
{
    fprintf(stderr, "fadder %s: %s\n", command, err->text);
    for (uint32_t i = 0; i < err->fault_count; i++) {
        const struct fault *fault = &err->faults[i];
        const bool is_said = strcmp(fault->what, err->text) == 0; /* a refusal, which has a field */

        if (is_said)
            fprintf(stderr, "  at fault: %s\n", fault->field);
        else
            fprintf(stderr, "  %s is %s\n", fault->field, fault->what);
    }
}

int ask_failed(const char *command, const struct error *err)
{
    complain(command, err);
    ask_end();
    return EXIT_FAILED;
}

int ask_each(const char *command, const char *only, ask_service *ask, void *cookie)
{
    int code = EXIT_DONE;
    struct error err;

    if (!home_enter(&err)) return ask_failed(command, &err);
    for (size_t i = 0; services[i] != NULL; i++) {
        if (!has_journal(services[i])) continue;
        if (only != NULL && strcmp(only, services[i]) != 0) continue;
        if (ask(cookie, services[i], &err)) continue;
        complain(command, &err);
        code = EXIT_FAILED;
    }
    ask_end();
    return code;
}
