/* A question answered from one snapshot: find the record, narrow it by an index where there is one,
 * leave out what the reader may not see, pack a page. */
#include "service/query.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/crypto.h"
#include "base/files.h"
#include "base/metrics.h"
#include "bus/refusal.h"
#include "core/error.h"
#include "core/input.h"
#include "core/life.h"
#include "core/pack.h"
#include "fold/fold.h"
#include "fold/keys.h"
#include "fold/kinds.h"
#include "fold/positions.h"
#include "fold/quarantine.h"
#include "journal/journal.h"
#include "service/dropped.h"
#include "service/mailboxes.h"
#include "service/meters.h"
#include "service/permission.h"
#include "service/running.h"
#include "service/turned_away.h"
#include "store/state.h"
#include "store/table.h"

enum {
    PAGE_BYTES = 256 * 1024,
    LOOK_MAX = 20000, /* rows that one query looks at */
    LOOK_EACH = 64,   /* between looks at the clock */
    HEAD_ROOM = 256,  /* for the page's head, at the front of bytes */
    OPENED_MAX = 8192,
    STATUS_MAX = 64 * 1024,
};

struct query_answer *query_answer_create(void)
{
    struct query_answer *answer = calloc(1, sizeof *answer);

    if (answer == NULL || (answer->bytes = malloc(QUERY_BYTES)) == NULL) bug("out of memory");
    return answer;
}

void query_answer_destroy(struct query_answer *answer)
{
    if (answer == NULL) return;
    free(answer->bytes);
    free(answer);
}

void query_wipe(struct query_answer *answer)
{
    if (answer->is_secret) crypto_wipe(answer->bytes, answer->used);
    answer->is_secret = answer->is_begun = false;
}

/* One query under way. */
struct looking {
    struct running *running;
    const struct bus_query *query;
    struct query_answer *answer;
    const struct aggregate *aggregate;
    const struct record *record;
    const struct field *filter;
    struct txn *txn;
    _Alignas(16) char *like, *row;
    struct whom whom; /* that a list is narrowed to */
    struct bus_page page;
    int64_t until_ns;
    uint32_t looked, looked_now; /* rows: in all, and before this pause */
    bool is_full, is_paused, is_broken;
    bool is_by_mailbox; /* the rows whose mailbox the query's value is */
    bool is_guarded;    /* of the row what tells where they are, from who asks; */
    bool is_hidden;     /* and all of it */
    bool is_withheld;   /* one was, for that */
    bool is_called;     /* the row: what is looked for, though it may not say so itself */
    struct error err;
};

/* Who may see a row. */

static const void *field_at(const void *row, const struct field *field)
{
    return (const char *)row + field->offset;
}

static bool is_absent(const void *row, const struct field *field)
{
    return field->present != NO_FLAG && !*((const bool *)((const char *)row + field->present));
}

static bool is_zero(struct id id)
{
    return id_equal(id, (struct id){{0}});
}

static struct id own_id(const struct bus_query *query, enum reader_is is)
{
    switch (is) {
    case READER_ID: return query->actor;
    case READER_ORGANISATION: return query->organisation;
    case READER_PROGRAMME: return query->programme;
    case READER_WHOLE: return is_zero(query->organisation) ? query->programme : (struct id){{0}};
    case READER_KNOWN:
        if (query->role == ACTOR_ROLE_PROGRAMME_ADMIN ||
            query->role == ACTOR_ROLE_DATA_PROTECTION_OFFICER)
            return query->programme;
        return query->role == ACTOR_ROLE_COORDINATOR ? query->organisation : query->actor;
    }
    bug("reader %u", is);
}

static struct nearness nearness_of(const struct bus_query *query)
{
    return (struct nearness){.role = role_bit(query->role),
                             .person = query->has_actor ? query->actor : (struct id){{0}},
                             .is_cleared = query->has_cleared && query->cleared,
                             .is_shared = query->has_shared && query->shared};
}

static struct knowing knowing_of(const struct bus_query *query)
{
    return (struct knowing){.organisation = query->organisation,
                            .person = query->actor,
                            .programme = query->programme,
                            .at = {clock_now_ms()},
                            .near = nearness_of(query)};
}

static bool is_known(struct looking *looking, const void *row, bool *is)
{
    const struct knowing who = knowing_of(looking->query);

    return looking->aggregate->knows(looking->txn, row, &who, is, &looking->err);
}

static bool is_near_all(const struct nearness *who)
{
    return who->role == ROLE_SYS || who->is_cleared;
}

/* Whether a row is about somebody under protection, and who asks is not near. */
static bool find_guarded(struct looking *looking, const void *row)
{
    const struct nearness who = nearness_of(looking->query);
    struct guarded guarded = {0};

    looking->is_guarded = looking->is_hidden = false;
    if (is_near_all(&who) || looking->aggregate->guards == NULL) return true;
    if (!looking->aggregate->guards(looking->txn, row, &guarded, &looking->err)) return false;
    looking->is_guarded = !near_each(&who, &guarded);
    looking->is_hidden = looking->record->is_guarded && !near_row(&who, &guarded);
    return true;
}

/* What tells where somebody is tells nobody that a row is theirs, nor finds it. */
static bool is_blind(const struct looking *looking, const struct field *field)
{
    return looking->is_guarded && (field->flags & FIELD_PLACE) != 0;
}

/* false: it could not be found out. */
static bool find_whether(struct looking *looking, const struct reader *reader, const void *row,
                         bool *may)
{
    const struct id own = own_id(looking->query, reader->is);

    if (is_absent(row, reader->field) || is_zero(own) || is_blind(looking, reader->field))
        return true;
    if (reader->is == READER_KNOWN) return is_known(looking, row, may);
    *may = memcmp(field_at(row, reader->field), &own, sizeof own) == 0;
    return true;
}

/* Whose a row is never crosses programmes, by whatever else it would be somebody's. */
static bool is_of_programme(const struct looking *looking, const void *row)
{
    const struct field *programme = field_find(looking->record->row, "programme");

    return programme != NULL &&
           memcmp(field_at(row, programme), &looking->query->programme, sizeof(struct id)) == 0;
}

static bool may_see(struct looking *looking, const void *row, bool *may)
{
    const unsigned role = 1u << looking->query->role;

    *may = role == ROLE_SYS;
    if (!*may && !is_of_programme(looking, row)) return true;
    if (record_is_draft(looking->record, row, role)) return true;
    for (size_t i = 0; i < looking->record->reader_count && !*may; i++) {
        const struct reader *reader = &looking->record->readers[i];

        if ((reader->roles & role) != 0 && !find_whether(looking, reader, row, may)) return false;
    }
    return true;
}

bool query_may_see(struct txn *txn, const struct aggregate *aggregate,
                   const struct bus_query *query, const void *row, bool *may, struct error *err)
{
    struct looking *looking = calloc(1, sizeof *looking);
    bool is_ok;

    if (looking == NULL) bug("out of memory");
    looking->query = query;
    looking->aggregate = aggregate;
    looking->record = &aggregate->contract->records[0];
    looking->txn = txn;
    is_ok = find_guarded(looking, row) && may_see(looking, row, may);
    if (!is_ok) *err = looking->err;
    free(looking);
    return is_ok;
}

/* Filters: the value as it stands in JSON, into a row that the others are compared with. */

static bool set_word(const struct field *field, const char *value, void *to)
{
    for (unsigned i = 0; i < field->max; i++) {
        if (strcmp(field->words[i], value) != 0) continue;
        memcpy(to, &i, sizeof i);
        return true;
    }
    return false;
}

static bool set_bytes(const struct field *field, const char *value, char *to)
{
    size_t size = (size_t)field->max;
    uint32_t taken;

    if (!crypto_base64_decode(value, strlen(value), to + field->first, &size)) return false;
    taken = (uint32_t)size;
    memcpy(to, &taken, sizeof taken);
    return true;
}

static bool set_like(const struct field *field, const char *value, char *row)
{
    char *to = row + field->offset;

    if (field->present != NO_FLAG) row[field->present] = 1;
    switch (field->type) {
    case FIELD_WORD: return set_word(field, value, to);
    case FIELD_ID: return id_read(value, (uint32_t)strlen(value), (struct id *)(void *)to);
    case FIELD_BYTES: return set_bytes(field, value, to);
    case FIELD_TEXT:
        if (strlen(value) > 4 * (size_t)field->max) return false;
        memcpy(to, value, strlen(value) + 1);
        return true;
    case FIELD_BOOL:
        *(bool *)to = strcmp(value, "true") == 0;
        return *(bool *)to || strcmp(value, "false") == 0;
    case FIELD_INT:
    case FIELD_INSTANT:
    case FIELD_DATE:
    case FIELD_PARTIAL_DATE:
    case FIELD_OBJECT:
    case FIELD_LIST: return false;
    }
    bug("filter on %s", field->name);
}

static bool is_like(const struct field *field, const char *like, const char *row)
{
    const char *a = like + field->offset, *b = row + field->offset;
    uint32_t size;

    if (is_absent(row, field)) return false;
    switch (field->type) {
    case FIELD_WORD: return memcmp(a, b, sizeof(unsigned)) == 0;
    case FIELD_ID: return memcmp(a, b, sizeof(struct id)) == 0;
    case FIELD_BOOL: return *a == *b;
    case FIELD_TEXT: return strcmp(a, b) == 0;
    case FIELD_BYTES: memcpy(&size, a, sizeof size); return memcmp(a, b, field->first + size) == 0;
    case FIELD_INT:
    case FIELD_INSTANT:
    case FIELD_DATE:
    case FIELD_PARTIAL_DATE:
    case FIELD_OBJECT:
    case FIELD_LIST: return false;
    }
    bug("filter on %s", field->name);
}

/* Adding rows. */

static void add_frame(struct query_answer *answer, const void *at, size_t size)
{
    if (answer->used + size > QUERY_BYTES) bug("a page of more than %d bytes", QUERY_BYTES);
    memmove(answer->bytes + answer->used, at, size);
    answer->frames[answer->count++] = (struct frame){answer->bytes + answer->used, size};
    answer->used += size;
}

static bool fail(struct looking *looking)
{
    looking->is_broken = true;
    return false;
}

static bool is_shown(const struct field *field, const struct bus_query *query)
{
    const unsigned role = 1u << query->role;

    if (field->only == 0 && field->only_whole == 0) return true;
    return (field->only & role) != 0 ||
           ((field->only_whole & role) != 0 && is_zero(query->organisation));
}

static void hide_in(const struct looking *looking, const struct descriptor *descriptor,
                    char *value);

/* Of what stands inside, each by itself. */
static void hide_inside(const struct looking *looking, const struct field *field, char *at)
{
    uint32_t count;

    if (field->type == FIELD_OBJECT) hide_in(looking, field->object, at);
    if (field->type != FIELD_LIST || field->item->type != FIELD_OBJECT) return;
    memcpy(&count, at, sizeof count);
    for (uint32_t i = 0; i < count; i++)
        hide_in(looking, field->item->object, at + field->first + i * field->stride);
}

/* What is shown to others only is as if it were absent. */
static void hide_in(const struct looking *looking, const struct descriptor *descriptor, char *value)
{
    for (size_t i = 0; i < descriptor->count; i++) {
        const struct field *field = &descriptor->fields[i];

        if (is_blind(looking, field) && field->present == NO_FLAG)
            bug("%s.%s: cannot be absent", descriptor->name, field->name);
        if (!is_shown(field, looking->query) || is_blind(looking, field))
            value[field->present] = 0;
        else
            hide_inside(looking, field, value + field->offset);
    }
}

static void hide(const struct looking *looking, char *row)
{
    if (1u << looking->query->role != ROLE_SYS) hide_in(looking, looking->record->row, row);
}

/* Whether the row points to something else by now; *sealed becomes that. */
static bool is_superseded(struct looking *looking, const void *row, const struct field *field,
                          struct sealed *sealed)
{
    const struct table *table = looking->aggregate->table;
    const struct id event = sealed->event;
    struct txn *txn = txn_begin_read(looking->running->state, &looking->err);
    char *now = calloc(1, table->row->size);

    if (now == NULL) bug("out of memory");
    if (txn != NULL &&
        table_get(txn, table, *(const struct id *)field_at(row, field_find(table->row, "id")), now,
                  &looking->err) &&
        !is_absent(now, field))
        memcpy(sealed, field_at(now, field), sizeof *sealed);
    txn_abort(txn);
    free(now);
    return !id_equal(sealed->event, event);
}

/* What was sealed when this snapshot was made may be gone: then it is what was sealed in its place. */
static bool open_sealed(struct looking *looking, const void *row, const struct field *field,
                        uint8_t *opened, size_t *size)
{
    const char *name = looking->record->opens->name;
    const size_t room = *size;
    struct sealed sealed;

    memcpy(&sealed, field_at(row, field), sizeof sealed);
    while (!running_try_unseal(looking->running, &sealed, name, opened, size, &looking->err)) {
        const struct error why = looking->err;

        if (strcmp(why.code, "vault.blob_missing") == 0 &&
            is_superseded(looking, row, field, &sealed)) {
            *size = room;
            continue;
        }
        looking->err = why;
        return running_not_opened(looking->running, &sealed, &looking->err);
    }
    return true;
}

/* What is sealed of it, if there is any: it may be erased meanwhile. */
static bool open_row(struct looking *looking, const void *row, uint8_t *opened, size_t *size)
{
    const struct field *field = field_find(looking->record->row, "sealed");
    const struct descriptor *opens = looking->record->opens;

    if (field != NULL && !is_absent(row, field) && opens != NULL &&
        open_sealed(looking, row, field, opened, size))
        return true;
    *size = 0;
    return field == NULL || is_absent(row, field) || opens == NULL ||
           looking->err.kind == ERROR_NOT_FOUND;
}

/* What the vault has for the row, or an empty frame if it has nothing. That something cannot be opened is an
 * error of ours, whatever it comes of: nobody asks otherwise for that. */
static bool add_opened(struct looking *looking, const void *row)
{
    uint8_t opened[OPENED_MAX];
    size_t size = sizeof opened;

    looking->answer->is_secret = true;
    if (!open_row(looking, row, opened, &size)) {
        looking->err.kind = ERROR_BROKEN;
        return fail(looking);
    }
    add_frame(looking->answer, opened, size);
    crypto_wipe(opened, size);
    return true;
}

/* A row as it lies in the store, if it may be seen and is like what is looked for. */
static bool add_row(struct looking *looking, struct id id)
{
    const struct table *table = looking->aggregate->table;
    struct query_answer *answer = looking->answer;
    size_t size = QUERY_BYTES - answer->used;
    bool may;

    if (looking->filter != NULL && !looking->is_called &&
        !is_like(looking->filter, looking->like, looking->row))
        return true;
    if (!find_guarded(looking, looking->row)) return fail(looking);
    if (looking->filter != NULL && is_blind(looking, looking->filter)) return true;
    if (!may_see(looking, looking->row, &may)) return fail(looking);
    looking->is_withheld |= may && looking->is_hidden;
    if (!may || looking->is_hidden) return true;
    if (looking->page.count >= looking->query->limit || answer->used > PAGE_BYTES) {
        looking->is_full = true;
        return false;
    }
    hide(looking, looking->row);
    if (looking->aggregate->complete != NULL &&
        !looking->aggregate->complete(looking->txn, looking->row, (struct instant){clock_now_ms()},
                                      &looking->err))
        return fail(looking);
    if (!pack(table->row, looking->row, answer->bytes + answer->used, &size, &looking->err))
        return fail(looking);
    add_frame(answer, answer->bytes + answer->used, size);
    if (looking->query->open && !add_opened(looking, looking->row)) return false;
    looking->page.count++;
    looking->page.next = id;
    return true;
}

/* Whether one more may be looked at: not too many in all, nor for too long at once. */
static bool may_look(struct looking *looking)
{
    if (looking->looked == LOOK_MAX) {
        looking->is_full = true;
        return false;
    }
    if (looking->looked_now > 0 && looking->looked_now % LOOK_EACH == 0 &&
        clock_steady_ns() > looking->until_ns) {
        looking->is_paused = true;
        return false;
    }
    looking->looked++;
    looking->looked_now++;
    return true;
}

static bool look_at(void *cookie, struct id id, const void *row)
{
    struct looking *looking = cookie;

    if (!may_look(looking)) return false;
    memcpy(looking->row, row, looking->aggregate->table->row->size);
    if (!add_row(looking, id)) return false;
    looking->page.next = id;
    return true;
}

/* The only way in which the actor's role may see rows, when there is one that is narrow; *is_none: there is
 * no way. */
static const struct reader *only_reader(const struct looking *looking, bool *is_none)
{
    const unsigned role = 1u << looking->query->role;
    const struct reader *only = NULL;
    size_t count = 0;

    for (size_t i = 0; role != ROLE_SYS && i < looking->record->reader_count; i++) {
        const struct reader *reader = &looking->record->readers[i];

        if ((reader->roles & role) == 0 || is_zero(own_id(looking->query, reader->is))) continue;
        only = reader;
        count++;
    }
    *is_none = role != ROLE_SYS && count == 0;
    return count == 1 ? only : NULL;
}

static const struct index *index_of(const struct table *table, const char *name)
{
    for (size_t i = 0; table->indexes[i] != NULL; i++) {
        const struct index *index = table->indexes[i];

        if (index->holds == NULL && strcmp(index->fields[0], name) == 0 && index->fields[1] == NULL)
            return index;
    }
    return NULL;
}

static void set_id(struct looking *looking, const struct field *field, struct id id)
{
    memcpy(looking->like + field->offset, &id, sizeof id);
    if (field->present != NO_FLAG) looking->like[field->present] = 1;
}

/* Somebody else's is looked for, by the very field that makes rows the actor's own. */
static bool is_for_anothers(const struct looking *looking, const struct reader *reader)
{
    const struct id own = reader == NULL ? (struct id){{0}} : own_id(looking->query, reader->is);

    return reader != NULL && reader->is != READER_KNOWN && looking->filter == reader->field &&
           memcmp(field_at(looking->like, reader->field), &own, sizeof own) != 0;
}

/* An index that begins with what the actor's own are known by; not the programme's, of which a filter may find some. */
static const struct index *own_index(struct looking *looking, const struct reader *reader)
{
    const bool is_own =
        reader != NULL && (reader->is == READER_ID || reader->is == READER_ORGANISATION);
    const struct index *index =
        is_own ? index_of(looking->aggregate->table, reader->field->name) : NULL;

    if (index != NULL) set_id(looking, reader->field, own_id(looking->query, reader->is));
    return index;
}

/* An index that begins with what is looked for: alone, or behind the actor's programme. */
static const struct index *index_for(struct looking *looking, size_t *count)
{
    const struct table *table = looking->aggregate->table;
    const struct field *programme = field_find(table->row, "programme");
    const bool has_programme = looking->query->has_programme && programme != NULL;

    for (size_t i = 0; looking->filter != NULL && table->indexes[i] != NULL; i++) {
        const struct index *index = table->indexes[i];
        const char *name = looking->filter->name;

        if (index->holds != NULL) continue;
        if (strcmp(index->fields[0], name) == 0 && index->fields[1] == NULL) {
            *count = 1;
            return index;
        }
        if (!has_programme || index->fields[1] == NULL || index->fields[2] != NULL) continue;
        if (strcmp(index->fields[0], "programme") != 0 || strcmp(index->fields[1], name) != 0)
            continue;
        set_id(looking, programme, looking->query->programme);
        *count = 2;
        return index;
    }
    return NULL;
}

/* Where a list goes on: behind what was looked at before a pause, or where the asker wants it. */
static const struct id *begin_behind(const struct looking *looking, struct id *after)
{
    const bool was_paused = looking->looked > 0;

    *after = was_paused ? looking->page.next : looking->query->after;
    return was_paused || looking->query->has_after ? after : NULL;
}

static bool look_by_index(struct looking *looking, const struct index *index, size_t count)
{
    const struct table *table = looking->aggregate->table;
    struct id after;
    const struct id *behind = begin_behind(looking, &after);
    struct ids found = {0};

    do {
        found.count = 0;
        if (!index_find(looking->txn, table, index, looking->like, count, behind, IDS_MAX, &found,
                        &looking->err))
            return false;
        for (uint32_t i = 0; i < found.count && may_look(looking); i++) {
            after = found.at[i];
            if (!table_get(looking->txn, table, after, looking->row, &looking->err)) return false;
            if (!add_row(looking, after)) break;
            looking->page.next = after;
        }
        behind = &after;
    } while (found.count == IDS_MAX && !looking->is_full && !looking->is_paused &&
             !looking->is_broken);
    return true;
}

/* By several ways, each of which leads to rows in order of id: whom they have to do with, or the programme's, state by state. */

struct way {
    const struct whose *whose;
    const struct index *index; /* NULL: it is the row's own id */
    struct id next;            /* of its rows */
    bool is_over;
};

static int compare_ids(const void *a, const void *b)
{
    return memcmp(a, b, sizeof(struct id));
}

static int compare_whose(const void *a, const void *b)
{
    const struct whose *x = a, *y = b;

    if (x->by != y->by) return (uintptr_t)x->by < (uintptr_t)y->by ? -1 : 1;
    return memcmp(x->at, y->at, sizeof x->at);
}

static void sort_once(struct whom *whom)
{
    uint32_t kept = 0;

    qsort(whom->at, whom->count, sizeof whom->at[0], compare_whose);
    for (uint32_t i = 0; i < whom->count; i++)
        if (i == 0 || compare_whose(&whom->at[i], &whom->at[kept - 1]) != 0)
            whom->at[kept++] = whom->at[i];
    whom->count = kept;
}

/* False too: nobody can be told apart, or the rows cannot be found so. */
static bool find_whom(struct looking *looking, const struct reader *reader)
{
    const struct knowing who = knowing_of(looking->query);
    struct whom *whom = &looking->whom;
    size_t count;

    if (reader == NULL || reader->is != READER_KNOWN || looking->aggregate->whom == NULL)
        return false;
    if (looking->filter != NULL && looking->filter->type == FIELD_ID &&
        index_for(looking, &count) != NULL)
        return false; /* one thing's are fewer */
    whom->count = 0;
    whom->is_all = false;
    if (!looking->aggregate->whom(looking->txn, &who, whom, &looking->err)) {
        looking->is_broken = true;
        return true;
    }
    sort_once(whom);
    return !whom->is_all;
}

static void add_states(struct whom *whom, const struct index *index, const struct field *field,
                       struct id programme)
{
    for (unsigned word = 0; word < field->max; word++) {
        struct whose whose = {index, {programme}, sizeof programme + 1};

        whose.at[1].bytes[0] = (uint8_t)word;
        whom_add_whose(whom, whose);
    }
}

/* All of the programme's: where no index begins with it alone, one goes on with a word that every row has, such as its
 * state. False: there is none. */
static bool find_programmes(struct looking *looking)
{
    const struct table *table = looking->aggregate->table;
    const struct id programme = looking->query->programme;

    looking->whom.count = 0;
    for (size_t i = 0; table->indexes[i] != NULL; i++) {
        const struct index *index = table->indexes[i];
        const struct field *second =
            index->fields[1] == NULL ? NULL : field_find(table->row, index->fields[1]);

        if (index->holds != NULL || strcmp(index->fields[0], "programme") != 0) continue;
        if (second == NULL)
            whom_add_by(&looking->whom, index, programme);
        else if (index->fields[2] == NULL && second->type == FIELD_WORD &&
                 second->present == NO_FLAG)
            add_states(&looking->whom, index, second, programme);
        if (looking->whom.count > 0) return true;
    }
    return false;
}

static bool step(struct looking *looking, struct way *way, const struct id *behind)
{
    bool has;

    if (way->index == NULL) { /* there is one, or none */
        way->next = way->whose->at[0];
        way->is_over = behind != NULL && compare_ids(&way->next, behind) <= 0;
        return true;
    }
    if (!index_next(looking->txn, way->index, way->whose->at, way->whose->size, behind, &way->next,
                    &has, &looking->err))
        return false;
    way->is_over = !has;
    return true;
}

static const struct way *first_of(const struct way *ways, uint32_t count)
{
    const struct way *first = NULL;

    for (uint32_t i = 0; i < count; i++)
        if (!ways[i].is_over && (first == NULL || compare_ids(&ways[i].next, &first->next) < 0))
            first = &ways[i];
    return first;
}

/* Several may lead to the same row. */
static bool step_behind(struct looking *looking, struct way *ways, struct id id)
{
    for (uint32_t i = 0; i < looking->whom.count; i++)
        if (!ways[i].is_over && id_equal(ways[i].next, id) && !step(looking, &ways[i], &id))
            return false;
    return true;
}

/* There may be no such row, where another table's index leads to it, or its own id. */
static bool is_there(const struct looking *looking, struct id id)
{
    return memcmp(field_at(looking->row, field_find(looking->aggregate->table->row, "id")), &id,
                  sizeof id) == 0;
}

static bool look_by_ways(struct looking *looking, const struct index *by_field)
{
    const struct table *table = looking->aggregate->table;
    struct way ways[WHOM_MAX];
    const struct way *way;
    struct id after;
    const struct id *behind = begin_behind(looking, &after);

    for (uint32_t i = 0; i < looking->whom.count; i++) {
        const struct whose *whose = &looking->whom.at[i];

        ways[i] = (struct way){.whose = whose, .index = whose->by != NULL ? whose->by : by_field};
        if (!step(looking, &ways[i], behind)) return false;
    }
    while ((way = first_of(ways, looking->whom.count)) != NULL && may_look(looking)) {
        const struct id id = way->next;

        if (!table_get(looking->txn, table, id, looking->row, &looking->err)) return false;
        if (is_there(looking, id) && !add_row(looking, id)) break;
        looking->page.next = id;
        if (!step_behind(looking, ways, id)) return false;
    }
    return true;
}

static void add_may_record(struct looking *looking, unsigned state)
{
    const enum role role = role_bit(looking->query->role);
    struct bus_page *page = &looking->page;

    _Static_assert(LIFE_VOICES <= sizeof page->may_record.at / sizeof page->may_record.at[0],
                   "a mask for each voice");
    page->has_may_record = true;
    page->may_record.count = LIFE_VOICES;
    for (unsigned of = 0; of < LIFE_VOICES; of++)
        page->may_record.at[of] =
            (int64_t)life_may_record(looking->aggregate->life, state, role, (enum voice)of);
}

/* What the asker's role may command of the single row that was found, and write down for others. */
static void add_may(struct looking *looking)
{
    const struct life *life = looking->aggregate->life;
    const struct field *field = field_find(looking->record->row, "state");
    unsigned state = 0;

    if (life == NULL || looking->page.count == 0) return;
    if (field != NULL) memcpy(&state, field_at(looking->row, field), sizeof state);
    looking->page.has_may = true;
    looking->page.may = (int64_t)life_may(life, state, 1u << looking->query->role);
    add_may_record(looking, state);
}

static bool look_by_key(struct looking *looking, struct id key)
{
    const struct id *at = field_find(looking->aggregate->table->row, "id") == NULL ? NULL : &key;

    if (!table_get(looking->txn, looking->aggregate->table, key, looking->row, &looking->err))
        return false;
    if (at != NULL && !id_equal(*(const struct id *)field_at(
                                    looking->row, field_find(looking->aggregate->table->row, "id")),
                                key))
        return true; /* no such row */
    if (!add_row(looking, key)) return false;
    if (looking->is_withheld) return refuse(&looking->err, &life_guarded);
    looking->page.has_withheld = looking->page.withheld = looking->page.count == 0;
    add_may(looking);
    return true;
}

/* A list of at most one. */
static bool look_by_own_id(struct looking *looking, struct id own)
{
    const struct bus_query *query = looking->query;

    if (query->has_after && memcmp(&own, &query->after, sizeof own) <= 0) return true;
    return look_by_key(looking, own);
}

static bool look_by_mailbox(struct looking *looking)
{
    const struct table *table = looking->aggregate->table;
    struct ids found = {0};

    if (!mailboxes_find(looking->running->mailboxes, looking->txn, table, looking->record,
                        looking->query->value, &found, &looking->err))
        return false;
    for (uint32_t i = 0; i < found.count; i++) {
        if (!table_get(looking->txn, table, found.at[i], looking->row, &looking->err)) return false;
        if (!add_row(looking, found.at[i])) break;
    }
    return true;
}

/* By what others call it. */

/* Of whom rows say no more than a print, nobody finds them but who is cleared, and whose word it is. */
static bool may_call(const struct looking *looking)
{
    const struct bus_query *query = looking->query;
    const struct called *called = looking->aggregate->called;
    const struct nearness who = nearness_of(query);

    if (called == NULL || looking->filter == NULL || looking->running->vault == NULL ||
        !query->has_programme || strcmp(looking->filter->name, called->as) != 0)
        return false;
    return who.role == ROLE_AG || is_near_all(&who);
}

struct calling {
    struct looking *looking;
    struct ids *found;
};

static bool find_by_print(void *cookie, struct id whose, struct error *err)
{
    const struct calling *calling = cookie;
    struct looking *looking = calling->looking;
    const struct called *called = looking->aggregate->called;
    const struct table *table = looking->aggregate->table;
    struct owner_key known;
    struct id print;

    if (!key_get(looking->txn, whose, &known, err)) return false;
    if (!known.is_there || known.is_erased) return true;
    if (!vault_alias(looking->running->vault, known.key, looking->query->value, &print, err))
        return running_without_key(err);
    set_id(looking, field_find(table->row, called->print), print);
    return index_find(looking->txn, table, called->prints, looking->like, 1, NULL, IDS_MAX,
                      calling->found, err);
}

/* Few are called the same: all of them, in order, and some perhaps twice. */
static bool find_called(struct looking *looking, struct ids *found)
{
    const struct bus_query *query = looking->query;
    struct calling calling = {looking, found};
    const struct index *plain;
    size_t count;
    bool is_ok;

    if (query->role == ACTOR_ROLE_AGENCY_SYSTEM)
        is_ok = find_by_print(&calling, query->actor, &looking->err);
    else
        is_ok = looking->aggregate->called->by(looking->txn, query->programme, find_by_print,
                                               &calling, &looking->err);
    if (!is_ok) return false;
    plain = index_for(looking, &count);
    if (plain != NULL && !index_find(looking->txn, looking->aggregate->table, plain, looking->like,
                                     count, NULL, IDS_MAX, found, &looking->err))
        return false;
    qsort(found->at, found->count, sizeof found->at[0], compare_ids);
    return true;
}

static bool look_by_called(struct looking *looking)
{
    struct id after;
    const struct id *behind = begin_behind(looking, &after);
    struct ids found = {0};

    if (!find_called(looking, &found)) return false;
    looking->is_called = true;
    for (uint32_t i = 0; i < found.count; i++) {
        if (behind != NULL && compare_ids(&found.at[i], behind) <= 0) continue;
        if (!may_look(looking)) return true;
        after = found.at[i];
        behind = &after;
        if (!table_get(looking->txn, looking->aggregate->table, after, looking->row, &looking->err))
            return false;
        if (!add_row(looking, after)) return true;
        looking->page.next = after;
    }
    return true;
}

static bool look(struct looking *looking)
{
    const struct reader *reader;
    const struct index *index;
    struct id after;
    size_t count = 1;
    bool is_none;

    if (looking->is_by_mailbox) return look_by_mailbox(looking);
    if (looking->query->has_key) return look_by_key(looking, looking->query->key);
    reader = only_reader(looking, &is_none);
    if (is_none) return true;
    if (is_for_anothers(looking, reader)) return true;
    if (may_call(looking)) return look_by_called(looking);
    if (find_whom(looking, reader)) {
        const bool is_id = strcmp(reader->field->name, "id") == 0;

        if (looking->is_broken) return false;
        index = is_id ? NULL : index_of(looking->aggregate->table, reader->field->name);
        if (is_id || index != NULL) return look_by_ways(looking, index);
    }
    if (reader != NULL && reader->is != READER_KNOWN && strcmp(reader->field->name, "id") == 0)
        return look_by_own_id(looking, own_id(looking->query, reader->is));
    if ((index = own_index(looking, reader)) != NULL ||
        (index = index_for(looking, &count)) != NULL)
        return look_by_index(looking, index, count);
    if (looking->query->role != ACTOR_ROLE_SYS && find_programmes(looking))
        return look_by_ways(looking, NULL);
    return table_scan(looking->txn, looking->aggregate->table, begin_behind(looking, &after),
                      look_at, looking, &looking->err);
}

/* Who may ask for what. */

static bool find_record(struct looking *looking)
{
    const struct kinds *kinds = looking->running->kinds;

    for (size_t i = 0; i < kinds->aggregate_count; i++) {
        const struct contract *contract = kinds->aggregates[i]->contract;

        if (strcmp(contract->name, looking->query->record) != 0 || contract->record_count == 0 ||
            kinds->aggregates[i]->table == NULL)
            continue;
        looking->aggregate = kinds->aggregates[i];
        looking->record = &contract->records[0];
        return true;
    }
    return error_set(&looking->err, ERROR_NOT_FOUND, "no_such_record",
                     "There is no record %s here.", looking->query->record);
}

/* Only programs that may open what is sealed find by it. */
static bool is_mailbox(const struct looking *looking, const char *name)
{
    const struct bus_query *query = looking->query;

    return looking->record->found_by != NULL && strcmp(looking->record->found_by, name) == 0 &&
           query->role == ACTOR_ROLE_SYS && query->open && query->has_value;
}

/* What completes "it is …": what it would have to be. */
static const char *not_like(const struct field *field)
{
    switch (field->type) {
    case FIELD_WORD: return field->words[field->max];
    case FIELD_ID: return "not a UUID";
    case FIELD_BOOL: return "neither true nor false";
    case FIELD_BYTES: return "not base64 of at most as many bytes as it has";
    case FIELD_TEXT: return "longer than it can be";
    case FIELD_INT:
    case FIELD_INSTANT:
    case FIELD_DATE:
    case FIELD_PARTIAL_DATE:
    case FIELD_OBJECT:
    case FIELD_LIST: return "nothing that a list is narrowed by";
    }
    bug("filter on %s", field->name);
}

static bool find_filter(struct looking *looking)
{
    const char *name = looking->query->filter;

    if (!looking->query->has_filter) return true;
    if (is_mailbox(looking, name)) {
        looking->is_by_mailbox = true;
        return true;
    }
    for (size_t i = 0; i < looking->record->filter_count; i++)
        if (strcmp(looking->record->filters[i]->name, name) == 0)
            looking->filter = looking->record->filters[i];
    if (looking->filter != NULL && set_like(looking->filter, looking->query->value, looking->like))
        return true;
    error_set(&looking->err, ERROR_INVALID, "invalid", "The list cannot be narrowed like that.");
    error_add_fault(&looking->err, name,
                    looking->filter == NULL ? "not something that this list can be narrowed by"
                                            : not_like(looking->filter));
    return false;
}

static bool check(struct looking *looking)
{
    if (!find_record(looking)) return false;
    looking->like = calloc(2, looking->aggregate->table->row->size);
    if (looking->like == NULL) bug("out of memory");
    looking->row = looking->like + looking->aggregate->table->row->size;
    return find_filter(looking);
}

/* Answers. */

static void set_head(struct query_answer *answer, char letter, const struct descriptor *descriptor,
                     const void *value)
{
    uint8_t *head = answer->bytes;
    size_t size = HEAD_ROOM - 1;
    struct error err;

    head[0] = (uint8_t)letter;
    if (!pack(descriptor, value, head + 1, &size, &err)) bug("query: %s", err.text);
    answer->frames[0] = (struct frame){head, size + 1};
}

static void set_refused(struct query_answer *answer, struct id id, const struct error *err)
{
    answer->frames[0] = (struct frame){answer->bytes, refusal_write(id, err, answer->bytes)};
    answer->count = 1;
}

static void answer_status(struct running *running, const struct bus_query *query,
                          struct query_answer *answer)
{
    const struct bus_page page = {
        .id = query->id, .batch = (int64_t)atomic_load(&running->folded), .count = 1};

    metrics_write(running, (char *)answer->bytes + HEAD_ROOM, STATUS_MAX);
    answer->frames[1] =
        (struct frame){answer->bytes + HEAD_ROOM, strlen((const char *)answer->bytes + HEAD_ROOM)};
    answer->count = 2;
    set_head(answer, 'P', &bus_page_descriptor, &page);
}

/* Nothing: it is the answer that counts. */
static void answer_knock(struct running *running, const struct bus_query *query,
                         struct query_answer *answer)
{
    const struct bus_page page = {.id = query->id, .batch = (int64_t)atomic_load(&running->folded)};

    set_head(answer, 'P', &bus_page_descriptor, &page);
}

static bool add_set_aside(void *cookie, const struct journal_set_aside *entry)
{
    struct looking *looking = cookie;
    struct query_answer *answer = looking->answer;
    size_t size = QUERY_BYTES - answer->used;

    if (looking->page.count >= looking->query->limit || answer->used > PAGE_BYTES) {
        looking->is_full = true;
        return false;
    }
    if (!pack(&journal_set_aside_descriptor, entry, answer->bytes + answer->used, &size,
              &looking->err))
        bug("set aside: %s", looking->err.text);
    add_frame(answer, answer->bytes + answer->used, size);
    looking->page.count++;
    looking->page.next = entry->id;
    return true;
}

static bool look_at_quarantine(struct looking *looking, const char *peer)
{
    const struct bus_query *query = looking->query;

    return permission_of_operator(peer, &looking->err) &&
           (looking->txn = txn_begin_read(looking->running->state, &looking->err)) != NULL &&
           quarantine_scan(looking->txn, query->has_after ? &query->after : NULL, add_set_aside,
                           looking, &looking->err);
}

static bool look_at_dropped(struct looking *looking)
{
    struct query_answer *answer = looking->answer;
    size_t size = QUERY_BYTES - answer->used;
    struct journal_dropped dropped;
    bool is_there;

    if ((looking->txn = txn_begin_read(looking->running->state, &looking->err)) == NULL ||
        !dropped_find(looking->running, looking->txn, looking->query->key, &is_there, &dropped,
                      &looking->err))
        return false;
    if (!is_there) return true;
    if (!pack(&journal_dropped_descriptor, &dropped, answer->bytes + answer->used, &size,
              &looking->err))
        bug("dropped: %s", looking->err.text);
    add_frame(answer, answer->bytes + answer->used, size);
    looking->page.count++;
    return true;
}

static bool look_at_record(struct looking *looking)
{
    return check(looking) &&
           (looking->txn = txn_begin_read(looking->running->state, &looking->err)) != NULL &&
           look(looking) && !looking->is_broken;
}

static bool look_at_any(struct looking *looking, const char *peer)
{
    const char *record = looking->query->record;

    if (strcmp(record, "runtime.quarantine") == 0) return look_at_quarantine(looking, peer);
    if (strcmp(record, "runtime.dropped") == 0) return look_at_dropped(looking);
    return look_at_record(looking);
}

static void begin(struct query_answer *answer)
{
    answer->count = 1; /* the head comes last, but stands first */
    answer->used = HEAD_ROOM;
    answer->is_secret = false;
    answer->looked = 0;
    answer->page = (struct bus_page){.batch = 0};
}

bool query_run(struct running *running, const char *peer, const struct bus_query *query,
               int64_t until_ns, struct query_answer *answer)
{
    struct looking looking = {
        .running = running, .query = query, .answer = answer, .until_ns = until_ns};
    struct position stands;
    bool is_ok;

    if (!answer->is_begun) begin(answer);
    answer->is_begun = false;
    looking.page = answer->page;
    looking.looked = answer->looked;
    if (!permission_to_read(running->service, peer, query, &looking.err)) {
        turned_away(running, peer, query->record);
        set_refused(answer, query->id, &looking.err);
        return true;
    }
    if (strcmp(query->record, "runtime.knock") == 0) {
        answer_knock(running, query, answer);
        return true;
    }
    if (strcmp(query->record, "runtime.status") == 0) {
        answer_status(running, query, answer);
        return true;
    }
    is_ok = look_at_any(&looking, peer) && state_stands(looking.txn, &stands, &looking.err);
    txn_abort(looking.txn);
    free(looking.like);
    if (!is_ok) {
        set_refused(answer, query->id, &looking.err);
        return true;
    }
    if (looking.page.batch == 0) looking.page.batch = (int64_t)stands.batch;
    answer->looked = looking.looked;
    if (looking.is_paused) {
        answer->is_begun = true;
        answer->page = looking.page;
        return false;
    }
    looking.page.id = query->id;
    looking.page.has_next = looking.is_full;
    if (!looking.is_full) looking.page.next = (struct id){{0}};
    set_head(answer, 'P', &bus_page_descriptor, &looking.page);
    return true;
}

/* Copies, for verifying. */

void query_copy_path(const char *service, struct id id, char path[COPY_PATH_SIZE])
{
    char text[ID_TEXT_SIZE];

    id_write(id, text);
    if (snprintf(path, COPY_PATH_SIZE, "%s/copy.%s", service, text) >= COPY_PATH_SIZE)
        bug("a long name: %s", service);
}

bool query_copy_state(struct running *running, struct id id, uint64_t *batch, struct error *err)
{
    char directory[COPY_PATH_SIZE], path[FILES_PATH_MAX];
    struct store *copy;
    struct position stands = {0};
    struct txn *txn;

    query_copy_path(running->service->name, id, directory);
    if (!files_make(running->files, directory))
        return error_set(err, ERROR_BROKEN, "copy", "%s: %s", directory, strerror(errno));
    files_path(running->files, directory, path);
    if (!store_copy(running->state, path, err)) {
        files_remove(running->files, directory); /* if there is nothing in it */
        return false;
    }
    if ((copy = store_open(path, (size_t)64 << 30, state_maps, STORE_READ, err)) == NULL)
        return false;
    if ((txn = txn_begin_read(copy, err)) != NULL) {
        if (state_stands(txn, &stands, err)) *batch = stands.batch;
        txn_abort(txn);
    }
    store_close(copy);
    return stands.batch != 0;
}
