/* GET /v1/persons/{id}/export: everything known about somebody, for themself, or for the programme's admin who hands it on.
 *
 * First what the vault holds is opened, for the purpose that it is their own: who may not hears so, and it is a reading like
 * others. Then each record of each service in which a reader's id is looked for is asked for their rows, one page after the
 * other, as whoever asks: nobody is told more here than by the lists themselves. The answer is put together in a text of
 * the call's own, as others are answered meanwhile.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "answer.h"
#include "base/crypto.h"
#include "base/random.h"
#include "contract/all.h"
#include "contract/person.h"
#include "core/descriptor.h"
#include "core/pack.h"
#include "document.h"
#include "front/flight.h"
#include "gateway.h"
#include "routes.h"
#include "walk.h"

enum { PAGE_ROWS = 100, ROWS_MAX = 5000 };

struct export
{
    struct call *call;
    struct out out;
    bool is_page; /* text/html is wanted, and no JSON */
    struct document page;
    struct walk walk; /* whose rows are asked for */
    struct upstream *upstream;
    bool has_after, has_record,
        has_any; /* a page goes on; something of this record, of any, stands there */
    struct id after;
    size_t rows;
};

static void end(struct export *e)
{
    out_wipe(&e->out);
    out_destroy(&e->out);
    free(e);
}

static void fail(struct export *e, const struct error *err)
{
    answer_error(e->call, err, NULL);
    end(e);
}

static void fail_broken(struct export *e, const char *what)
{
    struct error err;

    error_set(&err, ERROR_BROKEN, "row", "A row of %s cannot be read.", what);
    fail(e, &err);
}

static const struct record *record_of(const struct export *e)
{
    return walk_record(&e->walk);
}

static void end_record(struct export *e)
{
    if (e->has_record && !e->is_page) out_format(&e->out, "]");
    e->has_record = false;
}

/* The next field to look into, which may be another record's. */
static bool find_next(struct export *e)
{
    const struct walk before = e->walk;
    const bool is_there = walk_find(&e->walk);

    if (e->walk.contract != before.contract || e->walk.record != before.record) end_record(e);
    return is_there;
}

/* Whatever stands in it: it loads nothing and runs nothing. */
static void finish_page(struct export *e)
{
    static const struct http_header headers[] = {
        {"Content-Security-Policy",
         "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; "
         "form-action 'none'; frame-ancestors 'none'"},
        {"X-Content-Type-Options", "nosniff"},
        {"Vary", "Accept, Accept-Language"},
        {NULL, NULL}};

    document_end(&e->page, e->has_any);
    answer(e->call, 200, "text/html; charset=utf-8", headers, e->out.at, e->out.used);
}

static void finish(struct export *e)
{
    if (e->is_page)
        finish_page(e);
    else {
        out_format(&e->out, "}}");
        answer_json(e->call, 200, NULL, &e->out);
    }
    end(e);
}

/* Rows. */

static void begin_row(struct export *e, const char *record)
{
    if (e->is_page) {
        if (!e->has_record) document_records(&e->page, record);
    } else if (e->has_record)
        out_format(&e->out, ",");
    else
        out_format(&e->out, "%s\"%s\":[", e->has_any ? "," : "", record);
}

static bool add_row(struct export *e, struct frame row)
{
    const struct descriptor *descriptor = record_of(e)->row;
    void *value = e->call->gateway->value;
    struct error err;

    if (!unpack(descriptor, row.at, row.size, value, &err)) return false;
    if (!walk_is_about(&e->walk, value, e->call->id)) return true;
    begin_row(e, descriptor->name);
    e->has_record = e->has_any = true;
    e->rows++;
    if (!e->is_page) return out_value(&e->out, descriptor, value);
    document_value(&e->page, descriptor, value);
    return true;
}

static void ask(struct export *e);

static void on_page(void *cookie, const struct reply *reply)
{
    struct export *e = cookie;

    front_heard(e->upstream, reply);
    if (!reply->is_page) {
        fail(e, &reply->error);
        return;
    }
    for (int64_t i = 0; i < reply->page.count; i++)
        if (!add_row(e, reply->rows[i])) {
            fail_broken(e, record_of(e)->row->name);
            return;
        }
    e->has_after = reply->page.has_next;
    e->after = reply->page.next;
    if (!e->has_after) walk_on(&e->walk);
    if (e->rows <= ROWS_MAX)
        ask(e);
    else {
        answer_problem(e->call, 422, "too_large",
                       "More is known than one answer holds: `fadder export` tells it.", NULL);
        end(e);
    }
}

static void ask(struct export *e)
{
    struct gateway *gateway = e->call->gateway;
    struct bus_query *query = &gateway->door.front.query;
    struct error err;

    if (!find_next(e)) {
        finish(e);
        return;
    }
    e->upstream = front_upstream(&gateway->door.front, walk_contract(&e->walk)->service);
    front_query_as(&gateway->door.front, record_of(e)->row->name, &e->call->flight.who);
    query->limit = PAGE_ROWS;
    query->has_after = e->has_after;
    query->after = e->after;
    walk_narrow(&e->walk, e->call->id, query);
    if (!peer_query(e->upstream->peer, query, gateway->door.front.steady_ms,
                    gateway->door.front.answer_ms, on_page, e, &err))
        fail(e, &err);
}

/* The vault. */

static void choose_form(struct export *e)
{
    const struct http_request *request = e->call->request;
    const char *accept = http_header(request, "Accept");
    struct http_arguments arguments;
    const char *wanted = NULL;

    e->is_page = accept != NULL && strstr(accept, "text/html") != NULL;
    if (!e->is_page) return;
    if (http_arguments(request, &arguments))
        for (size_t i = 0; i < arguments.count; i++)
            if (strcmp(arguments.at[i].name, "language") == 0) wanted = arguments.at[i].value;
    e->page = (struct document){
        .out = &e->out,
        .language = document_language(wanted, http_header(request, "Accept-Language")),
        .country = e->call->flight.who.country,
    };
}

/* Both begin with what the vault holds, which is unpacked. */
static bool begin_page(struct export *e)
{
    const struct gateway *gateway = e->call->gateway;

    document_begin(&e->page, (struct instant){gateway->door.front.now_ms});
    document_section(&e->page, WORDS_EXPORT_WHO);
    document_value(&e->page, &person_known_descriptor, gateway->value);
    return true;
}

static bool begin_json(struct export *e)
{
    char id[ID_TEXT_SIZE];

    id_write(e->call->id, id);
    out_format(&e->out, "{\"person\":\"%s\",\"details\":", id);
    if (!out_value(&e->out, &person_known_descriptor, e->call->gateway->value)) return false;
    out_format(&e->out, ",\"records\":{");
    return true;
}

static void on_opened(void *cookie, const struct reply *reply)
{
    struct call *call = cookie;
    struct gateway *gateway = call->gateway;
    struct export *e;
    struct error err;
    bool is_ok;

    if (!reply->is_accepted) {
        answer_error(call, &reply->error, NULL);
        return;
    }
    if ((e = calloc(1, sizeof *e)) == NULL) bug("out of memory");
    e->call = call;
    choose_form(e);
    is_ok = unpack(&person_known_descriptor, reply->opened.at, reply->opened.size, gateway->value,
                   &err) &&
            (e->is_page ? begin_page(e) : begin_json(e));
    crypto_wipe(gateway->value, sizeof(struct person_known));
    if (is_ok)
        ask(e);
    else
        fail_broken(e, "the vault");
}

/* Each request is one reading: nothing tells it from the one before. */
static void open_details(struct call *call)
{
    struct gateway *gateway = call->gateway;
    char path[sizeof "/v1/persons//read" + ID_TEXT_SIZE], id[ID_TEXT_SIZE];
    char allow[ROUTES_ALLOW_SIZE];
    struct person_read *body = gateway->value;
    const bool is_oneself =
        call->flight.who.has_actor && id_equal(call->flight.who.actor, call->id);
    const struct route *route;
    struct id ignored;
    bool has_id;

    if (call->flight.who.role == ACTOR_ROLE_AGENCY_SYSTEM ||
        (!is_oneself && call->flight.who.role != ACTOR_ROLE_PROGRAMME_ADMIN)) {
        answer_problem(
            call, 403, "not_oneself",
            "Everybody is told this of themselves only, and the programme's admin of all.", NULL);
        return;
    }
    id_write(call->id, id);
    snprintf(path, sizeof path, "/v1/persons/%s/read", id);
    route = routes_find(gateway->routes, "POST", path, &ignored, &has_id, allow);
    memset(body, 0, sizeof *body);
    body->purpose = PERSON_PURPOSE_OWN;
    body->has_exported = body->exported = true;
    flight_name_anew(&call->flight, &gateway->door.front);
    call_say(call, route, VERSION_ANY, on_opened);
}

void export_serve(struct call *call)
{
    if (!call->has_id)
        answer_problem(call, 404, "not_found", "There is nobody with such an id.", NULL);
    else
        auth_serve(call, open_details);
}
