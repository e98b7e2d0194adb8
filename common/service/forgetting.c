/* The ledger in memory, by whose it is, while it is compared with the state; and lines for what is being journaled. */
#include "service/forgetting.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "core/descriptor.h"
#include "core/error.h"
#include "core/text.h"
#include "fold/keys.h"
#include "fold/kinds.h"
#include "store/table.h"
#include "vault/ledger.h"

enum { NOT_PROTECTED = 0 }; /* the first word of protection */

/* What the ledger has of one. */
struct known {
    struct id id, cause;
    bool is_erased;
    char level[16]; /* the last that was said; "": none */
    int64_t at_ms;
    size_t order;
};

struct forgetting {
    const struct kinds *kinds;
    struct ledger *ledger; /* NULL: it is only looked at */
    size_t known_count, known_room;
    struct known *known; /* malloc'ed; sorted by id */
    size_t line_count, line_room;
    struct ledger_line *lines; /* malloc'ed; to be written */
    int64_t until_ms;          /* what was said from then on may be unknown to the state */
};

static void *grown(void *memory, size_t count, size_t *room, size_t size)
{
    if (count < *room) return memory;
    *room = *room == 0 ? 64 : 2 * *room;
    memory = realloc(memory, *room * size);
    if (memory == NULL) bug("out of memory");
    return memory;
}

/* What the ledger has. */

static void remember(void *cookie, const struct ledger_line *line)
{
    struct forgetting *f = cookie;
    struct known *known;

    f->known = grown(f->known, f->known_count, &f->known_room, sizeof *f->known);
    known = &f->known[f->known_count];
    *known = (struct known){.id = line->id,
                            .cause = line->cause,
                            .is_erased = strcmp(line->level, "-") == 0,
                            .at_ms = line->at_ms,
                            .order = f->known_count++};
    if (!known->is_erased) text_copy(known->level, sizeof known->level, line->level);
}

static int by_id(const void *a, const void *b)
{
    const struct known *one = a, *other = b;
    const int order = memcmp(&one->id, &other->id, sizeof one->id);

    if (order != 0) return order;
    return one->order < other->order ? -1 : one->order > other->order;
}

/* One for each, as its lines have left it: erased is erased. */
static void settle_known(struct forgetting *f)
{
    size_t kept = 0;

    if (f->known_count > 0) qsort(f->known, f->known_count, sizeof *f->known, by_id);
    for (size_t i = 0; i < f->known_count; i++) {
        struct known *last = kept == 0 ? NULL : &f->known[kept - 1];

        if (last == NULL || !id_equal(last->id, f->known[i].id))
            f->known[kept++] = f->known[i];
        else if (!last->is_erased)
            *last = f->known[i];
    }
    f->known_count = kept;
}

static int compare_id(const void *key, const void *element)
{
    const struct known *known = element;

    return memcmp(key, &known->id, sizeof known->id);
}

static const struct known *find(const struct forgetting *f, struct id id)
{
    if (f->known_count == 0) return NULL;
    return bsearch(&id, f->known, f->known_count, sizeof *f->known, compare_id);
}

static struct forgetting *create(const struct kinds *kinds)
{
    struct forgetting *f = calloc(1, sizeof *f);

    if (f == NULL) bug("out of memory");
    f->kinds = kinds;
    f->until_ms = INT64_MAX;
    return f;
}

struct forgetting *forgetting_open(struct files *files, const char *service,
                                   const struct kinds *kinds, struct error *err)
{
    struct forgetting *f = create(kinds);

    f->ledger = ledger_open(files, service, remember, f, err);
    settle_known(f);
    if (f->ledger != NULL) return f;
    forgetting_close(f);
    return NULL;
}

void forgetting_settle(struct forgetting *f)
{
    free(f->known);
    f->known = NULL;
    f->known_count = f->known_room = 0;
}

void forgetting_close(struct forgetting *f)
{
    if (f == NULL) return;
    forgetting_settle(f);
    ledger_close(f->ledger);
    free(f->lines);
    free(f);
}

/* What it lacks. */

static void add_line(struct forgetting *f, const struct kind *kind, struct id id, const char *level,
                     int64_t at_ms)
{
    struct ledger_line *line;

    f->lines = grown(f->lines, f->line_count, &f->line_room, sizeof *f->lines);
    line = &f->lines[f->line_count++];
    *line = (struct ledger_line){.at_ms = at_ms, .id = id};
    text_copy(line->event, sizeof line->event, kind->name);
    text_copy(line->level, sizeof line->level, level);
}

static unsigned level_of(const struct field *field, const void *value)
{
    unsigned level;

    memcpy(&level, (const char *)value + field->offset, sizeof level);
    return level;
}

/* What is said again is there already. */
void forgetting_note(struct forgetting *f, const struct kind *kind, struct id id, const void *body,
                     int64_t at_ms)
{
    const struct known *known = find(f, id);
    const struct field *field = kind->protection;
    const char *level = field == NULL ? "-" : field->words[level_of(field, body)];

    if (!kind->is_erasure && field == NULL) return;
    if (known != NULL && (field == NULL ? known->is_erased : strcmp(known->level, level) == 0))
        return;
    add_line(f, kind, id, level, at_ms);
}

bool forgetting_write(struct forgetting *f, struct error *err)
{
    if (f->line_count == 0) return true;
    if (!ledger_append(f->ledger, f->lines, f->line_count, err)) return false;
    f->line_count = 0;
    return true;
}

/* Comparing. */

void forgetting_add(struct dues *dues, const struct due *due)
{
    dues->at = grown(dues->at, dues->count, &dues->room, sizeof *dues->at);
    dues->at[dues->count++] = *due;
}

const struct kind *forgetting_erasure(const struct kinds *kinds)
{
    for (size_t i = 0; i < kinds->count; i++)
        if (kinds->at[i].is_erasure) return &kinds->at[i];
    return NULL;
}

void forgetting_compare_key(struct forgetting *f, struct id owner, bool is_erased,
                            struct dues *dues)
{
    const struct known *known = find(f, owner);
    const bool is_known = known != NULL && known->is_erased && known->at_ms < f->until_ms;
    const struct kind *kind = forgetting_erasure(f->kinds);

    if (kind == NULL) return;
    if (is_erased && (known == NULL || !known->is_erased))
        add_line(f, kind, owner, "-", clock_now_ms());
    else if (!is_erased && is_known)
        forgetting_add(dues, &(struct due){.kind = kind, .id = owner, .cause = known->cause});
}

struct comparing {
    struct forgetting *forgetting;
    const struct kind *kind;
    const struct field *field; /* of the row */
    struct txn *txn;
    struct dues *dues;
    struct error *err;
    bool is_ok;
};

/* A word that only a newer version has is not below any. */
static unsigned level_named(const struct field *field, const char *word)
{
    unsigned level = NOT_PROTECTED;

    while (level < field->max && strcmp(field->words[level], word) != 0)
        level++;
    return level < field->max ? level : NOT_PROTECTED;
}

/* Of who is erased nothing is protected any more. */
static bool is_erased(struct comparing *comparing, struct id id, bool *is)
{
    struct owner_key key;

    comparing->is_ok = key_get(comparing->txn, id, &key, comparing->err);
    *is = comparing->is_ok && key.is_erased;
    return comparing->is_ok;
}

static bool compare_row(void *cookie, struct id id, const void *row)
{
    struct comparing *comparing = cookie;
    struct forgetting *f = comparing->forgetting;
    const struct field *field = comparing->field;
    const struct known *known = find(f, id);
    const unsigned now = level_of(field, row);
    const unsigned said = known == NULL ? NOT_PROTECTED : level_named(field, known->level);
    bool is;

    if (now == said || (known != NULL && known->is_erased)) return true;
    if (known == NULL && f->ledger == NULL)
        return true; /* they came as they are: that is no change */
    if (!is_erased(comparing, id, &is)) return false;
    if (is) return true;
    if (now > said)
        add_line(f, comparing->kind, id, field->words[now], clock_now_ms());
    else if (known->at_ms < f->until_ms)
        forgetting_add(
            comparing->dues,
            &(struct due){.kind = comparing->kind, .id = id, .cause = known->cause, .level = said});
    return true;
}

bool forgetting_compare_rows(struct forgetting *f, struct txn *txn, struct dues *dues,
                             struct error *err)
{
    for (size_t i = 0; i < f->kinds->count; i++) {
        const struct kind *kind = &f->kinds->at[i];
        struct comparing comparing = {f, kind, NULL, txn, dues, err, true};

        if (kind->protection == NULL) continue;
        comparing.field = field_find(kind->owner->table->row, "protection");
        if (!table_scan(txn, kind->owner->table, NULL, compare_row, &comparing, err) ||
            !comparing.is_ok)
            return false;
    }
    return true;
}

/* Verifying. */

struct verifying {
    struct forgetting *forgetting;
    struct dues *dues;
};

static bool verify_key(void *cookie, struct id owner, const struct owner_key *key)
{
    const struct verifying *verifying = cookie;

    forgetting_compare_key(verifying->forgetting, owner, key->is_erased, verifying->dues);
    return true;
}

static bool differ(const char *service, const char *event, struct id id, const char *what,
                   struct error *err)
{
    char text[ID_TEXT_SIZE];

    id_write(id, text);
    return error_set(err, ERROR_BROKEN, "ledger", "ledger/%s: %s of %s %s", service, event, text,
                     what);
}

static bool say_differences(const struct forgetting *f, const struct dues *dues,
                            const char *service, struct error *err)
{
    if (dues->count > 0)
        return differ(service, dues->at[0].kind->name, dues->at[0].id,
                      "is not in the journal: the next start says it again", err);
    if (f->line_count > 0)
        return differ(service, f->lines[0].event, f->lines[0].id,
                      "is in the journal, and not in the ledger: lines were taken out of it", err);
    return true;
}

bool forgetting_verify(struct files *files, const char *service, const struct kinds *kinds,
                       struct txn *txn, int64_t until_ms, struct error *err)
{
    struct forgetting *f = create(kinds);
    struct dues dues = {0};
    struct verifying verifying = {f, &dues};
    bool is_ok =
        forgetting_erasure(kinds) == NULL || ledger_check(files, service, remember, f, err);

    f->until_ms = until_ms;
    settle_known(f);
    is_ok = is_ok && key_scan(txn, verify_key, &verifying, err) &&
            forgetting_compare_rows(f, txn, &dues, err) && say_differences(f, &dues, service, err);
    free(dues.at);
    forgetting_close(f);
    return is_ok;
}
