/* The operator's link: `fadder begin` and `fadder up` print it. It holds the time when it was made, with a mark that only the operator's
 * program and the pages can make (bus/mark.h), and is good for a day, where there is no programme. Whoever has it sets one up, then
 * themself, and is let in as its first admin: once.
 *
 * Each step looks at what is there by then, so whatever dies between two of them, the link goes on from there. That the programme is the
 * first is for the registry to see to (programme.not_first). The commands that let somebody in are named after the programme, so there is
 * one of each; what the device then shows is made of the form, so the same form sent twice lets the same device in.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "acting.h"
#include "answer.h"
#include "asking.h"
#include "base/crypto.h"
#include "base/secret.h"
#include "beginning/beginning.h"
#include "bus/mark.h"
#include "codes/beginning.h"
#include "contract/organisation.h"
#include "contract/person.h"
#include "contract/programme.h"
#include "contract/session.h"
#include "contract/token.h"
#include "core/form.h"
#include "core/zone.h"
#include "front/visitors.h"
#include "pages/begin.h"
#include "programme/organising.h"
#include "rows.h"
#include "session.h"
#include "sign_in/sign_in.h"

enum {
    PROGRAMMES = 0,
    ASSOCIATIONS = 1,
    TOKENS = 2,
    PEOPLE = 3,
    SESSIONS = 4,
    LINK_MS = 24 * 60 * 60 * 1000,
    ADMIN_DAYS = 365,
    NUMBER_SIZE = 24,
    RULES = 8,
};

/* How far the link has come. */
enum stage { STAGE_PROGRAMME, STAGE_ADMIN, STAGE_ENTER, STAGE_OVER };

/* The link. */

/* When an id was made (RFC 9562, section 5.7). */
static int64_t time_of(struct id id)
{
    uint64_t ms = 0;

    for (int i = 0; i < 6; i++)
        ms = ms << 8 | id.bytes[i];
    return (int64_t)ms;
}

/* The operator may have a key only now, or another: it is read each time. */
static bool is_marked(const struct call *call, struct id *made)
{
    uint8_t key[MARK_KEY_SIZE];
    struct error err;
    bool is;

    if (!mark_key(call->pages->door.files, "pages", "operator", key, &err)) return false;
    is = sign_in_read_link(call, key, "begin", made);
    crypto_wipe(key, sizeof key);
    return is;
}

static bool is_good(const struct call *call)
{
    const int64_t now_ms = call->pages->door.front.now_ms;
    struct id made;

    return is_marked(call, &made) && time_of(made) + LINK_MS > now_ms;
}

/* False: answered. An old one says so to who has it; of others there is no such page. */
static bool check_link(struct call *call)
{
    struct id made;

    if (is_good(call)) return true;
    if (is_marked(call, &made)) {
        pages_problem(call, 410, WORDS_PAGE_BEGIN_OLD_TITLE, WORDS_PAGE_BEGIN_OLD_TEXT);
        return false;
    }
    visitors_failed(call->pages->door.visitors, call->address, call->began_ns);
    pages_problem(call, 404, WORDS_PAGE_PROBLEM_MISSING_TITLE, WORDS_PAGE_PROBLEM_MISSING_TEXT);
    return false;
}

/* What is there. */

/* The programme that is being set up by the link; NULL: none is. */
static const struct programme *programme_of(const struct call *call)
{
    const struct programme *row = row_of(call, PROGRAMMES, 0);

    return rows_of(call, PROGRAMMES) == 1 && row->by_link && row->state == PROGRAMME_STATE_OPEN
               ? row
               : NULL;
}

static const struct organisation *association_of(const struct call *call)
{
    for (size_t i = 0; i < rows_of(call, ASSOCIATIONS); i++) {
        const struct organisation *row = row_of(call, ASSOCIATIONS, i);

        if (row->state == ORGANISATION_STATE_OPEN) return row;
    }
    return NULL;
}

static const struct token *admin_of(const struct call *call)
{
    for (size_t i = 0; i < rows_of(call, TOKENS); i++) {
        const struct token *row = row_of(call, TOKENS, i);

        if (row->role == ACTOR_ROLE_PROGRAMME_ADMIN && row->has_person) return row;
    }
    return NULL;
}

static bool is_coordinator(const struct person *row)
{
    for (uint32_t i = 0; row->state == PERSON_STATE_ACTIVE && i < row->roles.count; i++)
        if (row->roles.at[i].part == PERSON_PART_COORDINATOR) return true;
    return false;
}

/* Who will be the admin, if somebody was added already. */
static const struct person *somebody_of(const struct call *call)
{
    for (size_t i = 0; i < rows_of(call, PEOPLE); i++) {
        const struct person *row = row_of(call, PEOPLE, i);

        if (is_coordinator(row)) return row;
    }
    return NULL;
}

static bool was_let_in(const struct call *call)
{
    for (size_t i = 0; i < rows_of(call, SESSIONS); i++)
        if (((const struct session *)row_of(call, SESSIONS, i))->has_role) return true;
    return false;
}

static enum stage stage_of(const struct call *call)
{
    if (rows_of(call, PROGRAMMES) == 0) return STAGE_PROGRAMME;
    if (programme_of(call) == NULL || was_let_in(call)) return STAGE_OVER;
    return admin_of(call) == NULL ? STAGE_ADMIN : STAGE_ENTER;
}

/* As a rule of ours: nobody is signed in who could. */
static void ask_programme(struct call *call)
{
    call->is_signed_in = false;
    call->flight.who = (struct who){.role = ACTOR_ROLE_SYS};
    ask_list(call, PROGRAMMES, "programme", NULL, NULL);
}

static void ask_rest(struct call *call)
{
    const struct programme *row = programme_of(call);

    if (row == NULL) return;
    call->flight.who.programme = row->id;
    call->flight.who.country = row->country;
    ask_list(call, ASSOCIATIONS, "organisation", "kind",
             organisation_kind_words[ORGANISATION_KIND_ASSOCIATION]);
    ask_list(call, TOKENS, "token", NULL, NULL);
}

static void ask_people(struct call *call)
{
    const struct organisation *association = association_of(call);
    const struct token *admin = admin_of(call);

    if (association != NULL) ask_list_of(call, PEOPLE, "person", "organisation", association->id);
    if (admin != NULL) ask_list_of(call, SESSIONS, "session", "person", admin->person);
}

static void ask(struct call *call)
{
    if (!is_good(call)) return;
    if (call->step == 0) ask_programme(call);
    if (call->step == 1) ask_rest(call);
    if (call->step == 2) ask_people(call);
}

/* Saying. */

static void over(struct call *call)
{
    pages_problem(call, 410, WORDS_PAGE_BEGIN_OVER_TITLE, WORDS_PAGE_BEGIN_OVER_TEXT);
}

static void here(const struct call *call, char path[CALL_THEN_SIZE])
{
    snprintf(path, CALL_THEN_SIZE, "/begin/%s", call->text);
}

static void put(struct form *form, const char *name, const char *value)
{
    if (form->count < FORM_PAIRS_MAX) form->at[form->count++] = (struct form_pair){name, value};
}

static enum country country_of(const struct form *form)
{
    const char *typed = form_value(form, "countries[0]");

    return typed != NULL && strcmp(typed, country_words[COUNTRY_NO]) == 0 ? COUNTRY_NO : COUNTRY_SE;
}

/* Of a form that is several commands: what of it is that one's. The caller frees it. */
static struct form *part_of(const struct form *form, const char *prefix)
{
    struct form *part = calloc(1, sizeof *part);
    const size_t size = strlen(prefix);

    if (part == NULL) bug("out of memory");
    part->understand = form->understand;
    part->cookie = form->cookie;
    for (size_t i = 0; i < form->count; i++)
        if (strncmp(form->at[i].name, prefix, size) == 0)
            put(part, form->at[i].name + size, form->at[i].value);
        else if (strcmp(form->at[i].name, "_key") == 0)
            put(part, form->at[i].name, form->at[i].value);
    return part;
}

/* Not taken: its fields are those of the whole form. */
static void refuse_part(struct call *call, const char *prefix, const struct error *why)
{
    struct error err = *why;

    for (uint32_t i = 0; i < err.fault_count; i++)
        snprintf(err.faults[i].field, sizeof err.faults[i].field, "%s%.*s", prefix,
                 (int)(sizeof err.faults[i].field - strlen(prefix) - 1), why->faults[i].field);
    act_refuse(call, &err);
}

static void say_part(struct call *call, const char *type, const char *prefix, struct form *part,
                     void (*answered)(void *call, const struct reply *reply))
{
    struct error err;
    bool is_said;

    call->flight = (struct flight){.who = call->flight.who};
    is_said = act_say_part(call, type, NULL, part, 0, answered, &err);
    free(part);
    if (!is_said) refuse_part(call, prefix, &err);
}

static void on_programme(void *cookie, const struct reply *reply)
{
    struct call *call = cookie;
    char path[CALL_THEN_SIZE];

    here(call, path);
    if (reply->is_accepted)
        pages_redirect(call, path, NULL);
    else
        act_refuse(call, &reply->error);
}

static void put_rules(struct form *part, char texts[RULES][NUMBER_SIZE])
{
    const struct rules *rules = &beginning_rules;
    const struct {
        const char *name;
        int64_t number;
    } said[RULES] = {
        {"rules.offer_days", rules->offer_days},
        {"rules.offer_reminder_days", rules->offer_reminder_days},
        {"rules.sign_days", rules->sign_days},
        {"rules.sign_reminder_days", rules->sign_reminder_days},
        {"rules.info_days", rules->info_days},
        {"rules.complete_days", rules->complete_days},
        {"rules.meeting_target", rules->meeting_target},
        {"rules.target_days", rules->target_days},
    };

    for (size_t i = 0; i < RULES; i++) {
        snprintf(texts[i], NUMBER_SIZE, "%lld", (long long)said[i].number);
        put(part, said[i].name, texts[i]);
    }
}

/* What nobody is asked for: rules, which are looked at afterwards, and that it begins today. */
static void say_programme(struct call *call)
{
    const struct instant now = {call->pages->door.front.now_ms};
    struct form *part = part_of(call->form, "");
    char texts[RULES][NUMBER_SIZE], from[DATE_TEXT_SIZE];

    put_rules(part, texts);
    date_write(zone_date(country_of(call->form), now), from);
    put(part, "from", from);
    put(part, "by_link", "yes");
    say_part(call, "programme.create", "", part, on_programme);
}

/* Letting in. */

/* There is one command of that name for the programme, whoever says it; what it says is told from another by its print. */
static void name_once(struct call *call, const char *name, const void *said, size_t size)
{
    uint8_t scope[sizeof(struct id) + 32];
    const int written = snprintf((char *)scope, 32, "%s", name);

    memcpy(scope + written, call->flight.who.programme.bytes, sizeof(struct id));
    call->flight = (struct flight){.who = call->flight.who};
    flight_name(&call->flight, scope, (size_t)written + sizeof(struct id));
    call->flight.print.size = sizeof call->flight.print.at;
    crypto_fingerprint(NULL, 0, said, size, call->flight.print.at);
}

/* What the device is to show: nobody can make it but us, and of the same form it is the same. */
static bool make_secret(struct call *call, uint8_t hash[CREDENTIAL_KEY_SIZE])
{
    const char *form_key = form_value(call->form, "_key");
    uint8_t key[MARK_KEY_SIZE], secret[SESSION_SECRET_SIZE];
    struct id id;
    struct error err;

    _Static_assert(SESSION_SECRET_SIZE == 2 * MARK_SIZE, "two marks");
    if (form_key == NULL || !id_read(form_key, strlen(form_key), &id) ||
        !mark_key(call->pages->door.files, "pages", "operator", key, &err))
        return false;
    mark_write(key, "begin_first", id.bytes, sizeof id.bytes, secret);
    mark_write(key, "begin_second", id.bytes, sizeof id.bytes, secret + MARK_SIZE);
    crypto_base64url_encode(secret, sizeof secret, call->secret);
    crypto_hash_of(call->secret, strlen(call->secret), hash);
    crypto_wipe(key, sizeof key);
    crypto_wipe(secret, sizeof secret);
    return true;
}

static void on_visited(void *cookie, const struct reply *reply)
{
    enum { DAY = 24 * 3600 };
    struct call *call = cookie;
    char set[SESSION_COOKIE_SIZE];

    if (reply->is_accepted) {
        session_cookie(call, call->secret, DAY, set);
        pages_redirect(call, "/begin", set);
        crypto_wipe(set, sizeof set);
    } else if (reply->error.kind == ERROR_BUSY || reply->error.kind == ERROR_BROKEN) {
        pages_fail(call, &reply->error);
    } else {
        over(call);
    }
    crypto_wipe(call->secret, sizeof call->secret);
}

static void let_in(struct call *call, struct id person)
{
    struct session_visit body = {.person = person,
                                 .has_role = true,
                                 .role = ACTOR_ROLE_PROGRAMME_ADMIN,
                                 .hash = {.size = CREDENTIAL_KEY_SIZE}};

    sign_in_device(call, &body.device);
    if (!make_secret(call, body.hash.at)) {
        pages_problem(call, 400, WORDS_PAGE_PROBLEM_FORM_TITLE, WORDS_PAGE_PROBLEM_FORM_TEXT);
        return;
    }
    name_once(call, "begin visit ", body.hash.at, sizeof body.hash.at);
    act_say_value(call, "session.visit", NULL, &body, on_visited);
}

static void on_token(void *cookie, const struct reply *reply)
{
    struct call *call = cookie;

    if (reply->is_accepted)
        let_in(call, call->id);
    else
        act_refuse(call, &reply->error);
}

/* It makes them an admin; what could be shown of it nobody is told. */
static void say_token(struct call *call, struct id person)
{
    const struct instant now = {call->pages->door.front.now_ms};
    struct token_create body = {.role = ACTOR_ROLE_PROGRAMME_ADMIN,
                                .person = person,
                                .hash = {.size = CRYPTO_HASH_SIZE},
                                .has_expires = true,
                                .expires = instant_add_days(now, ADMIN_DAYS)};
    char secret[SECRET_TEXT_SIZE];

    secret_token(secret, body.hash.at);
    crypto_wipe(secret, sizeof secret);
    call->id = person;
    name_once(call, "begin token ", "", 0);
    act_say_value(call, "token.create", NULL, &body, on_token);
}

static void on_person(void *cookie, const struct reply *reply)
{
    struct call *call = cookie;

    if (reply->is_accepted)
        say_token(call, reply->accepted.aggregate);
    else
        refuse_part(call, "person.", &reply->error);
}

static void say_person(struct call *call, struct id association)
{
    struct form *part = part_of(call->form, "person.");
    char id[ID_TEXT_SIZE];

    id_write(association, id);
    put(part, "organisation", id);
    put(part, "part", person_part_words[PERSON_PART_COORDINATOR]);
    put(part, "protection", protection_words[PROTECTION_NONE]);
    say_part(call, "person.register", "person.", part, on_person);
}

static void on_association(void *cookie, const struct reply *reply)
{
    struct call *call = cookie;

    if (reply->is_accepted)
        say_person(call, reply->accepted.aggregate);
    else
        refuse_part(call, "association.", &reply->error);
}

static void say_association(struct call *call)
{
    struct form *part = part_of(call->form, "association.");

    put(part, "kind", organisation_kind_words[ORGANISATION_KIND_ASSOCIATION]);
    put(part, "language", language_words[programme_of(call)->languages.at[0]]);
    say_part(call, "organisation.create", "association.", part, on_association);
}

/* Others need no mailbox; who is let in here could not sign in again without. */
static bool has_mailbox(const struct form *form, struct error *err)
{
    const char *email = form_value(form, "person.details.email");

    if (email != NULL && email[0] != '\0') return true;
    error_set(err, ERROR_INVALID, "invalid", "That is no e-mail address.");
    error_add_fault(err, "person.details.email",
                    "not an address with one @, such as ines@example.org");
    return false;
}

static void say_admin(struct call *call)
{
    const struct organisation *association = association_of(call);
    const struct person *somebody = somebody_of(call);
    struct error err;

    if (somebody == NULL && !has_mailbox(call->form, &err))
        act_refuse(call, &err);
    else if (somebody != NULL)
        say_token(call, somebody->id);
    else if (association != NULL)
        say_person(call, association->id);
    else
        say_association(call);
}

/* What was pressed, where it stands. Who was let in already is let in again by the same form alone. */
static void press(struct call *call, enum stage stage)
{
    const bool is_programme = strcmp(call->act, "programme") == 0;
    const struct token *admin = admin_of(call);
    char path[CALL_THEN_SIZE];

    here(call, path);
    if (stage == STAGE_PROGRAMME && is_programme)
        say_programme(call);
    else if (stage == STAGE_PROGRAMME || (stage != STAGE_OVER && is_programme))
        pages_redirect(call, path, NULL);
    else if (stage == STAGE_ADMIN)
        say_admin(call);
    else if (admin != NULL && !is_programme)
        let_in(call, admin->person);
    else
        over(call);
}

/* The page. */

/* clang-format off */
static const struct show_option countries[] = {
    {"se", WORDS_PAGE_BEGIN_SWEDEN, NULL},
    {"no", WORDS_PAGE_BEGIN_NORWAY, NULL},
};
/* clang-format on */

static void show_stage(struct call *call, enum stage stage)
{
    const struct programme *row = programme_of(call);
    const char *language =
        row == NULL ? show_language(call->language) : language_words[row->languages.at[0]];
    struct show_option languages[WORDS_LANGUAGES];
    const struct begin_view view = {
        .link = call->text,
        .programme = row == NULL ? NULL : row->name,
        .is_new = stage == STAGE_PROGRAMME,
        .asks_who = stage == STAGE_ADMIN && somebody_of(call) == NULL,
        .asks_association = association_of(call) == NULL,
        .goes_on = stage == STAGE_ENTER || (stage == STAGE_ADMIN && somebody_of(call) != NULL),
        .countries = {sizeof countries / sizeof countries[0], countries},
        .languages = {programme_languages(languages), languages},
        .language = language,
    };

    pages_answer(call, 200, WORDS_PAGE_BEGIN_TITLE, begin_show, &view);
}

static void show(struct call *call)
{
    const enum stage stage = stage_of(call);

    if (!check_link(call)) return;
    if (call->is_post && !call->is_refused)
        press(call, stage);
    else if (stage == STAGE_OVER)
        over(call);
    else
        show_stage(call, stage);
}

static void post(struct call *call)
{
    call->pages->go_on(call);
}

static const struct page_post posts[] = {
    {"programme", "programme.create"},
    {"admin", "session.visit"},
    {NULL, NULL},
};

const struct page begin_page = {
    .path = "/begin/{text}", .ask = ask, .show = show, .posts = posts, .post = post};
