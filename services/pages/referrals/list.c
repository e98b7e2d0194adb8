/* The referrals that somebody may see: what waits for them first, the oldest first. */
#include <stdlib.h>
#include <string.h>

#include "answer.h"
#include "asking.h"
#include "contract/organisation.h"
#include "core/input.h"
#include "csv.h"
#include "pages/referrals.h"
#include "referrals/referrals.h"
#include "rows.h"

enum { STATES = 7, ORGANISATIONS = STATES, STATE_ROWS = 100, LIST_MAX = STATES * STATE_ROWS };

/* What goes on, and what is over: each state is asked for by itself, so that what is over, of which there is most, does not
 * push away what waits. */
static const enum referral_state open_states[STATES] = {
    REFERRAL_STATE_RECEIVED, REFERRAL_STATE_NEEDS_INFO, REFERRAL_STATE_WAITLISTED,
    REFERRAL_STATE_ACCEPTED, REFERRAL_STATE_MATCHED,    REFERRAL_STATE_IN_PROGRESS,
    REFERRAL_STATE_ON_HOLD,
};
static const enum referral_state closed_states[STATES] = {
    REFERRAL_STATE_COMPLETED,        REFERRAL_STATE_FAILED,  REFERRAL_STATE_REJECTED,
    REFERRAL_STATE_CANCELLED,        REFERRAL_STATE_EXPIRED, REFERRAL_STATE_DUPLICATE,
    REFERRAL_STATE_ENTERED_IN_ERROR,
};

static bool wants_closed(struct call *call)
{
    return page_argument(call, "closed") != NULL;
}

struct line {
    const struct referral *row;
    bool waits;
};

static int compare(const void *a, const void *b)
{
    const struct line *one = a, *other = b;

    if (one->waits != other->waits) return one->waits ? -1 : 1;
    if (one->row->waiting_since.ms != other->row->waiting_since.ms)
        return one->row->waiting_since.ms < other->row->waiting_since.ms ? -1 : 1;
    return memcmp(one->row->id.bytes, other->row->id.bytes, sizeof one->row->id.bytes);
}

/* In the order in which they are shown; how many. */
static size_t find_lines(const struct call *call, struct line lines[LIST_MAX])
{
    size_t count = 0;

    for (unsigned slot = 0; slot < STATES; slot++)
        for (size_t i = 0; i < rows_of(call, slot) && count < LIST_MAX; i++) {
            const struct referral *row = row_of(call, slot, i);

            lines[count++] = (struct line){row, referral_waits_for(row, call->flight.who.role)};
        }
    qsort(lines, count, sizeof lines[0], compare);
    return count;
}

static void ask(struct call *call)
{
    const enum referral_state *states = wants_closed(call) ? closed_states : open_states;
    struct line lines[LIST_MAX];
    size_t count;

    if (call->step == 0) {
        for (unsigned slot = 0; slot < STATES; slot++)
            ask_list(call, slot, "referral", "state", referral_state_words[states[slot]]);
        ask_list(call, ORGANISATIONS, "organisation", NULL, NULL);
    }
    if (call->step != 1) return;
    count = find_lines(call, lines);
    for (size_t i = 0; i < count; i++)
        ask_listed(call, lines[i].row->person, ask_purpose(call->flight.who.role));
}

static void show(struct call *call)
{
    struct line lines[LIST_MAX];
    struct referrals_rows rows[LIST_MAX];
    struct referrals_view view = {
        .rows = {find_lines(call, lines), rows},
        .shows_closed = wants_closed(call),
    };

    for (size_t i = 0; i < view.rows.count; i++) {
        const struct referral *row = lines[i].row;
        const struct called *called = name_of(call, row->person);

        rows[i] = (struct referrals_rows){
            .id = row->id,
            .who = called == NULL ? NULL : called->name,
            .what = referral_says(row),
            .waits = lines[i].waits,
            .since = row->waiting_since,
            .responsible = row->has_responsible
                               ? organisation_name(call, ORGANISATIONS, row->responsible)
                               : NULL,
            .is_hidden = called == NULL && row->protection != PROTECTION_NONE,
        };
    }
    for (unsigned slot = 0; slot < STATES; slot++)
        view.has_more |= call->rows[slot].has_more;
    pages_answer(call, 200, WORDS_PAGE_REFERRALS_TITLE, referrals_show, &view);
}

/* The same for a spreadsheet. */
static void show_file(struct call *call)
{
    struct line lines[LIST_MAX];
    const size_t count = find_lines(call, lines);
    struct csv csv = csv_begin(call);

    csv_word(&csv, WORDS_PAGE_REFERRALS_WHO);
    csv_word(&csv, WORDS_PAGE_REFERRALS_STATE);
    csv_word(&csv, WORDS_PAGE_REFERRALS_SINCE);
    csv_word(&csv, WORDS_PAGE_REFERRALS_RESPONSIBLE);
    csv_end_row(&csv);
    for (size_t i = 0; i < count; i++) {
        const struct referral *row = lines[i].row;
        const struct called *called = name_of(call, row->person);

        csv_text(&csv, called == NULL ? NULL : called->name);
        csv_word(&csv, referral_says(row));
        csv_day(&csv, row->waiting_since);
        if (row->has_responsible)
            csv_text(&csv, organisation_name(call, ORGANISATIONS, row->responsible));
        else if (called == NULL && row->protection != PROTECTION_NONE)
            csv_text(&csv, NULL); /* hidden, as who it is */
        else
            csv_word(&csv, WORDS_PAGE_REFERRALS_ASSOCIATION);
        csv_end_row(&csv);
    }
    csv_answer(call, "referrals.csv");
}

const struct page referrals_file = {
    .path = "/referrals.csv",
    .roles = ROLE_CO | ROLE_PA | ROLE_CN,
    .ask = ask,
    .show = show_file,
};

const struct page referrals_page = {
    .path = "/referrals",
    .roles = ROLE_CO | ROLE_PA | ROLE_CN,
    .ask = ask,
    .show = show,
};
