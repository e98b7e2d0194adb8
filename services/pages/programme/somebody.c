/* Somebody who takes part: as what, how well hidden, what another has asked of them, and what may be done next. */
#include <stdio.h>
#include <string.h>

#include "acting.h"
#include "answer.h"
#include "asking.h"
#include "contract/organisation.h"
#include "core/input.h"
#include "naming.h"
#include "pages/somebody.h"
#include "programme/programme.h"
#include "rows.h"

enum { SLOT = 0, ORGANISATIONS = 1, PARTS_MAX = 11, ROLES_MAX = 16 };

/* clang-format off */
static const struct show_option ends[] = {
    {"finished", WORDS_PAGE_WHY_FINISHED, NULL},
    {"no_time", WORDS_PAGE_REASON_NO_TIME, NULL},
    {"moved_away", WORDS_PAGE_REASON_MOVED, NULL},
    {"conduct", WORDS_PAGE_WHY_CONDUCT, NULL},
    {"data_error", WORDS_PAGE_WHY_DATA_ERROR, NULL},
    {"other", WORDS_PAGE_REASON_OTHER, NULL},
};

static const struct show_option nos[] = {
    {"unfounded", WORDS_PAGE_WHY_UNFOUNDED, NULL},
    {"not_needed", WORDS_PAGE_WHY_NOT_NEEDED, NULL},
    {"mistake", WORDS_PAGE_WHY_MISTAKE, NULL},
    {"other", WORDS_PAGE_REASON_OTHER, NULL},
};

/* As what somebody may act who takes part as that. */
static const unsigned acting[] = {
    [PERSON_PART_PARTICIPANT] = ROLE_PT,    [PERSON_PART_MENTOR] = ROLE_ME,
    [PERSON_PART_SUPERVISOR] = ROLE_SU,     [PERSON_PART_COORDINATOR] = ROLE_CO | ROLE_PA,
    [PERSON_PART_COUNSELLOR] = ROLE_CN,     [PERSON_PART_GUIDE] = 0,
    [PERSON_PART_GUARDIAN] = ROLE_GU,       [PERSON_PART_DECISION_MAKER] = ROLE_DM,
    [PERSON_PART_VOLUNTEER_COORDINATOR] = ROLE_VC,
    [PERSON_PART_SIGNATORY] = ROLE_HO,      [PERSON_PART_DATA_PROTECTION_OFFICER] = ROLE_DP,
};
/* clang-format on */

#define OPTIONS(of)                    \
    {                                  \
        sizeof(of) / sizeof(of)[0], of \
    }

static void ask(struct call *call)
{
    const struct person *row;

    if (call->step == 0) {
        ask_one(call, SLOT, "person", call->id, true);
        ask_list(call, ORGANISATIONS, "organisation", NULL, NULL);
    }
    if (call->step != 1) return;
    row = row_of(call, SLOT, 0);
    if (row->state != PERSON_STATE_ACTIVE) return;
    ask_person(call, row->id, PERSON_PURPOSE_COORDINATION, true);
    if (row->has_clearance_asked_by)
        ask_person(call, row->clearance_asked_by, PERSON_PURPOSE_COORDINATION, false);
    if (row->has_lowering_asked_by)
        ask_person(call, row->lowering_asked_by, PERSON_PURPOSE_COORDINATION, false);
}

static size_t find_parts(const struct call *call, const struct person *row,
                         struct somebody_parts lines[PARTS_MAX],
                         struct show_option options[PARTS_MAX])
{
    for (uint32_t i = 0; i < row->roles.count; i++) {
        const struct person_role *role = &row->roles.at[i];

        lines[i] = (struct somebody_parts){
            .part = part_says(role->part),
            .organisation = role->has_organisation
                                ? organisation_name(call, ORGANISATIONS, role->organisation)
                                : NULL,
            .cleared = role->cleared,
            .from = role->from,
            .until = role->has_until ? role->until : (struct date){0},
        };
        options[i] = programme_parts.at[role->part];
    }
    return row->roles.count;
}

static size_t find_roles(const struct person *row, struct show_option options[ROLES_MAX])
{
    unsigned roles = 0;
    size_t count = 0;

    for (uint32_t i = 0; i < row->roles.count; i++)
        roles |= acting[row->roles.at[i].part];
    for (unsigned i = 0; i < ROLES_MAX; i++)
        if ((roles >> i & 1) != 0)
            options[count++] =
                (struct show_option){actor_role_words[i], name_role((enum actor_role)i), NULL};
    return count;
}

static const char *find_name(const struct call *call, bool has, struct id person)
{
    const struct called *called = has ? name_of(call, person) : NULL;

    return called == NULL ? NULL : called->name;
}

/* What takes two: who asked takes it back, and another says yes or no. */
static void find_asked(const struct call *call, const struct person *row,
                       struct somebody_view *view)
{
    const struct id own = call->flight.who.actor;
    const bool is_own_clearance =
        row->has_clearance_asked_by && id_equal(row->clearance_asked_by, own);
    const bool is_own_lowering =
        row->has_lowering_asked_by && id_equal(row->lowering_asked_by, own);

    if (row->has_clearance_part) {
        view->clearance = part_says(row->clearance_part);
        view->clearance_by = find_name(call, row->has_clearance_asked_by, row->clearance_asked_by);
        view->clearance_due = row->clearance_due;
        view->may_confirm_clearance = !is_own_clearance && may_do(call, SLOT, "confirm_clearance");
        view->may_refuse_clearance = !is_own_clearance && may_do(call, SLOT, "refuse_clearance");
        view->may_withdraw_clearance = is_own_clearance && may_do(call, SLOT, "withdraw_clearance");
    }
    if (row->has_lowering_to) {
        view->lowering = programme_protections.at[row->lowering_to].label;
        view->lowering_by = find_name(call, row->has_lowering_asked_by, row->lowering_asked_by);
        view->lowering_due = row->lowering_due;
        view->may_confirm_lowering = !is_own_lowering && may_do(call, SLOT, "confirm_lowering");
        view->may_refuse_lowering = !is_own_lowering && may_do(call, SLOT, "refuse_lowering");
        view->may_withdraw_lowering = is_own_lowering && may_do(call, SLOT, "withdraw_lowering");
    }
}

static void find_acts(const struct call *call, const struct person *row, struct somebody_view *view)
{
    view->may_grant = may_do(call, SLOT, "grant_role");
    view->may_end = row->roles.count > 0 && may_do(call, SLOT, "end_role");
    view->may_undo = may_do(call, SLOT, "undo") && row->has_undo &&
                     step_is_mine(call, row->undo.by, row->undo.until);
    view->may_protect = may_do(call, SLOT, "change_protection");
    view->may_token = row->state == PERSON_STATE_ACTIVE && view->roles.count > 0;
    find_asked(call, row, view);
}

static void show(struct call *call)
{
    const struct person *row = row_of(call, SLOT, 0);
    const struct called *called = name_of(call, row->id);
    struct somebody_parts parts[PARTS_MAX];
    struct show_option theirs[PARTS_MAX], roles[ROLES_MAX], organisations[ORGANISATIONS_MAX];
    char ids[ORGANISATIONS_MAX][ID_TEXT_SIZE];
    struct somebody_view view = {
        .id = row->id,
        .is_erased = row->state == PERSON_STATE_ERASED,
        .is_nameless = row->state == PERSON_STATE_ACTIVE && called == NULL,
        .organisation = row->has_organisation
                            ? organisation_name(call, ORGANISATIONS, row->organisation)
                            : NULL,
        .protection = row->protection == PROTECTION_NONE
                          ? WORDS_KEYS
                          : programme_protections.at[row->protection].label,
        .parts = {0, parts},
        .clearance = WORDS_KEYS,
        .lowering = WORDS_KEYS,
        .all_parts = programme_parts,
        .theirs = {0, theirs},
        .roles = {find_roles(row, roles), roles},
        .organisations = {programme_organisations(call, ORGANISATIONS, organisations, ids),
                          organisations},
        .protections = programme_protections,
        .hidden = protection_words[row->protection],
        .ends = OPTIONS(ends),
        .nos = OPTIONS(nos),
    };

    view.parts.count = view.theirs.count = find_parts(call, row, parts, theirs);
    if (called != NULL) {
        view.who = called->name;
        view.phone = called->phone[0] == '\0' ? NULL : called->phone;
        view.email = called->email[0] == '\0' ? NULL : called->email;
    }
    find_acts(call, row, &view);
    pages_answer(call, 200, WORDS_PAGE_SOMEBODY_TITLE, somebody_show, &view);
}

static const char *const acts[] = {"grant_role",
                                   "end_role",
                                   "undo",
                                   "confirm_clearance",
                                   "refuse_clearance",
                                   "withdraw_clearance",
                                   "change_protection",
                                   "confirm_lowering",
                                   "refuse_lowering",
                                   "withdraw_lowering",
                                   NULL};

static const struct page_post posts[] = {
    {"make_token", "token.create"},
    {NULL, NULL},
};

const struct page somebody_page = {
    .path = "/people/{id}",
    .roles = ROLE_PA,
    .record = "person",
    .acts = acts,
    .ask = ask,
    .show = show,
    .posts = posts,
    .post = token_make,
};
