/* The chain walked from the first batch; then the journal folded into a scratch state and compared
 * with the service's own, or with a copy that a running service makes. */
#include "service/verify.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/files.h"
#include "base/random.h"
#include "bus/bus.h"
#include "bus/peer.h"
#include "contract/bus.h"
#include "contract/journal.h"
#include "core/error.h"
#include "core/pack.h"
#include "core/text.h"
#include "core/trait.h"
#include "fold/fold.h"
#include "fold/kinds.h"
#include "fold/positions.h"
#include "fold/strikes.h"
#include "journal/journal.h"
#include "service/damage.h"
#include "service/forgetting.h"
#include "service/query.h"
#include "service/service.h"
#include "store/state.h"
#include "store/store.h"

static const size_t size_max = (size_t)64 << 30;

enum { COPY_MS = 60000, LOOK_MS = 250 };

/* A row that was struck, until the batch is found that says so. */
struct unbound {
    uint64_t event;
    uint8_t hash[HASH_SIZE];
    bool is_bound;
};

struct verifying {
    const struct service *service;
    const struct kinds *kinds;
    struct files *files;
    int lock; /* of one that does not run, so that nobody starts it meanwhile; or -1 */
    struct journal *journal;
    struct store *state, *scratch;
    uint64_t until; /* the batch at which the state was copied */
    uint64_t events, rows;
    size_t unbound_count, unbound_room;
    struct unbound *unbound; /* malloc'ed; by event */
    bool is_overtaken;       /* what was permitted after the state was copied has been struck */
    char copy[COPY_PATH_SIZE], directory[128]; /* to be removed in the end, or "" */
    struct journal_header *header;             /* being read */
};

/* What was struck: permitted by an event in this journal, and what stands there now is bound by a later batch. */

static void *grown(void *memory, size_t count, size_t *room, size_t size)
{
    if (count < *room) return memory;
    *room = *room == 0 ? 64 : 2 * *room;
    if ((memory = realloc(memory, *room * size)) == NULL) bug("out of memory");
    return memory;
}

/* An event of a kind that is known here: its envelope, and its body, which is malloc'ed. */
static bool read_event(const struct verifying *v, struct bytes row, struct journal_event *envelope,
                       const struct kind **kind, void **body, struct error *err)
{
    struct bytes packed;

    *body = NULL;
    if (!row_read(row, envelope, &packed, err)) return false;
    if ((*kind = kinds_find(v->kinds, envelope->type, strlen(envelope->type))) == NULL)
        return error_set(err, ERROR_BROKEN, "chain", "%s, which nobody here knows", envelope->type);
    if ((*body = calloc(1, (*kind)->descriptor->size + 1)) == NULL) bug("out of memory");
    return unpack((*kind)->descriptor, packed.at, packed.size, *body, err);
}

/* Whether one of those whom the first names is one whom the other does. */
static bool share_somebody(const struct descriptor *kind, struct id aggregate, const void *body,
                           const struct descriptor *other, struct id others, const void *its)
{
    struct id who;

    for (size_t i = 0; strikes_whom(kind, aggregate, body, i, &who); i++)
        if (!id_equal(who, (struct id){{0}}) && strikes_name(other, others, its, who)) return true;
    return false;
}

static bool is_permitted(const struct verifying *v, struct txn *txn, struct bytes row,
                         const struct journal_strike *strike, bool *is, struct error *err)
{
    struct journal_event told, permits;
    const struct kind *told_kind, *kind;
    void *told_body = NULL, *body = NULL;
    struct permission permission;
    struct bytes by;
    bool is_ok = false;

    if (!journal_row(txn, (uint64_t)strike->by, &by, err) ||
        !read_event(v, row, &told, &told_kind, &told_body, err) ||
        !read_event(v, by, &permits, &kind, &body, err))
        goto done;
    permission = permission_by(&(struct happened){
        .envelope = &permits, .kind = kind, .body = body, .number = (uint64_t)strike->by});
    *is = (permission.traits & traits_of(told_kind->descriptor)) != 0 &&
          permission_covers(&permission, (uint64_t)strike->event, &told, v->service->name) &&
          share_somebody(told_kind->descriptor, told.aggregate, told_body, kind->descriptor,
                         permits.aggregate, body);
    is_ok = true;
done:
    free(told_body);
    free(body);
    return is_ok;
}

/* A row that is not what its batch has the hash of. */
static bool check_struck(struct verifying *v, struct txn *txn, uint64_t event, struct bytes row,
                         const uint8_t hash[HASH_SIZE], struct error *err)
{
    struct journal_strike strike;
    struct unbound *unbound;
    uint8_t own[HASH_SIZE];
    bool is = false;

    if (!row_stands_for(row, hash))
        return error_set(err, ERROR_BROKEN, "chain", "event %llu does not match its hash",
                         (unsigned long long)event);
    row_hash(row, own);
    if (!journal_struck(txn, event, &is, &strike, err)) return false;
    is = is && memcmp(strike.hash.at, own, HASH_SIZE) == 0;
    if (is && !is_permitted(v, txn, row, &strike, &is, err)) return false;
    if (!is)
        return error_set(err, ERROR_BROKEN, "chain",
                         "event %llu was struck, and nothing permits that",
                         (unsigned long long)event);
    v->unbound = grown(v->unbound, v->unbound_count, &v->unbound_room, sizeof *v->unbound);
    unbound = &v->unbound[v->unbound_count++];
    *unbound = (struct unbound){.event = event};
    memcpy(unbound->hash, own, HASH_SIZE);
    return true;
}

static struct unbound *find_unbound(struct verifying *v, uint64_t event)
{
    size_t low = 0, high = v->unbound_count;

    while (low < high) {
        const size_t middle = low + (high - low) / 2;

        if (v->unbound[middle].event < event)
            low = middle + 1;
        else
            high = middle;
    }
    return low < v->unbound_count && v->unbound[low].event == event ? &v->unbound[low] : NULL;
}

/* A batch says that it struck these: so they are, unless they were again later. */
static bool bind(struct verifying *v, struct txn *txn, struct error *err)
{
    for (uint32_t i = 0; v->header->has_struck && i < v->header->struck.count; i++) {
        const struct journal_strike *said = &v->header->struck.at[i];
        struct unbound *unbound = find_unbound(v, (uint64_t)said->event);
        uint8_t own[HASH_SIZE];
        struct journal_strike strike;
        struct bytes row;
        bool is = false;

        if (!journal_struck(txn, (uint64_t)said->event, &is, &strike, err) ||
            !journal_row(txn, (uint64_t)said->event, &row, err))
            return false;
        row_hash(row, own);
        if (is && memcmp(strike.hash.at, said->hash.at, HASH_SIZE) != 0) continue;
        if (!is || strike.by != said->by || strike.counted != said->counted ||
            memcmp(own, said->hash.at, HASH_SIZE) != 0)
            return error_set(err, ERROR_BROKEN, "chain",
                             "event %lld is not as batch %lld struck it", (long long)said->event,
                             (long long)v->header->number);
        if (unbound != NULL && memcmp(unbound->hash, own, HASH_SIZE) == 0) unbound->is_bound = true;
    }
    return true;
}

static bool check_bound(const struct verifying *v, struct error *err)
{
    for (size_t i = 0; i < v->unbound_count; i++)
        if (!v->unbound[i].is_bound)
            return error_set(err, ERROR_BROKEN, "chain",
                             "event %llu was struck, and no batch says so",
                             (unsigned long long)v->unbound[i].event);
    return true;
}

/* The chain. */

static bool check_batch(struct verifying *v, struct txn *txn, uint64_t number,
                        uint8_t previous[HASH_SIZE], struct error *err)
{
    struct journal_header *header = v->header;
    uint8_t hash[HASH_SIZE];
    struct batch_view view;
    struct bytes row;

    if (!journal_batch(txn, number, &view, err)) return false;
    if (view.header.at == NULL)
        return error_set(err, ERROR_BROKEN, "chain", "batch %llu is missing",
                         (unsigned long long)number);
    if (!unpack(&journal_header_descriptor, view.header.at, view.header.size, header, err))
        return false;
    if ((uint64_t)header->number != number || memcmp(header->previous.at, previous, HASH_SIZE) != 0)
        return error_set(err, ERROR_BROKEN, "chain", "batch %llu does not follow the one before it",
                         (unsigned long long)number);
    if (view.first != v->events + 1)
        return error_set(err, ERROR_BROKEN, "chain", "batch %llu begins at event %llu, not %llu",
                         (unsigned long long)number, (unsigned long long)view.first,
                         (unsigned long long)v->events + 1);
    for (uint32_t i = 0; i < view.events; i++) {
        if (!journal_row(txn, view.first + i, &row, err)) return false;
        row_hash(row, hash);
        if (memcmp(hash, view.hashes + (size_t)i * HASH_SIZE, HASH_SIZE) != 0 &&
            !check_struck(v, txn, view.first + i, row, view.hashes + (size_t)i * HASH_SIZE, err))
            return false;
    }
    batch_hash(previous, view.header, view.hashes, view.events, hash);
    if (memcmp(hash, view.hash, HASH_SIZE) != 0)
        return error_set(err, ERROR_BROKEN, "chain", "batch %llu does not match its hash",
                         (unsigned long long)number);
    memcpy(previous, hash, HASH_SIZE);
    v->events += view.events;
    return bind(v, txn, err);
}

static bool check_chain(struct verifying *v, struct error *err)
{
    uint8_t previous[HASH_SIZE] = {0};

    for (uint64_t number = 1; number <= v->until; number++) {
        struct txn *txn = journal_begin_read(v->journal, err);
        const bool is_ok = txn != NULL && check_batch(v, txn, number, previous, err);

        txn_abort(txn);
        if (!is_ok) return false;
    }
    return true;
}

/* What a running service has committed since then may have struck rows before it. */
static bool look_at_rest(struct verifying *v, struct error *err)
{
    struct txn *txn = journal_begin_read(v->journal, err);
    struct batch_view view = {.header = {"", 0}};
    bool is_ok = txn != NULL;

    for (uint64_t number = v->until + 1; is_ok && view.header.at != NULL; number++) {
        is_ok = journal_batch(txn, number, &view, err);
        if (!is_ok || view.header.at == NULL) break;
        is_ok =
            unpack(&journal_header_descriptor, view.header.at, view.header.size, v->header, err) &&
            bind(v, txn, err);
        for (uint32_t i = 0; is_ok && v->header->has_struck && i < v->header->struck.count; i++)
            v->is_overtaken |= (uint64_t)v->header->struck.at[i].by > v->events;
    }
    txn_abort(txn);
    return is_ok && check_bound(v, err);
}

/* Comparing two states, map by map, in step. */

struct pairs {
    size_t count, room;
    struct pair {
        struct bytes key, value;
    } * at;
};

static bool collect(void *cookie, struct bytes key, struct bytes value)
{
    struct pairs *pairs = cookie;

    if (pairs->count == pairs->room) {
        pairs->room = pairs->room == 0 ? 4096 : 2 * pairs->room;
        if ((pairs->at = realloc(pairs->at, pairs->room * sizeof *pairs->at)) == NULL)
            bug("out of memory");
    }
    pairs->at[pairs->count++] = (struct pair){key, value};
    return true;
}

static bool is_same(struct bytes a, struct bytes b)
{
    return a.size == b.size && memcmp(a.at, b.at, a.size) == 0;
}

static void write_hex(struct bytes bytes, char text[129])
{
    text[0] = '\0';
    for (size_t i = 0; i < bytes.size && i < 64; i++)
        snprintf(text + 2 * i, 3, "%02x", ((const uint8_t *)bytes.at)[i]);
}

static bool differ(unsigned map, const char *what, struct bytes key, struct error *err)
{
    char hex[129];

    write_hex(key, hex);
    return error_set(err, ERROR_BROKEN, "fold", "map %s, key %.100s: %s", state_maps[map], hex,
                     what);
}

static bool compare_map(struct verifying *v, struct txn *state, struct txn *scratch, unsigned map,
                        struct error *err)
{
    const struct bytes all = {"", 0};
    struct pairs a = {0}, b = {0};
    bool is_ok = txn_scan(state, map, all, all, collect, &a, err) &&
                 txn_scan(scratch, map, all, all, collect, &b, err);

    for (size_t i = 0; is_ok && (i < a.count || i < b.count); i++, v->rows++) {
        if (i == a.count)
            is_ok = differ(map, "missing in the state", b.at[i].key, err);
        else if (i == b.count)
            is_ok = differ(map, "in the state, but not in the journal's fold", a.at[i].key, err);
        else if (!is_same(a.at[i].key, b.at[i].key))
            is_ok = differ(map, "not in both the state and the journal's fold", a.at[i].key, err);
        else if (!is_same(a.at[i].value, b.at[i].value))
            is_ok = differ(map, "another value than in the journal's fold", a.at[i].key, err);
    }
    free(a.at);
    free(b.at);
    return is_ok;
}

static bool compare(struct verifying *v, struct error *err)
{
    struct txn *state = txn_begin_read(v->state, err), *scratch = NULL;
    bool is_ok = state != NULL && (scratch = txn_begin_read(v->scratch, err)) != NULL;

    for (unsigned map = 0; is_ok && map < STATE_MAPS; map++)
        is_ok = compare_map(v, state, scratch, map, err);
    txn_abort(state);
    txn_abort(scratch);
    return is_ok;
}

/* The ledger of erasures says the same. A running service has a line before it has the batch. */
static bool compare_ledger(struct verifying *v, const struct kinds *kinds, int64_t last_ms,
                           struct error *err)
{
    struct txn *txn = txn_begin_read(v->state, err);
    const int64_t until_ms = v->copy[0] != '\0' ? last_ms : INT64_MAX;
    const bool is_ok =
        txn != NULL && forgetting_verify(v->files, v->service->name, kinds, txn, until_ms, err);

    txn_abort(txn);
    return is_ok;
}

/* What is compared: of a stopped service its own state, of a running one a copy that it makes. */

static bool ask_for_copy(struct verifying *v, struct error *err)
{
    const struct bus_copy copy = {.id = random_id(clock_now_ms())};
    struct bus_head head;
    char packed[64] = {'Y'}, endpoint[128], name[40];
    size_t size = sizeof packed - 1;
    struct socket *socket = NULL;
    struct message *message = NULL;
    char root[FILES_PATH_MAX];
    bool ready, is_ok = false;
    struct bus *bus;

    files_path(v->files, ".", root);
    if ((bus = bus_open(root, err)) == NULL) return false;
    snprintf(name, sizeof name, "operator.%08x", random_number());
    service_endpoint(v->service->name, "reads", endpoint);
    if ((socket = bus_dial(bus, v->service->name, endpoint, name, err)) == NULL) goto done;
    if (!pack(&bus_copy_descriptor, &copy, packed + 1, &size, err)) goto done;
    socket_send(socket, NULL, &(struct frame){packed, size + 1}, 1);
    error_set(err, ERROR_BUSY, "away", "%s does not answer", v->service->name);
    for (int waited = 0; waited < COPY_MS && message == NULL; waited += LOOK_MS) {
        bus_wait(&socket, 1, NULL, 0, LOOK_MS, &ready);
        message = socket_receive(socket);
        if (message != NULL || files_is_locked(v->files, v->service->name)) continue;
        error_set(err, ERROR_BUSY, "away", "%s ended before it had answered", v->service->name);
        goto done;
    }
    if (message == NULL || message_count(message) == 0) goto done;
    if (*(const char *)message_frame(message, 0).at != 'H') {
        error_set(err, ERROR_BROKEN, "copy", "%s could not write a copy", v->service->name);
        goto done;
    }
    is_ok = unpack(&bus_head_descriptor, (const char *)message_frame(message, 0).at + 1,
                   message_frame(message, 0).size - 1, &head, err);
    v->until = is_ok ? (uint64_t)head.batch : 0;
    if (is_ok) query_copy_path(v->service->name, copy.id, v->copy);
done:
    message_destroy(message);
    socket_close(socket);
    bus_close(bus);
    return is_ok;
}

static void remove_scratch(struct files *files, const char *directory)
{
    static const char *const parts[] = {"/data.mdb", "/lock.mdb", ""};
    char name[192];

    for (int i = 0; i < 3; i++) {
        snprintf(name, sizeof name, "%s%s", directory, parts[i]);
        files_remove(files, name);
    }
}

static struct store *open_store(const struct verifying *v, const char *name, enum store_mode mode,
                                struct error *err)
{
    char path[FILES_PATH_MAX];

    files_path(v->files, name, path);
    return store_open(path, size_max, state_maps, mode, err);
}

static bool open_all(struct verifying *v, struct error *err)
{
    const char *service = v->service->name;
    const bool is_live = !files_lock(v->files, service, service, &v->lock, err);
    char name[128], path[FILES_PATH_MAX];
    struct position stands;
    struct txn *txn;
    bool is_ok;

    if (is_live && err->kind != ERROR_BUSY) return false;
    if (is_live && !ask_for_copy(v, err)) return false;
    snprintf(name, sizeof name, "%s/state", service);
    if ((v->state = open_store(v, is_live ? v->copy : name, STORE_READ, err)) == NULL) return false;
    snprintf(name, sizeof name, "%s/journal", service);
    files_path(v->files, name, path);
    v->journal = journal_open_guest(path, err);
    if (v->journal == NULL || (txn = txn_begin_read(v->state, err)) == NULL) return false;
    is_ok = state_stands(txn, &stands, err);
    txn_abort(txn);
    v->until = stands.batch;
    snprintf(v->directory, sizeof v->directory, "%s/verify.%08x", service, random_number());
    if (!is_ok) return false;
    v->scratch = open_store(v, v->directory, STORE_VIEW, err);
    return v->scratch != NULL;
}

int verify_run(const struct service *service, struct files *files, FILE *told)
{
    struct kinds *kinds = kinds_create(service->aggregates);
    struct verifying v = {.service = service,
                          .kinds = kinds,
                          .files = files,
                          .lock = -1,
                          .header = malloc(sizeof *v.header)};
    struct fold *fold = fold_create(kinds, service->name);
    struct damage *damage;
    struct error err;
    int status = 2;

    if (v.header == NULL) bug("out of memory");
    damage = damage_watch(files, service->name, false);
    if (open_all(&v, &err)) {
        int64_t until_ms;
        bool is_ok = check_chain(&v, &err);

        until_ms = v.header->at.ms;
        is_ok = is_ok && fold_forward(fold, v.scratch, v.journal, v.until, &err) &&
                look_at_rest(&v, &err);
        status = is_ok ? 0 : 1;
        if (is_ok && v.is_overtaken) {
            error_set(&err, ERROR_BUSY, "overtaken", "something was struck meanwhile: ask again");
            status = 2;
        } else if (is_ok && (!compare(&v, &err) || !compare_ledger(&v, kinds, until_ms, &err))) {
            status = 1;
        }
    }
    if (status != 0)
        fprintf(stderr, "%s: %s\n", service->name, err.text);
    else if (told != NULL)
        fprintf(told,
                "%s: %llu batches, %llu events, %llu rows: the chain holds, and the state is the "
                "fold of the journal\n",
                service->name, (unsigned long long)v.until, (unsigned long long)v.events,
                (unsigned long long)v.rows);
    store_close(v.scratch);
    store_close(v.state);
    journal_close(v.journal);
    if (v.directory[0] != '\0') remove_scratch(files, v.directory);
    if (v.copy[0] != '\0') remove_scratch(files, v.copy);
    fold_destroy(fold);
    kinds_destroy(kinds);
    damage_forget(damage);
    free(v.unbound);
    free(v.header);
    files_unlock(v.lock);
    return status;
}
