/* Mentors from a spreadsheet: what each of its rows would do is shown first; then all of them are carried out, or none.
 *
 * Nothing of a sheet is kept but in the page that shows it. Who is there already is looked for anew each time, by the e-mail; of a
 * row that has none, by the name among the club's mentors. A row is one command of the form's, so that the same press again,
 * whatever came between, goes on where the first one ended; and sheets are carried out one at a time, so that of two that say the
 * same the second finds what the first has made.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "acting.h"
#include "answer.h"
#include "asking.h"
#include "base/crypto.h"
#include "bus/peer.h"
#include "contract/mentor.h"
#include "contract/person.h"
#include "core/input.h"
#include "csv.h"
#include "later.h"
#include "letters/letters.h"
#include "mentors/mentors.h"
#include "mentors/sheet.h"
#include "pages/mentor_import.h"
#include "pages/mentor_imported.h"
#include "rows.h"

enum {
    ORGANISATIONS = 0,
    CLUB = 1,                             /* its people */
    PEOPLE = 2,                           /* of whom a row may tell, */
    PLACES = PEOPLE + MAILBOX_PEOPLE_MAX, /* and as mentors */
    ADDED = PLACES + MAILBOX_PEOPLE_MAX,
    WAIT_MS = 5000 /* until the matcher has heard of a new mentor */
};

static const char carry_out[] = "carry_out";

/* What a page keeps of its sheet while that is looked at and carried out. */
struct work {
    struct mentor_sheet *sheet;
    enum { LOOKING, ADDING, PLACING, STOPPED } phase;
    size_t at;       /* the row */
    unsigned looked; /* how often, for whom it tells of */
    struct found found;
    bool is_asked;    /* whether the matcher has heard of them */
    int64_t until_ms; /* it is waited for */
};

static struct work *work_of(const struct call *call)
{
    return call->own;
}

static struct mentor_sheet_row *row_at(const struct work *work)
{
    return &work->sheet->rows[work->at];
}

static void forget(struct call *call)
{
    struct work *work = work_of(call);

    if (call->pages->importing == call) call->pages->importing = NULL;
    mentor_sheet_free(work->sheet);
    free(work);
}

static bool is_carried_out(const struct call *call)
{
    return strcmp(call->act, carry_out) == 0;
}

static bool has_rows(const struct call *call)
{
    return call->own != NULL && work_of(call)->sheet->trouble == WORDS_KEYS;
}

/* Who is there already. */

/* Somebody of whom no more is said than the name: only then are names read. */
static bool has_row_without_email(const struct mentor_sheet *sheet)
{
    for (size_t i = 0; i < sheet->count; i++)
        if (!sheet->rows[i].is_faulty && !sheet->rows[i].person.details.has_email) return true;
    return false;
}

static void ask_lists(struct call *call)
{
    ask_list(call, ORGANISATIONS, "organisation", NULL, NULL);
    if (has_rows(call) && has_row_without_email(work_of(call)->sheet))
        ask_list(call, CLUB, "person", "organisation", form_value(call->form, "organisation"));
}

static bool is_mentor(const struct call *call, const struct person *person)
{
    const struct date today = page_today(call);

    for (uint32_t i = 0; i < person->roles.count; i++) {
        const struct person_role *role = &person->roles.at[i];

        if (role->part == PERSON_PART_MENTOR && (!role->has_until || role->until.day >= today.day))
            return person->state == PERSON_STATE_ACTIVE;
    }
    return false;
}

static void ask_names(struct call *call)
{
    for (size_t i = 0; i < rows_of(call, CLUB); i++) {
        const struct person *person = row_of(call, CLUB, i);

        if (is_mentor(call, person))
            ask_person(call, person->id, ask_purpose(call->flight.who.role), false);
    }
}

/* Of several mentors who are called the same the first. */
static void find_called(const struct call *call, const struct mentor_sheet_row *row,
                        struct found *found)
{
    found->count = 0;
    for (size_t i = 0; i < rows_of(call, CLUB) && found->count == 0; i++) {
        const struct person *person = row_of(call, CLUB, i);
        const struct called *called = name_of(call, person->id);
        char *folded = letters_fold(called == NULL ? "" : called->name);

        if (called != NULL && mentor_row_is_called(row, folded))
            found->at[found->count++] = person->id;
        crypto_wipe(folded, strlen(folded));
        free(folded);
    }
}

/* Rows tell no address, so they are seen of who is under protection too: whose address it is only who is cleared knows. */
static bool may_know(const struct call *call, const struct person *person)
{
    return person->protection == PROTECTION_NONE || call->flight.who.is_cleared;
}

/* Nobody has said how many places they have; nor, perhaps, told the matcher that they are a mentor. */
static bool is_placeless(const struct mentor *mentor)
{
    return mentor == NULL || mentor->state == MENTOR_STATE_NEW;
}

static enum mentor_row_fate fate_of(const struct mentor_sheet_row *row, const struct mentor *mentor)
{
    if (row->has_places && is_placeless(mentor)) return MENTOR_ROW_PLACES;
    return row->person.details.has_email ? MENTOR_ROW_THERE : MENTOR_ROW_CALLED;
}

/* Of several at one mailbox the first who is a mentor, or else the first. Whom their reader may not see is not there. */
static void find_seen(const struct call *call, struct mentor_sheet_row *row)
{
    for (unsigned i = 0; i < work_of(call)->found.count; i++) {
        const struct person *person = row_of(call, PEOPLE + i, 0);

        if (person == NULL || person->state != PERSON_STATE_ACTIVE || !may_know(call, person))
            continue;
        if (is_mentor(call, person)) {
            row->id = person->id;
            row->fate = fate_of(row, row_of(call, PLACES + i, 0));
            return;
        }
        if (row->fate == MENTOR_ROW_NEW) row->id = person->id;
        row->fate = MENTOR_ROW_NO_MENTOR;
    }
}

static void ask_found(struct call *call)
{
    const struct found *found = &work_of(call)->found;

    for (unsigned i = 0; i < found->count; i++) {
        ask_one(call, PEOPLE + i, "person", found->at[i], false);
        ask_one(call, PLACES + i, "mentor", found->at[i], false);
    }
}

/* Look for whom a row tells of: first by the mailbox, or the name; then who they are. */
static void look(struct call *call)
{
    struct work *work = work_of(call);
    struct mentor_sheet_row *row = row_at(work);
    const unsigned looked = row->is_faulty ? 2 : work->looked++;

    if (looked == 0 && row->person.details.has_email) {
        ask_mailbox(call, row->person.details.email, &work->found);
    } else if (looked == 0) {
        find_called(call, row, &work->found);
    } else if (looked == 1) {
        ask_found(call);
    } else {
        if (!row->is_faulty) find_seen(call, row);
        work->looked = 0;
        work->at++;
    }
}

/* As long as nothing is on its way there is more to look for. */
static void ask(struct call *call)
{
    const unsigned before = call->sent;
    const struct work *work = work_of(call);

    if (call->step == 0) ask_lists(call);
    if (call->step == 1) ask_names(call);
    while (call->sent == before && has_rows(call) && work->phase == LOOKING &&
           work->at < work->sheet->count)
        look(call);
}

/* What is shown before. */

static bool is_new(const struct mentor_sheet_row *row)
{
    return !row->is_faulty && row->fate == MENTOR_ROW_NEW;
}

static enum words_key fate_says(const struct mentor_sheet_row *row)
{
    static const enum words_key words[] = {
        [MENTOR_ROW_NEW] = WORDS_PAGE_IMPORT_NEW,
        [MENTOR_ROW_THERE] = WORDS_PAGE_IMPORT_THERE,
        [MENTOR_ROW_CALLED] = WORDS_PAGE_IMPORT_CALLED,
        [MENTOR_ROW_NO_MENTOR] = WORDS_PAGE_IMPORT_NO_MENTOR,
        [MENTOR_ROW_PLACES] = WORDS_PAGE_IMPORT_PLACES,
        [MENTOR_ROW_ADDED] = WORDS_PAGE_IMPORT_ADDED,
        [MENTOR_ROW_PLACELESS] = WORDS_PAGE_IMPORT_PLACELESS,
        [MENTOR_ROW_PLACED] = WORDS_PAGE_IMPORT_PLACED,
        [MENTOR_ROW_REFUSED] = WORDS_PAGE_IMPORT_REFUSED,
    };

    return words[row->fate];
}

struct shown_row {
    char occupations[NAMES_SIZE];
};

static size_t find_rows(const struct call *call, const struct mentor_sheet *sheet,
                        struct mentor_import_rows *rows, struct shown_row *shown)
{
    size_t count = 0;

    for (size_t i = 0; i < sheet->count; i++) {
        const struct mentor_sheet_row *row = &sheet->rows[i];
        const struct person_register *person = &row->person;

        if (row->is_faulty) continue;
        name_occupations(call, &person->occupations, shown[count].occupations);
        rows[count] = (struct mentor_import_rows){
            .number = (int64_t)row->number,
            .who = row->name,
            .what = fate_says(row),
            .email = person->details.has_email ? person->details.email : NULL,
            .phone = person->details.has_phone ? person->details.phone : NULL,
            .languages = row->languages,
            .municipality =
                person->has_municipality ? name_municipality(call, person->municipality) : NULL,
            .occupations = shown[count].occupations,
            .has_places = row->has_places,
            .places = row->places,
        };
        count++;
    }
    return count;
}

static size_t find_faults(const struct mentor_sheet *sheet,
                          struct mentor_import_faults faults[MENTOR_SHEET_FAULTS])
{
    for (size_t i = 0; i < sheet->fault_count; i++) {
        const struct mentor_sheet_fault *fault = &sheet->faults[i];

        faults[i] = (struct mentor_import_faults){
            .number = (int64_t)fault->number,
            .who = fault->who,
            .column = fault->column,
            .unknown = fault->unknown[0] == '\0' ? NULL : fault->unknown,
            .what = fault->what,
            .other = (int64_t)fault->other,
            .said = fault->said[0] == '\0' ? NULL : fault->said,
        };
    }
    return sheet->fault_count;
}

static size_t find_labels(const struct call *call,
                          struct mentor_import_labels labels[MENTOR_COLUMNS])
{
    const unsigned count = mentor_columns(call);

    for (unsigned i = 0; i < count; i++)
        labels[i].label = mentor_column_label((enum mentor_column)i);
    return count;
}

static bool does_anything(const struct mentor_sheet *sheet)
{
    for (size_t i = 0; i < sheet->count; i++)
        if (is_new(&sheet->rows[i]) || sheet->rows[i].fate == MENTOR_ROW_PLACES)
            return sheet->fault_count == 0;
    return false;
}

/* As it is sent back once it has been looked at: without what cannot be seen, which a page would write out. */
static char *cleaned(const struct call *call)
{
    const char *text = call->form == NULL ? NULL : form_value(call->form, "sheet");
    size_t size;

    return text == NULL ? NULL : letters_clean(text, strlen(text), &size);
}

static void free_wiped(char *text)
{
    if (text != NULL) crypto_wipe(text, strlen(text));
    free(text);
}

static const char *find_club(const struct call *call)
{
    const char *organisation = form_value(call->form, "organisation");
    struct id id;

    return organisation != NULL && id_read(organisation, strlen(organisation), &id)
               ? organisation_name(call, ORGANISATIONS, id)
               : NULL;
}

static void find_sheet(struct call *call, struct mentor_import_view *view,
                       struct mentor_import_rows *rows, struct shown_row *shown)
{
    const struct mentor_sheet *sheet = work_of(call)->sheet;

    view->trouble = sheet->trouble;
    view->has_more_faults = sheet->has_more_faults;
    view->has_more = call->rows[CLUB].has_more;
    view->may_carry_out = does_anything(sheet);
    view->is_idle = sheet->trouble == WORDS_KEYS && sheet->fault_count == 0 && !view->may_carry_out;
    view->club = find_club(call);
    view->organisation = form_value(call->form, "organisation");
    view->language = form_value(call->form, "language");
    view->rows.count = find_rows(call, sheet, rows, shown);
    view->rows.at = rows;
}

static void show_before(struct call *call)
{
    struct mentor_import_rows *rows = calloc(MENTOR_SHEET_ROWS, sizeof *rows);
    struct shown_row *shown = calloc(MENTOR_SHEET_ROWS, sizeof *shown);
    struct mentor_import_faults faults[MENTOR_SHEET_FAULTS];
    struct mentor_import_labels labels[MENTOR_COLUMNS];
    struct show_option organisations[MENTORS_ORGANISATIONS_MAX], languages[WORDS_LANGUAGES];
    char ids[MENTORS_ORGANISATIONS_MAX][ID_TEXT_SIZE], own[ID_TEXT_SIZE];
    char *text = cleaned(call);
    struct mentor_import_view view = {
        .trouble = WORDS_KEYS,
        .labels = {find_labels(call, labels), labels},
        .organisations = {mentors_organisations(call, ORGANISATIONS, organisations, ids),
                          organisations},
        .own = call->flight.who.has_organisation ? own : NULL,
        .languages_options = {WORDS_LANGUAGES, languages},
        .mails = show_language(call->language),
        .text = text,
    };

    if (rows == NULL || shown == NULL) bug("out of memory");
    id_write(call->flight.who.organisation, own);
    mentors_languages(languages);
    if (call->own != NULL) {
        view.faults.count = find_faults(work_of(call)->sheet, faults);
        view.faults.at = faults;
        find_sheet(call, &view, rows, shown);
    }
    pages_answer(call, 200, WORDS_PAGE_IMPORT_TITLE, mentor_import_show, &view);
    free_wiped(text);
    free(shown);
    free(rows);
}

/* What came of it. */

/* There is something yet to be done about it. */
static bool is_left(const struct mentor_sheet_row *row)
{
    return is_new(row) || row->fate == MENTOR_ROW_PLACES || row->fate == MENTOR_ROW_REFUSED ||
           row->fate == MENTOR_ROW_PLACELESS;
}

static struct mentor_imported_rows after_of(const struct mentor_sheet_row *row)
{
    static const struct id none;
    const bool is_begun = !is_new(row) && row->fate != MENTOR_ROW_PLACES;

    return (struct mentor_imported_rows){
        .number = (int64_t)row->number,
        .who = row->name,
        .id = row->id,
        .has_id = !id_equal(row->id, none) && row->fate != MENTOR_ROW_NO_MENTOR,
        .what = is_begun ? fate_says(row) : WORDS_PAGE_IMPORT_LEFT,
        .why = row->why[0] == '\0' ? NULL : row->why,
    };
}

/* First what is left. */
static size_t find_after(const struct mentor_sheet *sheet, struct mentor_imported_rows *rows,
                         bool *has_left)
{
    size_t count = 0;

    for (size_t i = 0; i < sheet->count; i++)
        if (is_left(&sheet->rows[i])) rows[count++] = after_of(&sheet->rows[i]);
    *has_left = count > 0;
    for (size_t i = 0; i < sheet->count; i++)
        if (!is_left(&sheet->rows[i])) rows[count++] = after_of(&sheet->rows[i]);
    return count;
}

static void show_after(struct call *call)
{
    struct mentor_imported_rows *rows = calloc(MENTOR_SHEET_ROWS, sizeof *rows);
    char *text = cleaned(call);
    struct mentor_imported_view view = {
        .text = text,
        .organisation = form_value(call->form, "organisation"),
        .language = form_value(call->form, "language"),
    };

    if (rows == NULL) bug("out of memory");
    view.rows.count = find_after(work_of(call)->sheet, rows, &view.has_left);
    view.rows.at = rows;
    pages_answer(call, 200, WORDS_PAGE_IMPORT_DONE, mentor_imported_show, &view);
    free_wiped(text);
    free(rows);
}

/* Carrying out, row by row: first all who are new, then everybody's places. */

static void carry_on(struct call *call);

/* A service that is away is away for the next row too. */
static void note_refused(struct work *work, const struct error *err)
{
    struct mentor_sheet_row *row = row_at(work);

    if (err->kind == ERROR_BUSY) {
        work->phase = STOPPED;
        return;
    }
    snprintf(row->why, sizeof row->why, "%s", err->text);
    if (row->fate == MENTOR_ROW_NEW) row->fate = MENTOR_ROW_REFUSED;
}

static void on_added(void *cookie, const struct reply *reply)
{
    struct call *call = cookie;
    struct work *work = work_of(call);
    struct mentor_sheet_row *row = row_at(work);

    if (reply->is_accepted) {
        row->id = reply->accepted.aggregate;
        row->fate = row->has_places ? MENTOR_ROW_PLACELESS : MENTOR_ROW_ADDED;
    } else {
        note_refused(work, &reply->error);
    }
    work->at++;
    carry_on(call);
}

static void on_placed(void *cookie, const struct reply *reply)
{
    struct call *call = cookie;
    struct work *work = work_of(call);
    struct mentor_sheet_row *row = row_at(work);

    if (!reply->is_accepted)
        note_refused(work, &reply->error);
    else
        row->fate = row->fate == MENTOR_ROW_PLACELESS ? MENTOR_ROW_ADDED : MENTOR_ROW_PLACED;
    work->at++;
    carry_on(call);
}

static void say(struct call *call, const char *type, const struct id *about, const void *body,
                void (*answered)(void *call, const struct reply *reply))
{
    call->flight = (struct flight){.who = call->flight.who};
    act_say_value_part(call, type, about, body, 1 + (unsigned)work_of(call)->at, answered);
}

static void add_next(struct call *call)
{
    struct work *work = work_of(call);

    while (work->at < work->sheet->count && !is_new(row_at(work)))
        work->at++;
    if (work->at < work->sheet->count) {
        say(call, "person.register", NULL, &row_at(work)->person, on_added);
        return;
    }
    work->phase = PLACING;
    work->at = 0;
    work->until_ms = call->pages->door.front.steady_ms + WAIT_MS;
    carry_on(call);
}

/* The answer comes as those to the page's questions do: carry_on hears of it. */
static void ask_whether_heard(struct call *call)
{
    struct work *work = work_of(call);

    work->is_asked = true;
    ask_one(call, ADDED, "mentor", row_at(work)->id, false);
    if (call->awaited == 0) call->pages->go_on(call); /* it could not be asked */
}

static void place(struct call *call)
{
    struct work *work = work_of(call);
    struct mentor_sheet_row *row = row_at(work);
    const struct mentor *mentor = row_of(call, ADDED, 0);
    const struct mentor_set_capacity body = {.capacity = row->places};

    work->is_asked = false;
    if (mentor == NULL && call->pages->door.front.steady_ms < work->until_ms) {
        call_later(call, ask_whether_heard);
        return;
    }
    if (mentor != NULL && mentor->state == MENTOR_STATE_NEW) {
        say(call, "mentor.set_capacity", &row->id, &body, on_placed);
        return;
    }
    if (mentor != NULL) row->fate = MENTOR_ROW_ADDED; /* the same press has been here */
    work->at++;
    carry_on(call);
}

static void place_next(struct call *call)
{
    struct work *work = work_of(call);

    for (; work->at < work->sheet->count; work->at++)
        if (row_at(work)->fate == MENTOR_ROW_PLACELESS || row_at(work)->fate == MENTOR_ROW_PLACES)
            break;
    if (work->at < work->sheet->count)
        ask_whether_heard(call);
    else
        show_after(call);
}

static void carry_on(struct call *call)
{
    struct work *work = work_of(call);

    switch (work->phase) {
    case LOOKING:
        work->phase = ADDING;
        work->at = 0;
        add_next(call);
        break;
    case ADDING: add_next(call); break;
    case PLACING:
        if (work->is_asked)
            place(call);
        else
            place_next(call);
        break;
    case STOPPED: show_after(call); break;
    }
}

static void show(struct call *call)
{
    if (is_carried_out(call) && has_rows(call) && work_of(call)->sheet->fault_count == 0)
        carry_on(call);
    else
        show_before(call);
}

/* What was sent. */

/* A file is what was typed, as what was typed is shown again. */
static void take_file(struct form *form)
{
    const char *file = form_value(form, "file");

    if (file == NULL || file[0] == '\0') return;
    for (size_t i = 0; i < form->count; i++)
        if (strcmp(form->at[i].name, "sheet") == 0) form->at[i].value = file;
}

static const char *value_of(const struct call *call, const char *name)
{
    const char *value = form_value(call->form, name);

    return value == NULL ? "" : value;
}

/* The page says itself what has to be put right, and what would be done then. */
static void mark_refused(struct call *call)
{
    error_set(&call->error, ERROR_INVALID, "invalid", "Something has to be put right.");
    call->is_refused = true;
    call->act[0] = '\0'; /* it is the sheet that is typed again */
}

/* One at a time. */
static void begin(struct call *call)
{
    struct pages *pages = call->pages;

    if (is_carried_out(call) && pages->importing != NULL) {
        call_later(call, begin);
        return;
    }
    if (is_carried_out(call)) pages->importing = call;
    pages->go_on(call);
}

static void post(struct call *call)
{
    struct work *work = calloc(1, sizeof *work);
    const char *organisation = value_of(call, "organisation");
    struct id id;

    if (work == NULL) bug("out of memory");
    take_file(call->form);
    work->sheet =
        mentor_sheet_read(call, value_of(call, "sheet"), organisation, value_of(call, "language"));
    if (call->form->unread != NULL) work->sheet->trouble = WORDS_PAGE_IMPORT_NOT_TEXT;
    if (!id_read(organisation, strlen(organisation), &id))
        work->sheet->trouble = WORDS_PAGE_IMPORT_NO_CLUB;
    call->own = work;
    call->forget_own = forget;
    if (work->sheet->trouble != WORDS_KEYS || work->sheet->fault_count > 0) mark_refused(call);
    begin(call);
}

static const struct page_post posts[] = {
    {"", NULL},
    {carry_out, "person.register"},
    {NULL, NULL},
};

const struct page mentor_import_page = {
    .path = "/mentors/import",
    .roles = ROLE_CO | ROLE_PA,
    .form = "import",
    .takes_files = true,
    .ask = ask,
    .show = show,
    .posts = posts,
    .post = post,
};

/* A sheet without rows, to begin with. */
static void show_sample(struct call *call)
{
    const unsigned count = mentor_columns(call);
    struct csv csv = csv_begin(call);

    for (unsigned i = 0; i < count; i++)
        csv_word(&csv, mentor_column_label((enum mentor_column)i));
    csv_end_row(&csv);
    csv_answer(call, "mentors-sample.csv");
}

const struct page mentor_sample_file = {
    .path = "/mentors/import.csv",
    .roles = ROLE_CO | ROLE_PA,
    .show = show_sample,
};
