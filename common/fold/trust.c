/* state.mark, and what follows from it: go on from the state as it is, or fold everything into a
 * fresh one and swap it in. */
#include "fold/trust.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/boot.h"
#include "base/log.h"
#include "core/error.h"
#include "fold/fold.h"
#include "fold/positions.h"
#include "journal/journal.h"
#include "store/state.h"
#include "store/store.h"

static const size_t state_size_max = (size_t)64 << 30; /* bytes; sparse until written */

enum { PATH_SIZE = 256, MARK_SIZE = 256 };

static void path_of(const char *directory, const char *name, char path[PATH_SIZE])
{
    if (snprintf(path, PATH_SIZE, "%s/%s", directory, name) >= PATH_SIZE) bug("a path too long");
}

static bool sync_directory(const char *directory)
{
    const int fd = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    const bool is_ok = fd >= 0 && fsync(fd) == 0;

    if (fd >= 0) close(fd);
    return is_ok;
}

static bool write_mark(const char *directory, const char *fold_id, bool is_clean, struct error *err)
{
    char path[PATH_SIZE], part[PATH_SIZE], boot[BOOT_ID_SIZE], text[MARK_SIZE];
    int fd, size;
    bool is_ok;

    boot_id(boot); /* without one no boot is this boot */
    path_of(directory, "state.mark", path);
    path_of(directory, "state.mark.part", part);
    size = snprintf(text, sizeof text, "boot %s\nclean %d\nfold %s\n", boot, is_clean, fold_id);
    fd = open(part, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    is_ok = fd >= 0 && write(fd, text, (size_t)size) == size && fsync(fd) == 0;
    if (fd >= 0) close(fd);
    is_ok = is_ok && rename(part, path) == 0 && sync_directory(directory);
    return is_ok || error_set(err, ERROR_BROKEN, "mark", "%s: %s", path, strerror(errno));
}

static bool is_marked(const char *directory, const char *fold_id)
{
    char path[PATH_SIZE], boot[BOOT_ID_SIZE], text[MARK_SIZE], clean[MARK_SIZE], same[MARK_SIZE];
    ssize_t size;
    int fd;

    path_of(directory, "state.mark", path);
    if ((fd = open(path, O_RDONLY | O_CLOEXEC)) < 0) return false;
    size = read(fd, text, sizeof text - 1);
    close(fd);
    if (size <= 0) return false;
    text[size] = '\0';
    boot_id(boot);
    snprintf(same, sizeof same, "boot %s\nclean 0\nfold %s\n", boot, fold_id);
    snprintf(clean, sizeof clean, "clean 1\nfold %s\n", fold_id);
    if (boot[0] != '\0' && strcmp(text, same) == 0) return true;
    return (size_t)size > strlen(clean) && strcmp(text + size - strlen(clean), clean) == 0;
}

/* Whether where the state stands is a place in the journal. */
static bool stands_in(struct store *state, struct journal *journal, struct error *err)
{
    struct position stands = {0};
    struct batch_view view = {0};
    struct txn *txn = txn_begin_read(state, err), *read;
    bool is_in = txn != NULL && state_stands(txn, &stands, err);

    txn_abort(txn);
    if (!is_in || stands.batch == 0) return is_in;
    if ((read = journal_begin_read(journal, err)) == NULL) return false;
    is_in = journal_batch(read, stands.batch, &view, err) && view.header.at != NULL &&
            memcmp(view.hash, stands.hash, HASH_SIZE) == 0;
    txn_abort(read);
    return is_in ||
           error_set(err, ERROR_BROKEN, "state", "it stands at batch %llu of another journal",
                     (unsigned long long)stands.batch);
}

static void remove_state(const char *directory, const char *name)
{
    static const char *const files[] = {"data.mdb", "lock.mdb"};
    char folder[PATH_SIZE], path[PATH_SIZE + 16];

    path_of(directory, name, folder);
    for (int i = 0; i < 2; i++) {
        snprintf(path, sizeof path, "%s/%s", folder, files[i]);
        unlink(path);
    }
    rmdir(folder);
}

/* Fold everything into a fresh environment and swap it in. It need not be flushed: until a clean end only
 * this boot believes it. */
static bool fold_anew(const char *directory, struct journal *journal, struct fold *fold,
                      struct error *err)
{
    char fresh[PATH_SIZE], state[PATH_SIZE];
    struct store *store;
    bool is_ok;

    path_of(directory, "state.fresh", fresh);
    path_of(directory, "state", state);
    if ((store = store_open(fresh, state_size_max, state_maps, STORE_VIEW, err)) == NULL)
        return false;
    is_ok = fold_forward(fold, store, journal, 0, err);
    store_close(store);
    if (!is_ok) return false;
    remove_state(directory, "state");
    if (rename(fresh, state) == 0 && sync_directory(directory)) return true;
    return error_set(err, ERROR_BROKEN, "state", "%s: %s", state, strerror(errno));
}

/* The state as it is, if it may be believed, brought forward. */
static struct store *go_on(const char *directory, const char *fold_id, struct journal *journal,
                           struct fold *fold, bool is_new, struct error *err)
{
    char state[PATH_SIZE];
    struct store *store;

    path_of(directory, "state", state);
    if ((store = store_open(state, state_size_max, state_maps, STORE_VIEW, err)) == NULL)
        return NULL;
    if ((is_new || store_is_whole(store)) && stands_in(store, journal, err) &&
        write_mark(directory, fold_id, false, err) && fold_forward(fold, store, journal, 0, err))
        return store;
    store_close(store);
    return NULL;
}

struct store *trust_open(const char *directory, const char *fold_id, struct journal *journal,
                         struct fold *fold, struct error *err)
{
    struct store *store = NULL;

    remove_state(directory, "state.fresh"); /* half of one, if any */
    if (is_marked(directory, fold_id)) store = go_on(directory, fold_id, journal, fold, false, err);
    if (store != NULL) return store;
    log_info("folding", "batches=%llu", (unsigned long long)journal_head(journal).batch);
    if (!fold_anew(directory, journal, fold, err)) return NULL;
    return go_on(directory, fold_id, journal, fold, true, err);
}

void trust_doubt(const char *directory)
{
    char path[PATH_SIZE];

    path_of(directory, "state.mark", path);
    unlink(path);
}

bool trust_close(const char *directory, const char *fold_id, struct store *state, struct error *err)
{
    const bool is_ok = store_sync(state, err);

    store_close(state);
    return is_ok && write_mark(directory, fold_id, true, err);
}
