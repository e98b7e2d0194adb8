/* Questions on their way to the services, and what comes back. */
#include "asking.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/crypto.h"
#include "contract/all.h"
#include "core/descriptor.h"
#include "core/life.h"
#include "core/pack.h"
#include "core/text.h"
#include "rows.h"
#include "saying.h"

enum { ROWS_MAX = 100, STATUS_MS = 1000 };

/* Records, by name. */

static const struct contract *contract_of(const char *record)
{
    for (size_t i = 0; i < contract_count; i++)
        if (strcmp(contracts[i]->name, record) == 0) return contracts[i];
    bug("pages: there is no %s", record);
}

/* Answers. */

static void fail(struct call *call, const struct error *err)
{
    if (call->is_failed) return;
    call->is_failed = true;
    call->failure = *err;
}

/* The last answer of a step has come. */
static void heard(struct call *call)
{
    if (--call->awaited == 0 && !call->is_asking) call->pages->go_on(call);
}

static bool take_rows(struct rows *rows, const struct reply *reply, struct error *err)
{
    const struct descriptor *descriptor = rows->record->row;

    rows->count = (size_t)reply->page.count;
    rows->has_more = reply->page.has_next;
    rows->next = reply->page.next;
    rows->has_may = reply->page.has_may;
    rows->may = (uint64_t)reply->page.may;
    for (uint32_t i = 0; reply->page.has_may_record && i < reply->page.may_record.count &&
                         i < sizeof rows->voices / sizeof rows->voices[0];
         i++)
        rows->voices[i] = (uint64_t)reply->page.may_record.at[i];
    if (rows->count == 0) return true;
    if ((rows->at = calloc(rows->count, descriptor->size)) == NULL) bug("out of memory");
    for (size_t i = 0; i < rows->count; i++)
        if (!unpack(descriptor, reply->rows[i].at, reply->rows[i].size,
                    rows->at + i * descriptor->size, err))
            return false;
    return true;
}

/* A question that is under way. */
struct question_sent {
    struct call *call;
    struct upstream *upstream;
    unsigned slot;
    bool is_needed;
};

static void on_reply(void *cookie, const struct reply *reply)
{
    struct question_sent sent = *(struct question_sent *)cookie;
    struct call *call = sent.call;
    struct error err;

    free(cookie);
    front_heard(sent.upstream, reply);
    if (!reply->is_page)
        fail(call, &reply->error);
    else if (sent.is_needed && reply->page.count == 0) {
        error_set(&err, ERROR_NOT_FOUND, "not_found", "There is nothing with such an id.");
        err.is_withheld = reply->page.has_withheld && reply->page.withheld;
        fail(call, &err);
    } else if (!take_rows(&call->rows[sent.slot], reply, &err))
        fail(call, &err);
    heard(call);
}

static void ask(struct call *call, unsigned slot, const struct contract *contract, bool is_needed)
{
    struct front *front = &call->pages->door.front;
    struct question_sent *sent = malloc(sizeof *sent);
    struct error err;

    if (sent == NULL) bug("out of memory");
    *sent = (struct question_sent){call, front_upstream(front, contract->service), slot, is_needed};
    rows_drop(call, slot);
    call->rows[slot] = (struct rows){.contract = contract, .record = &contract->records[0]};
    call->sent++;
    if (peer_query(sent->upstream->peer, &front->query, front->steady_ms, front->answer_ms,
                   on_reply, sent, &err)) {
        call->awaited++;
        return;
    }
    free(sent);
    fail(call, &err);
}

void ask_one(struct call *call, unsigned slot, const char *record, struct id id, bool is_needed)
{
    struct front *front = &call->pages->door.front;

    front_query_as(front, record, &call->flight.who);
    front->query.has_key = true;
    front->query.key = id;
    ask(call, slot, contract_of(record), is_needed);
}

static void begin_list(struct call *call, const char *record, const char *filter, const char *value)
{
    struct bus_query *query = &call->pages->door.front.query;

    front_query_as(&call->pages->door.front, record, &call->flight.who);
    query->limit = ROWS_MAX;
    query->has_filter = query->has_value = filter != NULL;
    if (filter != NULL) {
        text_copy(query->filter, sizeof query->filter, filter);
        text_copy(query->value, sizeof query->value, value);
    }
}

void ask_list(struct call *call, unsigned slot, const char *record, const char *filter,
              const char *value)
{
    begin_list(call, record, filter, value);
    ask(call, slot, contract_of(record), false);
}

void ask_any(struct call *call, unsigned slot, const char *record)
{
    begin_list(call, record, NULL, NULL);
    call->pages->door.front.query.limit = 1;
    ask(call, slot, contract_of(record), false);
}

static void ask_behind(struct call *call, unsigned slot, const struct contract *contract,
                       struct id after)
{
    struct bus_query *query = &call->pages->door.front.query;

    query->has_after = true;
    query->after = after;
    ask(call, slot, contract, false);
}

/* The least id of a time (RFC 9562, section 5.7). */
static struct id first_id(struct instant at)
{
    struct id id = {{0}};

    for (int i = 0; i < 6; i++)
        id.bytes[i] = (uint8_t)((uint64_t)at.ms >> (40 - 8 * i));
    return id;
}

void ask_list_since(struct call *call, unsigned slot, const char *record, const char *filter,
                    const char *value, struct instant since)
{
    begin_list(call, record, filter, value);
    ask_behind(call, slot, contract_of(record), first_id(since));
}

void ask_list_of(struct call *call, unsigned slot, const char *record, const char *filter,
                 struct id id)
{
    char text[ID_TEXT_SIZE];

    id_write(id, text);
    ask_list(call, slot, record, filter, text);
}

void ask_more(struct call *call, unsigned slot, unsigned behind, const char *filter,
              const char *value)
{
    const struct rows *before = &call->rows[behind];

    begin_list(call, before->record->row->name, filter, value);
    ask_behind(call, slot, before->contract, before->next);
}

void ask_more_of(struct call *call, unsigned slot, unsigned behind, const char *filter,
                 struct id id)
{
    char text[ID_TEXT_SIZE];

    id_write(id, text);
    ask_more(call, slot, behind, filter, text);
}

/* Services. */

struct status_sent {
    struct call *call;
    size_t at;
};

static void on_status(void *cookie, const struct reply *reply)
{
    const struct status_sent sent = *(struct status_sent *)cookie;
    struct call *call = sent.call;
    struct serviced *service = &call->services[sent.at];
    char *text;

    free(cookie);
    front_heard(&call->pages->door.front.upstreams[sent.at], reply);
    if (reply->is_page && reply->page.count == 1) {
        if ((text = strndup(reply->rows[0].at, reply->rows[0].size)) == NULL) bug("out of memory");
        *service =
            (struct serviced){true, status_waits(text), status_mail_fails(text), status_room(text)};
        free(text);
    }
    heard(call);
}

void ask_services(struct call *call)
{
    struct front *front = &call->pages->door.front;
    struct error err;

    for (size_t i = 0; i < front->upstream_count; i++) {
        struct status_sent *sent = malloc(sizeof *sent);

        if (sent == NULL) bug("out of memory");
        *sent = (struct status_sent){call, i};
        front_query(front, "runtime.status");
        call->sent++;
        if (peer_query(front->upstreams[i].peer, &front->query, front->steady_ms, STATUS_MS,
                       on_status, sent, &err))
            call->awaited++;
        else
            free(sent);
    }
}

/* By mailbox. */

struct bus_query *ask_for_mailbox(struct pages *pages, const char *email)
{
    struct bus_query *query = &pages->door.front.query;

    front_query(&pages->door.front, "person");
    query->open = query->has_filter = query->has_value = true;
    query->limit = MAILBOX_PEOPLE_MAX;
    text_copy(query->filter, sizeof query->filter, "email");
    text_copy(query->value, sizeof query->value, email);
    return query;
}

struct mailbox_sent {
    struct call *call;
    struct found *found;
};

/* Behind each row comes what is sealed of it: that is not looked at. */
static void take_found(const struct call *call, const struct reply *reply, struct found *found)
{
    struct person person;
    struct error err;

    for (int64_t i = 0; i < reply->page.count && found->count < MAILBOX_PEOPLE_MAX; i++) {
        const struct frame row = reply->rows[2 * i];

        if (unpack(&person_descriptor, row.at, row.size, &person, &err) &&
            id_equal(person.programme, call->flight.who.programme))
            found->at[found->count++] = person.id;
    }
}

static void on_mailbox(void *cookie, const struct reply *reply)
{
    const struct mailbox_sent sent = *(struct mailbox_sent *)cookie;

    free(cookie);
    if (reply->is_page)
        take_found(sent.call, reply, sent.found);
    else
        fail(sent.call, &reply->error);
    heard(sent.call);
}

void ask_mailbox(struct call *call, const char *email, struct found *found)
{
    struct front *front = &call->pages->door.front;
    struct mailbox_sent *sent = malloc(sizeof *sent);
    struct bus_query *query;
    struct error err;

    if (sent == NULL) bug("out of memory");
    *sent = (struct mailbox_sent){call, found};
    found->count = 0;
    call->sent++;
    query = ask_for_mailbox(call->pages, email);
    query->limit = ROWS_MAX; /* of all programmes */
    if (peer_query(front_upstream(front, "registry")->peer, query, front->steady_ms,
                   front->answer_ms, on_mailbox, sent, &err)) {
        call->awaited++;
        return;
    }
    free(sent);
    fail(call, &err);
}

/* Names. */

/* Somebody's name on its way. */
struct name_sent {
    struct call *call;
    size_t at; /* of the call's names */
    struct flight flight;
};

static void take_name(struct called *called, const struct person_known *known)
{
    text_copy(called->given_name, sizeof called->given_name, known->given_name);
    if (known->has_family_name)
        text_copy(called->family_name, sizeof called->family_name, known->family_name);
    snprintf(called->name, sizeof called->name, "%s%s%s", known->given_name,
             known->has_family_name ? " " : "", known->has_family_name ? known->family_name : "");
    if (known->has_phone) text_copy(called->phone, sizeof called->phone, known->phone);
    if (known->has_email) text_copy(called->email, sizeof called->email, known->email);
}

static void read_name(struct frame opened, struct called *called)
{
    struct person_known known;
    struct person_called name;
    struct error err;
    bool is_read;

    if (called->has_contact) {
        is_read = unpack(&person_known_descriptor, opened.at, opened.size, &known, &err);
    } else {
        is_read = unpack(&person_called_descriptor, opened.at, opened.size, &name, &err);
        memset(&known, 0, sizeof known);
        if (is_read) {
            memcpy(known.given_name, name.given_name, sizeof known.given_name);
            memcpy(known.family_name, name.family_name, sizeof known.family_name);
            known.has_family_name = name.has_family_name;
        }
    }
    if (is_read) take_name(called, &known);
    crypto_wipe(&known, sizeof known);
    crypto_wipe(&name, sizeof name);
}

/* Who may not be read is not named, and that is no failure of the page's. */
static void on_name(void *cookie, const struct reply *reply)
{
    struct name_sent *sent = cookie;
    struct call *call = sent->call;

    if (reply->is_accepted && reply->opened.size > 0)
        read_name(reply->opened, &call->names[sent->at]);
    free(sent);
    heard(call);
}

enum person_purpose ask_purpose(enum actor_role role)
{
    const bool is_guidance = role == ACTOR_ROLE_MENTOR || role == ACTOR_ROLE_SUPERVISOR ||
                             role == ACTOR_ROLE_PARTICIPANT;

    return is_guidance                     ? PERSON_PURPOSE_GUIDANCE
           : role == ACTOR_ROLE_COUNSELLOR ? PERSON_PURPOSE_CASEWORK
                                           : PERSON_PURPOSE_COORDINATION;
}

static bool is_asked(const struct call *call, struct id person, bool with_contact)
{
    for (size_t i = 0; i < call->names_sent; i++)
        if (id_equal(call->names[i].person, person) &&
            (call->names[i].has_contact || !with_contact))
            return true;
    return false;
}

void ask_person(struct call *call, struct id person, enum person_purpose purpose, bool with_contact)
{
    struct front *front = &call->pages->door.front;
    struct name_sent *sent;

    if (call->names == NULL && (call->names = calloc(CALL_NAMES, sizeof *call->names)) == NULL)
        bug("out of memory");
    if (call->names_sent == CALL_NAMES || is_asked(call, person, with_contact)) return;
    call->sent++;
    if ((sent = calloc(1, sizeof *sent)) == NULL) bug("out of memory");
    *sent = (struct name_sent){.call = call, .at = call->names_sent++};
    call->names[sent->at] = (struct called){.person = person, .has_contact = with_contact};
    sent->flight.who = call->flight.who;
    sent->flight.id = person;
    sent->flight.answered = on_name;
    sent->flight.cookie = sent;
    flight_name_anew(&sent->flight, front);
    call->awaited++;
    if (with_contact) {
        const struct person_read body = {.purpose = purpose};

        say_command(call->pages, &sent->flight, "person.read", &body);
    } else {
        const struct person_read_name body = {.purpose = purpose};

        say_command(call->pages, &sent->flight, "person.read_name", &body);
    }
}

void ask_listed(struct call *call, struct id person, enum person_purpose purpose)
{
    if (call->names_sent < CALL_LISTED) ask_person(call, person, purpose, false);
}

/* Questions in words. */

/* What was asked or answered, on its way. */
struct words_sent {
    struct call *call;
    enum question_what what;
    struct flight flight;
};

/* What may not be read is not shown, and that is no failure of the page's. */
static void on_words(void *cookie, const struct reply *reply)
{
    struct words_sent *sent = cookie;
    struct call *call = sent->call;
    struct question_words *words = calloc(1, sizeof *words);
    struct error err;

    if (words == NULL) bug("out of memory");
    if (reply->is_accepted && reply->opened.size > 0 && call->words[sent->what] == NULL &&
        unpack(&question_words_descriptor, reply->opened.at, reply->opened.size, words, &err)) {
        call->words[sent->what] = words;
    } else {
        crypto_wipe(words, sizeof *words);
        free(words);
    }
    free(sent);
    heard(call);
}

void ask_words(struct call *call, struct id question, enum question_what what)
{
    struct words_sent *sent = calloc(1, sizeof *sent);
    const struct question_read body = {.what = what};

    if (sent == NULL) bug("out of memory");
    *sent = (struct words_sent){.call = call, .what = what};
    sent->flight.who = call->flight.who;
    sent->flight.id = question;
    sent->flight.answered = on_words;
    sent->flight.cookie = sent;
    flight_name_anew(&sent->flight, &call->pages->door.front);
    call->sent++;
    call->awaited++;
    say_command(call->pages, &sent->flight, "question.read", &body);
}
