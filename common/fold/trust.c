/* state.mark, and what follows from it: go on from the state as it is, or fold everything into a
 * fresh one and swap it in. */
#include "fold/trust.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/boot.h"
#include "base/files.h"
#include "base/log.h"
#include "core/error.h"
#include "fold/fold.h"
#include "fold/positions.h"
#include "journal/journal.h"
#include "store/state.h"
#include "store/store.h"

static const size_t state_size_max = (size_t)64 << 30; /* bytes; sparse until written */

enum { NAME_SIZE = 128, MARK_SIZE = 256 };

static void name_of(const char *directory, const char *name, char path[NAME_SIZE])
{
    if (snprintf(path, NAME_SIZE, "%s/%s", directory, name) >= NAME_SIZE) bug("a name too long");
}

static bool write_mark(struct files *files, const char *directory, const char *fold_id,
                       bool is_clean, struct error *err)
{
    char name[NAME_SIZE], boot[BOOT_ID_SIZE], text[MARK_SIZE];
    int size;

    boot_id(boot); /* without one no boot is this boot */
    name_of(directory, "state.mark", name);
    size = snprintf(text, sizeof text, "boot %s\nclean %d\nfold %s\n", boot, is_clean, fold_id);
    return files_write(files, name, text, (size_t)size, true) ||
           error_set(err, ERROR_BROKEN, "mark", "%s: %s", name, strerror(errno));
}

static bool is_marked(struct files *files, const char *directory, const char *fold_id)
{
    char name[NAME_SIZE], boot[BOOT_ID_SIZE], text[MARK_SIZE], clean[MARK_SIZE], same[MARK_SIZE];
    size_t size = sizeof text - 1;

    name_of(directory, "state.mark", name);
    if (!files_read(files, name, text, &size) || size == 0) return false;
    text[size] = '\0';
    boot_id(boot);
    snprintf(same, sizeof same, "boot %s\nclean 0\nfold %s\n", boot, fold_id);
    snprintf(clean, sizeof clean, "clean 1\nfold %s\n", fold_id);
    if (boot[0] != '\0' && strcmp(text, same) == 0) return true;
    return size > strlen(clean) && strcmp(text + size - strlen(clean), clean) == 0;
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

static void remove_state(struct files *files, const char *directory, const char *name)
{
    char path[NAME_SIZE];

    for (int i = 0; i < 3; i++) {
        snprintf(path, sizeof path,
                 i == 0   ? "%s/%s/data.mdb"
                 : i == 1 ? "%s/%s/lock.mdb"
                          : "%s/%s",
                 directory, name);
        files_remove(files, path);
    }
}

/* Fold everything into a fresh environment and swap it in. It need not be flushed: until a clean end only
 * this boot believes it. */
static bool fold_anew(struct files *files, const char *directory, struct journal *journal,
                      struct fold *fold, struct error *err)
{
    char fresh[NAME_SIZE], state[NAME_SIZE], path[FILES_PATH_MAX];
    struct store *store;
    bool is_ok;

    name_of(directory, "state.fresh", fresh);
    name_of(directory, "state", state);
    files_path(files, fresh, path);
    if ((store = store_open(path, state_size_max, state_maps, STORE_VIEW, err)) == NULL)
        return false;
    is_ok = fold_forward(fold, store, journal, 0, err);
    store_close(store);
    if (!is_ok) return false;
    remove_state(files, directory, "state");
    return files_rename(files, fresh, state) ||
           error_set(err, ERROR_BROKEN, "state", "%s: %s", state, strerror(errno));
}

/* The state as it is, if it may be believed, brought forward. */
static struct store *go_on(struct files *files, const char *directory, const char *fold_id,
                           struct journal *journal, struct fold *fold, bool is_new,
                           struct error *err)
{
    char state[NAME_SIZE], path[FILES_PATH_MAX];
    struct store *store;

    name_of(directory, "state", state);
    files_path(files, state, path);
    if ((store = store_open(path, state_size_max, state_maps, STORE_VIEW, err)) == NULL)
        return NULL;
    if ((is_new || store_is_whole(store)) && stands_in(store, journal, err) &&
        write_mark(files, directory, fold_id, false, err) &&
        fold_forward(fold, store, journal, 0, err))
        return store;
    store_close(store);
    return NULL;
}

struct store *trust_open(struct files *files, const char *directory, const char *fold_id,
                         struct journal *journal, struct fold *fold, struct error *err)
{
    struct store *store = NULL;

    remove_state(files, directory, "state.fresh"); /* half of one, if any */
    if (is_marked(files, directory, fold_id))
        store = go_on(files, directory, fold_id, journal, fold, false, err);
    if (store != NULL) return store;
    log_info("folding", "batches=%llu", (unsigned long long)journal_head(journal).batch);
    if (!fold_anew(files, directory, journal, fold, err)) return NULL;
    return go_on(files, directory, fold_id, journal, fold, true, err);
}

void trust_doubt(struct files *files, const char *directory)
{
    char name[NAME_SIZE];

    name_of(directory, "state.mark", name);
    files_remove(files, name);
}

bool trust_close(struct files *files, const char *directory, const char *fold_id,
                 struct store *state, struct error *err)
{
    const bool is_ok = store_sync(state, err);

    store_close(state);
    return is_ok && write_mark(files, directory, fold_id, true, err);
}
