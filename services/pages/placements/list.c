/* The placements that somebody may see: a row for each, with who it is and where, as far as they may know it. */
#include <string.h>

#include "answer.h"
#include "asking.h"
#include "contract/organisation.h"
#include "contract/posting.h"
#include "core/input.h"
#include "pages/placements.h"
#include "placements/placements.h"
#include "rows.h"

enum { LIST_MAX = 100, PLACEMENTS = 0, HOSTS = 1, POSTINGS = 2, POSTINGS_END = CALL_ROWS };

/* A participant is asked about few, and each is known to them by itself. */
static void ask_postings(struct call *call)
{
    const enum actor_role role = call->flight.who.role;

    if (role == ACTOR_ROLE_DECISION_MAKER) return;
    if (role != ACTOR_ROLE_PARTICIPANT) {
        ask_list(call, POSTINGS, "posting", NULL, NULL);
        return;
    }
    for (size_t i = 0; i < rows_of(call, PLACEMENTS) && POSTINGS + i < POSTINGS_END; i++) {
        const struct placement *row = row_of(call, PLACEMENTS, i);

        if (row->agreement) ask_one(call, POSTINGS + (unsigned)i, "posting", row->posting, false);
    }
}

static void ask(struct call *call)
{
    if (call->step == 0) ask_list(call, PLACEMENTS, "placement", NULL, NULL);
    if (call->step != 1) return;
    for (size_t i = 0; i < rows_of(call, PLACEMENTS); i++)
        placement_ask_names(call, row_of(call, PLACEMENTS, i), false);
    ask_list(call, HOSTS, "organisation", NULL, NULL);
    ask_postings(call);
}

static const struct posting *posting_of(const struct call *call, struct id id)
{
    for (unsigned slot = POSTINGS; slot < POSTINGS_END; slot++)
        for (size_t i = 0; i < rows_of(call, slot); i++) {
            const struct posting *row = row_of(call, slot, i);

            if (id_equal(row->id, id)) return row;
        }
    return NULL;
}

static const char *host_of(const struct call *call, struct id id)
{
    for (size_t i = 0; i < rows_of(call, HOSTS); i++) {
        const struct organisation *row = row_of(call, HOSTS, i);

        if (id_equal(row->id, id)) return row->name;
    }
    return NULL;
}

static void show(struct call *call)
{
    const enum actor_role role = call->flight.who.role;
    struct placements_rows rows[LIST_MAX];
    struct placements_view view = {.rows = {0, rows}, .has_more = call->rows[PLACEMENTS].has_more};

    for (size_t i = 0; i < rows_of(call, PLACEMENTS) && i < LIST_MAX; i++) {
        const struct placement *row = row_of(call, PLACEMENTS, i);
        const struct called *called = name_of(call, row->participant);
        const struct posting *posting = posting_of(call, row->posting);

        rows[view.rows.count++] = (struct placements_rows){
            .id = row->id,
            .what = placement_says(row, role),
            .who = called == NULL ? NULL : called->name,
            .title = posting == NULL ? NULL : posting->details.title,
            .site = posting == NULL ? NULL : posting->details.site,
            .host = host_of(call, row->host),
            .from = row->from,
            .until = row->until,
        };
    }
    pages_answer(call, 200, WORDS_PAGE_PLACEMENTS_TITLE, placements_show, &view);
}

const struct page placements_page = {
    .path = "/placements", .roles = PLACEMENTS_SEEN_BY, .ask = ask, .show = show};
