/* Environments, transactions and scans of LMDB; every return code is looked at, and turned into
 * what callers can do about it. */
#include "store/store.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <lmdb.h>

#include "core/error.h"
#include "store/scrub.h"

struct store {
    MDB_env *env;
    const char *const *maps;
    size_t size_max;
    MDB_dbi handles[MAPS_MAX]; /* opened once: LMDB allows no two threads to open at a time */
};

struct txn {
    MDB_txn *mdb;
    const struct store *store;
};

const char store_trouble[] = "store";

static bool fail(struct error *err, int rc, const char *doing)
{
    return error_set(err, rc == MDB_MAP_FULL ? ERROR_BUSY : ERROR_BROKEN, store_trouble, "%s: %s",
                     doing, mdb_strerror(rc));
}

/* LMDB's own assertions. */
static void say_broken(MDB_env *env, const char *what)
{
    (void)env;
    bug("liblmdb: %s", what);
}

static int open_maps(struct store *store, unsigned flags)
{
    MDB_txn *txn;
    int rc = mdb_txn_begin(store->env, NULL, flags & MDB_RDONLY, &txn);

    if (rc != 0) return rc;
    for (size_t i = 0; rc == 0 && store->maps[i] != NULL; i++) {
        if (i == MAPS_MAX) bug("store_open: more than %d maps", MAPS_MAX);
        rc = mdb_dbi_open(txn, store->maps[i], (flags & MDB_RDONLY) ? 0 : MDB_CREATE,
                          &store->handles[i]);
    }
    if (rc == 0) return mdb_txn_commit(txn);
    mdb_txn_abort(txn);
    return rc;
}

static unsigned flags_of(enum store_mode mode)
{
    switch (mode) {
    case STORE_SYNCED: return MDB_NOTLS | MDB_NORDAHEAD;
    case STORE_VIEW: return MDB_NOTLS | MDB_NORDAHEAD | MDB_NOSYNC;
    case STORE_READ: return MDB_NOTLS | MDB_RDONLY | MDB_NOLOCK;
    case STORE_GUEST: return MDB_NOTLS | MDB_RDONLY;
    }
    bug("store_open: mode %u", mode);
}

/* The names of the files that were made, and of the directory itself, are on disk as well. */
static bool sync_names(const char *directory)
{
    char parent[512];
    const char *paths[] = {directory, parent};
    bool is_ok = snprintf(parent, sizeof parent, "%s/..", directory) < (int)sizeof parent;

    for (int i = 0; i < 2 && is_ok; i++) {
        const int fd = open(paths[i], O_RDONLY | O_DIRECTORY | O_CLOEXEC);

        is_ok = fd >= 0 && fsync(fd) == 0;
        if (fd >= 0) close(fd);
    }
    return is_ok;
}

/* As much again as there is, where that is more than is asked for. */
static size_t room_for(const char *directory, size_t size_max)
{
    char path[512];
    struct stat file;

    if (snprintf(path, sizeof path, "%s/data.mdb", directory) >= (int)sizeof path) return size_max;
    if (stat(path, &file) != 0 || (size_t)file.st_size <= size_max / 2) return size_max;
    return ((2 * (size_t)file.st_size >> 20) + 1) << 20;
}

/* LMDB opens by name, and would follow one. */
static bool has_link(const char *directory)
{
    static const char *const names[] = {"", "/data.mdb", "/lock.mdb"};
    char path[512];
    struct stat is;

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (snprintf(path, sizeof path, "%s%s", directory, names[i]) < (int)sizeof path &&
            lstat(path, &is) == 0 && S_ISLNK(is.st_mode))
            return true;
    return false;
}

struct store *store_open(const char *directory, size_t size_max, const char *const *maps,
                         enum store_mode mode, struct error *err)
{
    struct store *store = calloc(1, sizeof *store);
    const unsigned flags = flags_of(mode);
    int rc;

    if (store == NULL) bug("out of memory");
    store->maps = maps;
    store->size_max = room_for(directory, size_max);
    rc = mode == STORE_READ || mode == STORE_GUEST || mkdir(directory, 0700) == 0 || errno == EEXIST
             ? 0
             : errno;
    if (rc == 0 && has_link(directory)) rc = ELOOP;
    if (rc != 0) goto failed;
    if ((rc = mdb_env_create(&store->env)) != 0) goto failed;
    mdb_env_set_assert(store->env, say_broken);
    if ((rc = mdb_env_set_mapsize(store->env, store->size_max)) != 0) goto failed;
    if ((rc = mdb_env_set_maxdbs(store->env, MAPS_MAX)) != 0) goto failed;
    if ((rc = mdb_env_open(store->env, directory, flags, 0600)) != 0) goto failed;
    if ((rc = open_maps(store, flags)) != 0) goto failed;
    if (mode == STORE_SYNCED && !sync_names(directory)) {
        rc = errno;
        goto failed;
    }
    store_forget_dead(store);
    return store;

failed:
    fail(err, rc, directory);
    store_close(store);
    return NULL;
}

void store_close(struct store *store)
{
    if (store == NULL) return;
    if (store->env != NULL) mdb_env_close(store->env);
    free(store);
}

bool store_sync(struct store *store, struct error *err)
{
    const int rc = mdb_env_sync(store->env, 1);

    return rc == 0 || fail(err, rc, "sync");
}

bool store_copy(struct store *store, const char *directory, struct error *err)
{
    const int rc = mdb_env_copy2(store->env, directory, MDB_CP_COMPACT);

    return rc == 0 || fail(err, rc, directory);
}

size_t store_used(struct store *store)
{
    MDB_envinfo info;
    MDB_stat stat;

    mdb_env_info(store->env, &info);
    mdb_env_stat(store->env, &stat);
    return (info.me_last_pgno + 1) * stat.ms_psize;
}

bool store_is_whole(struct store *store)
{
    struct stat stat;
    int fd;

    return mdb_env_get_fd(store->env, &fd) == 0 && fstat(fd, &stat) == 0 &&
           (size_t)stat.st_size >= store_used(store);
}

bool store_has_room(struct store *store)
{
    return store_used(store) < store->size_max - store->size_max / 16;
}

unsigned store_forget_dead(struct store *store)
{
    int dead = 0;

    mdb_reader_check(store->env, &dead);
    return (unsigned)dead;
}

static struct txn *begin(struct store *store, unsigned flags, struct error *err)
{
    struct txn *txn = calloc(1, sizeof *txn);
    int rc;

    if (txn == NULL) bug("out of memory");
    txn->store = store;
    if ((rc = mdb_txn_begin(store->env, NULL, flags, &txn->mdb)) == 0) return txn;
    fail(err, rc, "begin");
    free(txn);
    return NULL;
}

struct txn *txn_begin_write(struct store *store, struct error *err)
{
    return begin(store, 0, err);
}

struct txn *txn_begin_read(struct store *store, struct error *err)
{
    return begin(store, MDB_RDONLY, err);
}

bool txn_commit(struct txn *txn, struct error *err)
{
    const int rc = mdb_txn_commit(txn->mdb);

    free(txn);
    return rc == 0 || fail(err, rc, "commit");
}

void txn_abort(struct txn *txn)
{
    if (txn == NULL) return;
    mdb_txn_abort(txn->mdb);
    free(txn);
}

static MDB_val as_val(struct bytes bytes)
{
    return (MDB_val){.mv_size = bytes.size, .mv_data = (void *)(size_t)bytes.at};
}

static struct bytes as_bytes(MDB_val val)
{
    return (struct bytes){val.mv_data, val.mv_size};
}

bool txn_get(struct txn *txn, unsigned map, struct bytes key, struct bytes *value,
             struct error *err)
{
    MDB_val k = as_val(key), v = {0};
    const int rc = mdb_get(txn->mdb, txn->store->handles[map], &k, &v);

    if (rc != 0 && rc != MDB_NOTFOUND) return fail(err, rc, txn->store->maps[map]);
    *value = rc == 0 ? as_bytes(v) : (struct bytes){NULL, 0};
    return true;
}

static bool put(struct txn *txn, unsigned map, struct bytes key, struct bytes value, unsigned flags,
                struct error *err)
{
    MDB_val k = as_val(key), v = as_val(value);
    const int rc = mdb_put(txn->mdb, txn->store->handles[map], &k, &v, flags);

    return rc == 0 || fail(err, rc, txn->store->maps[map]);
}

bool txn_put(struct txn *txn, unsigned map, struct bytes key, struct bytes value, struct error *err)
{
    return put(txn, map, key, value, 0, err);
}

bool txn_append(struct txn *txn, unsigned map, struct bytes key, struct bytes value,
                struct error *err)
{
    return put(txn, map, key, value, MDB_APPEND, err);
}

/* LMDB writes a value of the same size where the old one stands; one of another size it puts elsewhere in the page,
 * and leaves the old one's bytes. */
bool txn_replace(struct txn *txn, unsigned map, struct bytes key, struct bytes value,
                 struct error *err)
{
    struct bytes was;
    void *zeroes;
    bool is_ok;

    if (!txn_get(txn, map, key, &was, err)) return false;
    if (was.size == value.size) return txn_put(txn, map, key, value, err);
    if ((zeroes = calloc(1, was.size + 1)) == NULL) bug("out of memory");
    is_ok = was.at == NULL || txn_put(txn, map, key, (struct bytes){zeroes, was.size}, err);
    free(zeroes);
    return is_ok && txn_put(txn, map, key, value, err);
}

bool txn_drop(struct txn *txn, unsigned map, struct bytes key, struct error *err)
{
    MDB_val k = as_val(key);
    const int rc = mdb_del(txn->mdb, txn->store->handles[map], &k, NULL);

    return rc == 0 || rc == MDB_NOTFOUND || fail(err, rc, txn->store->maps[map]);
}

bool txn_last(struct txn *txn, unsigned map, struct bytes *key, struct bytes *value,
              struct error *err)
{
    MDB_val k = {0}, v = {0};
    MDB_cursor *cursor;
    int rc = mdb_cursor_open(txn->mdb, txn->store->handles[map], &cursor);

    if (rc != 0) return fail(err, rc, txn->store->maps[map]);
    rc = mdb_cursor_get(cursor, &k, &v, MDB_LAST);
    mdb_cursor_close(cursor);
    if (rc != 0 && rc != MDB_NOTFOUND) return fail(err, rc, txn->store->maps[map]);
    *key = rc == 0 ? as_bytes(k) : (struct bytes){NULL, 0};
    *value = rc == 0 ? as_bytes(v) : (struct bytes){NULL, 0};
    return true;
}

bool txn_scan(struct txn *txn, unsigned map, struct bytes prefix, struct bytes from,
              txn_visit *visit, void *cookie, struct error *err)
{
    MDB_val k = as_val(from.size == 0 ? prefix : from), v;
    MDB_cursor *cursor;
    int rc = mdb_cursor_open(txn->mdb, txn->store->handles[map], &cursor);

    if (rc != 0) return fail(err, rc, txn->store->maps[map]);
    for (rc = mdb_cursor_get(cursor, &k, &v, k.mv_size == 0 ? MDB_FIRST : MDB_SET_RANGE); rc == 0;
         rc = mdb_cursor_get(cursor, &k, &v, MDB_NEXT)) {
        if (k.mv_size < prefix.size || memcmp(k.mv_data, prefix.at, prefix.size) != 0) break;
        if (!visit(cookie, as_bytes(k), as_bytes(v))) break;
    }
    mdb_cursor_close(cursor);
    return rc == 0 || rc == MDB_NOTFOUND || fail(err, rc, txn->store->maps[map]);
}

/* Scrubbing. */

enum {
    FILLERS = 1024,     /* pages of memory that LMDB keeps to write with */
    FILLER_SIZE = 4080, /* a whole page with its head */
};

/* LMDB keeps the memory of pages that it has written and, where a new one is not full, writes what stood there before
 * along with it. Put zeroes there, and give that up. */
static bool fill_memory(struct store *store, struct error *err)
{
    static const uint8_t zeroes[FILLER_SIZE];
    struct txn *txn = txn_begin_write(store, err);
    bool is_ok = txn != NULL;

    for (unsigned i = 0; is_ok && i < FILLERS; i++) {
        const uint8_t key[] = {0xFF, 0xFF, (uint8_t)(i >> 8), (uint8_t)i};

        is_ok = txn_put(txn, 0, (struct bytes){key, sizeof key},
                        (struct bytes){zeroes, sizeof zeroes}, err);
    }
    txn_abort(txn);
    return is_ok;
}

/* The oldest snapshot that anybody reads; a line of mdb_reader_list is process, thread, transaction or "-". */
static int look_at_reader(const char *line, void *cookie)
{
    unsigned long long *oldest = cookie, at;

    if (sscanf(line, "%*d %*x %llu", &at) == 1 && at < *oldest) *oldest = at;
    return 0;
}

/* The pages that are free, and that nobody's snapshot has: each a bit. */
static int find_free(MDB_txn *txn, unsigned long long oldest, uint64_t last, uint8_t *bits,
                     bool *is_held)
{
    MDB_cursor *cursor;
    MDB_val key, value;
    int rc = mdb_cursor_open(
        txn, 0, &cursor); /* LMDB's own: when they came free, then how many, and which */

    if (rc != 0) return rc;
    while ((rc = mdb_cursor_get(cursor, &key, &value, MDB_NEXT)) == 0) {
        const size_t *pages = value.mv_data;
        size_t since;

        memcpy(&since, key.mv_data, sizeof since);
        if (since > oldest) {
            *is_held = true;
            continue;
        }
        for (size_t i = 1; i <= pages[0]; i++)
            if (pages[i] <= last) bits[pages[i] / 8] |= (uint8_t)(1u << pages[i] % 8);
    }
    mdb_cursor_close(cursor);
    return rc == MDB_NOTFOUND ? 0 : rc;
}

/* All at once, and before the pages: one that is replaced meanwhile is free by then, or has none of what stood there. */
static int scrub_values(const struct store *store, MDB_txn *txn, const struct scrubbing *scrubbing)
{
    int rc = 0;

    for (size_t i = 0; rc == 0 && store->maps[i] != NULL; i++) {
        MDB_cursor *cursor;
        MDB_val key, value;

        if ((rc = mdb_cursor_open(txn, store->handles[i], &cursor)) != 0) return rc;
        while ((rc = mdb_cursor_get(cursor, &key, &value, MDB_NEXT)) == 0)
            if (!scrub_behind(scrubbing, value.mv_data, value.mv_size)) break;
        mdb_cursor_close(cursor);
        rc = rc == 0 ? errno : rc == MDB_NOTFOUND ? 0 : rc;
    }
    return rc;
}

static bool scrub_some(struct store *store, MDB_txn *txn, struct scrub *scrub, size_t pages,
                       struct error *err)
{
    unsigned long long oldest;
    struct scrubbing scrubbing = {.fd = -1};
    MDB_envinfo info;
    MDB_stat stat;
    uint8_t *bits;
    bool is_ok;
    int rc;

    mdb_env_info(store->env, &info);
    mdb_env_stat(store->env, &stat);
    mdb_env_get_fd(store->env, &scrubbing.fd);
    oldest = info.me_last_txnid;
    mdb_reader_list(store->env, look_at_reader, &oldest);
    scrubbing.page_size = stat.ms_psize;
    scrubbing.last = info.me_last_pgno;
    if ((bits = calloc(1, (size_t)(scrubbing.last / 8 + 1))) == NULL) bug("out of memory");
    scrubbing.free = bits;
    rc = find_free(txn, oldest, scrubbing.last, bits, &scrub->is_held);
    if (rc == 0 && scrub->page == 0) rc = scrub_values(store, txn, &scrubbing);
    is_ok = rc == 0 || fail(err, rc, "scrub");
    if (is_ok && !scrub_pages(&scrubbing, pages, &scrub->page)) is_ok = fail(err, errno, "scrub");
    if (is_ok && scrub->page > scrubbing.last) {
        scrub->is_done = true;
        if (!scrub_tail(&scrubbing)) is_ok = fail(err, errno, "scrub");
    }
    free(bits);
    return is_ok;
}

bool store_scrub(struct store *store, struct scrub *scrub, size_t pages, struct error *err)
{
    struct txn *txn;
    bool is_ok;

    if (scrub->is_done) return true;
    if (scrub->page == 0 && !fill_memory(store, err)) return false;
    if ((txn = txn_begin_read(store, err)) == NULL) return false;
    is_ok = scrub_some(store, txn->mdb, scrub, pages, err);
    txn_abort(txn);
    return is_ok && (!scrub->is_done || store_sync(store, err));
}
