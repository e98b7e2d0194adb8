/* What was noted of a programme's data: thirty days of it, the latest first, by kind. */
#include <stdlib.h>
#include <string.h>

#include "answer.h"
#include "asking.h"
#include "contract/audit.h"
#include "core/date.h"
#include "core/input.h"
#include "core/zone.h"
#include "naming.h"
#include "pages/audit.h"
#include "programme/programme.h"
#include "rows.h"

enum { DAYS = 30, PAGE = 50, SLOT_ROWS = 100, FOUND_MAX = CALL_ROWS * SLOT_ROWS };

/* clang-format off */
static const enum words_key kinds[] = {
    [AUDIT_KIND_REFUSED] = WORDS_EXPORT_WORD_REFUSED,       [AUDIT_KIND_SIGN_IN] = WORDS_EXPORT_WORD_SIGN_IN,
    [AUDIT_KIND_CLEARED] = WORDS_EXPORT_WORD_CLEARED,       [AUDIT_KIND_PROTECTED] = WORDS_EXPORT_WORD_PROTECTED,
    [AUDIT_KIND_RESTRICTED] = WORDS_EXPORT_WORD_RESTRICTED, [AUDIT_KIND_ERASURE] = WORDS_EXPORT_WORD_ERASURE,
    [AUDIT_KIND_MAILBOX] = WORDS_EXPORT_WORD_MAILBOX,       [AUDIT_KIND_EXPORTED] = WORDS_EXPORT_WORD_EXPORTED,
    [AUDIT_KIND_PROGRAM] = WORDS_PAGE_AUDIT_PROGRAM,
};
/* clang-format on */

enum {
    KINDS = AUDIT_KIND_PROGRAM
}; /* those of a programme: what programs are refused is the operator's to see */

/* The last of the days: today, unless an earlier one is wanted. */
static struct date find_until(struct call *call)
{
    const struct date today = page_today(call);
    const char *text = page_argument(call, "until");
    struct date until;

    if (text == NULL || !date_read(text, (uint32_t)strlen(text), &until) || until.day < 2 * DAYS ||
        until.day > today.day)
        return today;
    return until;
}

/* Which kind is wanted; KINDS: any. */
static unsigned find_kind(struct call *call)
{
    const char *text = page_argument(call, "kind");
    unsigned kind = 0;

    while (kind < KINDS && (text == NULL || strcmp(audit_kind_words[kind], text) != 0))
        kind++;
    return kind;
}

static int64_t find_page(struct call *call)
{
    const char *text = page_argument(call, "page");
    const long page = text == NULL ? 1 : strtol(text, NULL, 10);

    return page >= 1 && page <= FOUND_MAX / PAGE ? page : 1;
}

/* Who watches over the programme's data sees all of it, anybody else what concerns themself. */
static bool sees_all(const struct call *call)
{
    return call->flight.who.role == ACTOR_ROLE_DATA_PROTECTION_OFFICER;
}

/* As many rows as there is room for, a slot at each step. */
static void ask(struct call *call)
{
    const enum country country = call->flight.who.country;
    const char *filter = sees_all(call) ? NULL : "person", *value = NULL;
    const unsigned kind = find_kind(call);
    struct date from = find_until(call);
    char own[ID_TEXT_SIZE];

    id_write(call->flight.who.actor, own);
    if (filter != NULL) value = own;
    if (filter == NULL && kind < KINDS) {
        filter = "kind";
        value = audit_kind_words[kind];
    }
    from.day -= DAYS - 1;
    if (call->step == 0)
        ask_list_since(call, 0, "audit", filter, value, zone_begin(country, from));
    else if (call->step < CALL_ROWS && call->rows[call->step - 1].has_more)
        ask_more(call, call->step, call->step - 1, filter, value);
}

/* Those of the days and of the kind, the latest first. */
static size_t find_rows(struct call *call, const struct audit *found[FOUND_MAX])
{
    const struct date until = find_until(call);
    const struct instant end = zone_begin(call->flight.who.country, (struct date){until.day + 1});
    const unsigned kind = find_kind(call);
    size_t count = 0;

    for (unsigned slot = CALL_ROWS; slot-- > 0;)
        for (size_t i = rows_of(call, slot); i-- > 0 && count < FOUND_MAX;) {
            const struct audit *row = row_of(call, slot, i);

            if (row->last.ms < end.ms && (kind == KINDS || (unsigned)row->kind == kind))
                found[count++] = row;
        }
    return count;
}

static size_t find_kinds(struct call *call, struct audit_kinds links[KINDS])
{
    const unsigned wanted = find_kind(call);

    for (unsigned i = 0; i < KINDS; i++)
        links[i] = (struct audit_kinds){audit_kind_words[i], kinds[i], i == wanted};
    return KINDS;
}

static size_t find_lines(const struct audit *const *found, size_t count,
                         struct audit_rows lines[PAGE])
{
    for (size_t i = 0; i < count; i++)
        lines[i] = (struct audit_rows){
            .at = found[i]->last,
            .kind = kinds[found[i]->kind],
            .what = found[i]->what,
            .why = found[i]->code,
            .role = found[i]->has_role ? name_role(found[i]->role) : WORDS_KEYS,
            .times = found[i]->times,
        };
    return count;
}

/* The last of the days after those; 0: there are none. */
static struct date find_later(struct date until, struct date today)
{
    if (until.day >= today.day) return (struct date){0};
    return until.day + DAYS < today.day ? (struct date){until.day + DAYS} : today;
}

static void show(struct call *call)
{
    const struct audit *found[FOUND_MAX];
    const struct date until = find_until(call), today = page_today(call);
    const unsigned kind = find_kind(call);
    const size_t count = find_rows(call, found);
    const size_t begin = (size_t)(find_page(call) - 1) * PAGE;
    const size_t left = begin < count ? count - begin : 0;
    struct audit_rows lines[PAGE];
    struct audit_kinds links[KINDS];
    const struct audit_view view = {
        .is_own = !sees_all(call),
        .from = {until.day - DAYS + 1},
        .until = until,
        .earlier = {until.day - DAYS},
        .later = find_later(until, today),
        .kind = kind < KINDS ? audit_kind_words[kind] : NULL,
        .kinds = {find_kinds(call, links), links},
        .rows = {find_lines(found + begin, left < PAGE ? left : PAGE, lines), lines},
        .next = left > PAGE ? find_page(call) + 1 : 0,
        .previous = find_page(call) - 1,
        .has_more = call->rows[CALL_ROWS - 1].has_more,
    };

    pages_answer(call, 200, WORDS_PAGE_AUDIT_TITLE, audit_show, &view);
}

const struct page audit_page = {
    .path = "/audit",
    .roles = ROLE_PA | ROLE_DP,
    .ask = ask,
    .show = show,
};
