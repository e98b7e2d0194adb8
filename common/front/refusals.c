/* A table of entries, looked through from its beginning: whoever is refused can wait that long. */
#include "front/refusals.h"

#include <stdlib.h>
#include <string.h>

#include "base/random.h"
#include "core/error.h"
#include "core/text.h"

enum { GROWTH = 4 };

struct entry {
    struct refusal_note said; /* what it is; and of what is being said, how often and when */
    bool is_used, is_flying;
    int64_t times; /* not said yet */
    struct instant first, last;
    int64_t due_ms, window_ms, added_ms;
};

struct refusals {
    int64_t next_ms; /* nothing is due before */
    struct entry entries[REFUSALS_MAX];
};

struct refusals *refusals_create(void)
{
    struct refusals *refusals = calloc(1, sizeof *refusals);

    if (refusals == NULL) bug("out of memory");
    return refusals;
}

void refusals_destroy(struct refusals *refusals)
{
    free(refusals);
}

static bool is_same_id(bool has_a, struct id a, bool has_b, struct id b)
{
    return has_a == has_b && (!has_a || id_equal(a, b));
}

/* Whoever shows nothing is known by the address. */
static bool is_same_who(const struct audit_note *a, const struct audit_note *b)
{
    return a->kind == b->kind && a->has_address == b->has_address &&
           (!a->has_address || strcmp(a->address, b->address) == 0) &&
           (a->has_address ||
            is_same_id(a->has_credential, a->credential, b->has_credential, b->credential));
}

static bool is_same(const struct refusal_note *a, const struct refusal_note *b)
{
    return is_same_who(&a->note, &b->note) && strcmp(a->note.what, b->note.what) == 0 &&
           strcmp(a->note.code, b->note.code) == 0 &&
           is_same_id(a->note.has_about, a->note.about, b->note.has_about, b->note.about) &&
           is_same_id(a->note.has_credential, a->note.credential, b->note.has_credential,
                      b->note.credential) &&
           is_same_id(a->has_programme, a->programme, b->has_programme, b->programme);
}

static bool is_all_said(const struct entry *entry)
{
    return entry->times == 0 && !entry->is_flying && entry->said.note.times == 0;
}

static struct entry *find(struct refusals *refusals, const struct refusal_note *what)
{
    for (size_t i = 0; i < REFUSALS_MAX; i++)
        if (refusals->entries[i].is_used && is_same(&refusals->entries[i].said, what))
            return &refusals->entries[i];
    return NULL;
}

/* How many entries there are of the same who; and of addresses. */
static size_t count(const struct refusals *refusals, const struct audit_note *note,
                    size_t *addresses)
{
    size_t same = 0;

    *addresses = 0;
    for (size_t i = 0; i < REFUSALS_MAX; i++) {
        const struct entry *entry = &refusals->entries[i];

        if (!entry->is_used) continue;
        same += is_same_who(&entry->said.note, note);
        *addresses += entry->said.note.has_address;
    }
    return same;
}

static void forget_how(struct audit_note *note)
{
    strcpy(note->what, "*");
    strcpy(note->code, "*");
}

static void forget_details(struct audit_note *note)
{
    forget_how(note);
    note->has_about = false;
    note->about = (struct id){{0}};
}

/* Together with others, where it would be one too many. */
static void join(struct refusals *refusals, struct refusal_note *what)
{
    size_t addresses;
    const size_t same = count(refusals, &what->note, &addresses);
    const size_t most = REFUSALS_EACH + (what->note.has_address ? 0 : REFUSALS_ABOUT);

    if (same >= REFUSALS_EACH) forget_how(&what->note);
    if (same >= most && find(refusals, what) == NULL) forget_details(&what->note);
    if (!what->note.has_address || same > 0 || addresses < REFUSALS_ADDRESSES) return;
    forget_details(&what->note);
    strcpy(what->note.address, "*");
    what->note.has_role = what->note.has_actor = what->note.has_credential =
        what->note.has_organisation = what->has_programme = false;
}

/* A free one, or of those that have nothing to say the one that was quiet longest. */
static struct entry *make_room(struct refusals *refusals)
{
    struct entry *least = NULL;

    for (size_t i = 0; i < REFUSALS_MAX; i++) {
        struct entry *entry = &refusals->entries[i];

        if (!entry->is_used) return entry;
        if (is_all_said(entry) && (least == NULL || entry->added_ms < least->added_ms))
            least = entry;
    }
    return least;
}

static struct entry *begin(struct refusals *refusals, const struct refusal_note *what,
                           int64_t steady_ms)
{
    struct entry *entry = make_room(refusals);

    if (entry == NULL) return NULL;
    *entry = (struct entry){
        .said = *what, .is_used = true, .due_ms = steady_ms, .window_ms = REFUSALS_FIRST_MS};
    entry->said.note.times = 0;
    return entry;
}

bool refusals_add(struct refusals *refusals, const struct refusal_note *what, int64_t steady_ms)
{
    struct refusal_note joined = *what;
    struct entry *entry = find(refusals, what);

    if (entry == NULL) {
        join(refusals, &joined);
        entry = find(refusals, &joined);
    }
    if (entry == NULL && (entry = begin(refusals, &joined, steady_ms)) == NULL) return false;
    if (entry->times++ == 0) entry->first = what->note.first;
    entry->last = what->note.last;
    entry->added_ms = steady_ms;
    if (entry->due_ms < refusals->next_ms) refusals->next_ms = entry->due_ms;
    return true;
}

/* What has gathered is what is said now; what comes meanwhile is of the next time. */
static const struct refusal_note *take(struct entry *entry)
{
    struct audit_note *note = &entry->said.note;

    entry->is_flying = true;
    if (note->times > 0) return &entry->said; /* once more */
    note->times = entry->times;
    note->first = entry->first;
    note->last = entry->last;
    entry->times = 0;
    entry->said.command = random_id(note->last.ms);
    return &entry->said;
}

static bool is_over(const struct entry *entry, int64_t steady_ms)
{
    return is_all_said(entry) && steady_ms - entry->added_ms >= REFUSALS_KEPT_MS;
}

/* When it is due, or is to be forgotten. */
static int64_t next_look(const struct entry *entry)
{
    return is_all_said(entry) ? entry->added_ms + REFUSALS_KEPT_MS : entry->due_ms;
}

const struct refusal_note *refusals_next(struct refusals *refusals, int64_t steady_ms, bool all)
{
    int64_t next_ms = INT64_MAX;

    if (!all && steady_ms < refusals->next_ms) return NULL;
    for (size_t i = 0; i < REFUSALS_MAX; i++) {
        struct entry *entry = &refusals->entries[i];

        if (entry->is_used && is_over(entry, steady_ms)) entry->is_used = false;
        if (!entry->is_used || entry->is_flying) continue;
        if (!is_all_said(entry) && (all || entry->due_ms <= steady_ms)) return take(entry);
        if (next_look(entry) < next_ms) next_ms = next_look(entry);
    }
    refusals->next_ms = next_ms;
    return NULL;
}

void refusals_said(struct refusals *refusals, const struct refusal_note *what, bool is_done,
                   int64_t steady_ms)
{
    struct entry *entry = (struct entry *)(void *)(size_t)what; /* said is its first */

    entry->is_flying = false;
    entry->due_ms = steady_ms + (is_done ? entry->window_ms : REFUSALS_FIRST_MS);
    if (is_done) {
        entry->said.note.times = 0;
        if (entry->window_ms < REFUSALS_LAST_MS) entry->window_ms *= GROWTH;
    }
    if (entry->due_ms < refusals->next_ms) refusals->next_ms = entry->due_ms;
}
