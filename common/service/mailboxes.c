/* An array in order of id, as the table is: bringing it up to date is a walk along both. */
#include "service/mailboxes.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/crypto.h"
#include "base/random.h"
#include "contract/common.h"
#include "core/descriptor.h"
#include "core/error.h"
#include "core/pack.h"
#include "fold/kinds.h"
#include "fold/positions.h"
#include "intake/mailbox.h"
#include "service/running.h"
#include "store/table.h"

enum { KEY_SIZE = 32, OPENED_MAX = 8192, PLAIN_MAX = 16384 };

struct mailbox {
    struct id row, sealed; /* the event that carries what was opened */
    uint8_t print[CRYPTO_FINGERPRINT_SIZE];
    bool is_there;
};

struct mailboxes {
    struct running *running;
    pthread_mutex_t turn;
    uint8_t *key; /* in locked memory */
    bool has_batch;
    uint64_t batch; /* that it stands at */
    size_t count;
    struct mailbox *at;
};

struct mailboxes *mailboxes_create(struct running *running)
{
    struct mailboxes *mailboxes = calloc(1, sizeof *mailboxes);

    if (mailboxes == NULL) bug("out of memory");
    mailboxes->running = running;
    mailboxes->key = crypto_locked_create(KEY_SIZE);
    random_bytes(mailboxes->key, KEY_SIZE);
    pthread_mutex_init(&mailboxes->turn, NULL);
    return mailboxes;
}

void mailboxes_destroy(struct mailboxes *mailboxes)
{
    if (mailboxes == NULL) return;
    pthread_mutex_destroy(&mailboxes->turn);
    crypto_locked_destroy(mailboxes->key);
    free(mailboxes->at);
    free(mailboxes);
}

static void print_of(const struct mailboxes *mailboxes, const char *text, uint8_t *print)
{
    char low[MAILBOX_MAX + 1];
    size_t size = 0;

    for (; text[size] != '\0' && size < MAILBOX_MAX; size++)
        low[size] =
            text[size] >= 'A' && text[size] <= 'Z' ? (char)(text[size] - 'A' + 'a') : text[size];
    crypto_fingerprint(mailboxes->key, KEY_SIZE, low, size, print);
    crypto_wipe(low, sizeof low);
}

/* Bringing it up to date. */

struct walk {
    struct mailboxes *mailboxes;
    const struct record *record;
    const struct field *sealed;
    size_t before; /* of the array as it was */
    size_t count;  /* of what it becomes */
    size_t room;
    struct mailbox *at;
};

static void set_print(const struct walk *walk, const void *plain, struct mailbox *mailbox)
{
    const struct field *field = field_find(walk->record->found_in, walk->record->found_by);
    const char *text = (const char *)plain + field->offset;

    mailbox->is_there = field->present == NO_FLAG || *((const bool *)plain + field->present);
    if (mailbox->is_there) print_of(walk->mailboxes, text, mailbox->print);
}

/* What cannot be opened is nobody's mailbox: an operator hears of it. */
static void open_mailbox(const struct walk *walk, const struct sealed *sealed,
                         struct mailbox *mailbox)
{
    const struct descriptor *descriptor = walk->record->found_in;
    _Alignas(16) char plain[PLAIN_MAX];
    uint8_t opened[OPENED_MAX];
    size_t size = sizeof opened;
    struct error err;

    if (descriptor->size > sizeof plain) bug("%s is larger than any", descriptor->name);
    mailbox->is_there = false;
    if (running_unseal(walk->mailboxes->running, sealed, descriptor->name, opened, &size, &err) &&
        unpack(descriptor, opened, size, plain, &err))
        set_print(walk, plain, mailbox);
    crypto_wipe(opened, sizeof opened);
    crypto_wipe(plain, sizeof plain);
}

static struct mailbox *add(struct walk *walk)
{
    if (walk->count == walk->room) {
        walk->room = walk->room == 0 ? 64 : 2 * walk->room;
        walk->at = realloc(walk->at, walk->room * sizeof *walk->at);
        if (walk->at == NULL) bug("out of memory");
    }
    return &walk->at[walk->count++];
}

/* As it was, if the row has the same sealed still. */
static const struct mailbox *known(struct walk *walk, struct id row, struct id sealed)
{
    const struct mailboxes *all = walk->mailboxes;

    while (walk->before < all->count && memcmp(&all->at[walk->before].row, &row, sizeof row) < 0)
        walk->before++;
    if (walk->before == all->count || !id_equal(all->at[walk->before].row, row)) return NULL;
    return id_equal(all->at[walk->before].sealed, sealed) ? &all->at[walk->before] : NULL;
}

static bool look_at(void *cookie, struct id id, const void *row)
{
    struct walk *walk = cookie;
    const bool is_there =
        walk->sealed->present == NO_FLAG || *((const bool *)row + walk->sealed->present);
    const struct mailbox *before;
    struct mailbox *mailbox;
    struct sealed sealed;

    if (!is_there) return true;
    memcpy(&sealed, (const char *)row + walk->sealed->offset, sizeof sealed);
    before = known(walk, id, sealed.event);
    mailbox = add(walk);
    if (before != NULL) {
        *mailbox = *before;
        return true;
    }
    *mailbox = (struct mailbox){.row = id, .sealed = sealed.event};
    open_mailbox(walk, &sealed, mailbox);
    return true;
}

static bool bring_up_to_date(struct mailboxes *mailboxes, struct txn *txn,
                             const struct table *table, const struct record *record,
                             struct error *err)
{
    struct walk walk = {
        .mailboxes = mailboxes, .record = record, .sealed = field_find(record->row, "sealed")};
    struct position stands;

    if (!state_stands(txn, &stands, err)) return false;
    if (mailboxes->has_batch && mailboxes->batch == stands.batch) return true;
    if (!table_scan(txn, table, NULL, look_at, &walk, err)) {
        free(walk.at);
        return false;
    }
    free(mailboxes->at);
    mailboxes->at = walk.at;
    mailboxes->count = walk.count;
    mailboxes->has_batch = true;
    mailboxes->batch = stands.batch;
    return true;
}

bool mailboxes_find(struct mailboxes *mailboxes, struct txn *txn, const struct table *table,
                    const struct record *record, const char *text, struct ids *found,
                    struct error *err)
{
    char mailbox[MAILBOX_MAX + 1];
    uint8_t print[CRYPTO_FINGERPRINT_SIZE];
    bool is_ok;

    if (mailbox_read(text, strlen(text), mailbox) != NULL) return true;
    pthread_mutex_lock(&mailboxes->turn);
    print_of(mailboxes, mailbox, print);
    is_ok = bring_up_to_date(mailboxes, txn, table, record, err);
    for (size_t i = 0; is_ok && i < mailboxes->count && found->count < IDS_MAX; i++)
        if (mailboxes->at[i].is_there && crypto_equal(mailboxes->at[i].print, print, sizeof print))
            is_ok = ids_add(found, mailboxes->at[i].row, err);
    pthread_mutex_unlock(&mailboxes->turn);
    return is_ok;
}
