/* GET /v1/<records> and GET /v1/<records>/{id}: what there is, as the services have it. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "answer.h"
#include "core/descriptor.h"
#include "core/life.h"
#include "core/nearest.h"
#include "core/pack.h"
#include "core/text.h"
#include "gateway.h"
#include "lists.h"
#include "routes.h"

enum { LIMIT_DEFAULT = 100, LIMIT_MAX = 500 };

/* Answers. */

/* What the reader may do next, as the addresses have it: "accept". */
static void add_may(struct out *out, const struct contract *contract, uint64_t may)
{
    const char *comma = "";

    out_format(out, ",\"may\":[");
    for (size_t i = 0; i < contract->command_count; i++) {
        const struct command *command = &contract->commands[i];

        if ((may >> i & 1) == 0 || command->route == NULL) continue;
        out_format(out, "%s\"%s\"", comma, strrchr(command->route, '/') + 1);
        comma = ",";
    }
    out_format(out, "]");
}

/* For whom, by the words of voices. */
static void add_voices(struct out *out, const struct bus_page *page, size_t command)
{
    const char *comma = "";

    for (uint32_t of = 0; of < page->may_record.count && of < LIFE_VOICES; of++) {
        if (((uint64_t)page->may_record.at[of] >> command & 1) == 0) continue;
        out_format(out, "%s\"%s\"", comma, voice_words[of]);
        comma = ",";
    }
}

static bool is_recorded(const struct bus_page *page, size_t command)
{
    uint64_t any = 0;

    for (uint32_t of = 0; of < page->may_record.count; of++)
        any |= (uint64_t)page->may_record.at[of];
    return (any >> command & 1) != 0;
}

/* What they may write down for whom, of what can be at all: {"accept":["mentor"]}. */
static void add_may_record(struct out *out, const struct contract *contract,
                           const struct bus_page *page)
{
    const char *before = "";
    bool has_any = false;

    for (size_t i = 0; i < contract->command_count; i++)
        has_any = has_any || life_behalf(contract->commands[i].body) != NULL;
    if (!has_any) return;
    out_format(out, ",\"may_record\":{");
    for (size_t i = 0; i < contract->command_count; i++) {
        const char *route = contract->commands[i].route;

        if (route == NULL || !is_recorded(page, i)) continue;
        out_format(out, "%s\"%s\":[", before, strrchr(route, '/') + 1);
        add_voices(out, page, i);
        out_format(out, "]");
        before = ",";
    }
    out_format(out, "}");
}

static bool add_single(struct call *call, const struct reply *reply)
{
    const struct descriptor *descriptor = call->route->record->row;
    struct gateway *gateway = call->gateway;
    const struct frame row = reply->rows[0];
    struct error err;

    if (!unpack(descriptor, row.at, row.size, gateway->value, &err)) return false;
    out_format(&gateway->out, "{");
    out_members(&gateway->out, descriptor, gateway->value);
    if (reply->page.has_may)
        add_may(&gateway->out, call->route->contract, (uint64_t)reply->page.may);
    if (reply->page.has_may_record)
        add_may_record(&gateway->out, call->route->contract, &reply->page);
    out_format(&gateway->out, "}");
    return true;
}

/* The row's version, as an entity tag; "" when rows of this kind have none. */
static void read_tag(const struct descriptor *row, const void *value, char etag[32])
{
    etag[0] = '\0';
    for (size_t i = 0; i < row->count; i++)
        if (strcmp(row->fields[i].name, "version") == 0)
            snprintf(etag, 32, "\"%lld\"",
                     (long long)*(const int64_t *)(const void *)((const char *)value +
                                                                 row->fields[i].offset));
}

static void on_reply(void *cookie, const struct reply *reply)
{
    struct call *call = cookie;
    const struct route *route = call->route;
    struct gateway *gateway = call->gateway;
    char batch[32], etag[32];

    front_heard(route->upstream, reply);
    if (!reply->is_page) {
        answer_error(call, &reply->error, NULL);
        return;
    }
    if (reply->page.count == 0) {
        answer_unseen(call, reply, "There is nothing with such an id.");
        return;
    }
    out_clear(&gateway->out);
    if (!add_single(call, reply)) {
        struct error err;

        error_set(&err, ERROR_BROKEN, "row", "A row of %s cannot be read.", route->contract->name);
        answer_error(call, &err, NULL);
        return;
    }
    read_tag(route->record->row, gateway->value, etag);
    snprintf(batch, sizeof batch, "%lld", (long long)reply->page.batch);
    answer_json(call, 200,
                (const struct http_header[]){
                    {"Fadder-Batch", batch}, {etag[0] == '\0' ? NULL : "ETag", etag}, {NULL, NULL}},
                &gateway->out);
}

/* Requests. */

static bool fault(struct error *err, const char *name, const char *what)
{
    if (err->kind == ERROR_NONE)
        error_set(err, ERROR_INVALID, "invalid", "The list cannot be asked for like that.");
    error_add_fault(err, strlen(name) < FAULT_FIELD_MAX ? name : "?", what);
    return false;
}

static bool read_number(const char *text, int64_t min, int64_t max, int64_t *number)
{
    char *end;

    if (*text < '0' || *text > '9') return false;
    errno = 0;
    *number = strtoll(text, &end, 10);
    return errno == 0 && *end == '\0' && *number >= min && *number <= max;
}

static bool is_filter(const struct record *record, const char *name)
{
    for (size_t i = 0; i < record->filter_count; i++)
        if (strcmp(record->filters[i]->name, name) == 0 &&
            (record->filters[i]->flags & FIELD_INTERNAL) == 0)
            return true;
    return false;
}

/* What people say, and what it is called where that is one of a list's. */
static const char *const synonyms[][2] = {
    {"participant", "person"}, {"mentor", "person"},     {"person", "participant"},
    {"mentee", "participant"}, {"organisation", "host"}, {"organisation", "agency"},
    {"club", "organisation"},  {"host", "organisation"}, {"agency", "organisation"},
    {"municipality", "code"},  {"status", "state"},      {"type", "kind"},
};

/* Where else that is found, of which a list knows nothing. */
static const struct {
    const char *record, *name, *where;
} elsewhere[] = {
    {"referral", "mentor", "GET /v1/mentorships?mentor= names the referrals"},
    {"question", "mentorship", "a question has the id of its mentorship: GET /v1/questions/{id}"},
};

static const char *found_elsewhere(const struct record *record, const char *name)
{
    for (size_t i = 0; i < sizeof elsewhere / sizeof elsewhere[0]; i++)
        if (strcmp(elsewhere[i].record, record->row->name) == 0 &&
            strcmp(elsewhere[i].name, name) == 0)
            return elsewhere[i].where;
    return NULL;
}

/* NULL: nothing here is like it. */
static const char *meant_by(const struct record *record, const char *name)
{
    const char *meant = NULL;
    size_t least = NEAREST_NONE;

    for (size_t i = 0; i < sizeof synonyms / sizeof synonyms[0]; i++)
        if (strcmp(synonyms[i][0], name) == 0 && is_filter(record, synonyms[i][1]))
            return synonyms[i][1];
    for (size_t i = 0; i < record->filter_count; i++)
        if (is_filter(record, record->filters[i]->name) &&
            nearest_is(name, strlen(name), record->filters[i]->name, &least))
            meant = record->filters[i]->name;
    return meant;
}

/* Also of what may be meant, and of what there is. */
static bool fault_stranger(const struct record *record, const char *name, struct error *err)
{
    const char *where = found_elsewhere(record, name), *before = "; there are ";
    const char *meant = where == NULL ? meant_by(record, name) : NULL;
    char what[sizeof err->faults[0].what];
    size_t used;

    used = (size_t)snprintf(what, sizeof what, "no filter here");
    if (where != NULL) used += (size_t)snprintf(what + used, sizeof what - used, "; %s", where);
    if (meant != NULL)
        used +=
            (size_t)snprintf(what + used, sizeof what - used, "; perhaps `%.32s` is meant", meant);
    for (size_t i = 0; i < record->filter_count && used < sizeof what; i++) {
        if (!is_filter(record, record->filters[i]->name)) continue;
        used += (size_t)snprintf(what + used, sizeof what - used, "%s%s", before,
                                 record->filters[i]->name);
        before = ", ";
    }
    return fault(err, name, what);
}

static bool read_argument(const struct record *record, const struct http_header *argument,
                          struct bus_query *query, struct error *err)
{
    const char *name = argument->name, *value = argument->value;

    if (strcmp(name, "limit") == 0)
        return read_number(value, 1, LIMIT_MAX, &query->limit) ||
               fault(err, name, "not a number from 1 to 500");
    if (strcmp(name, "after") == 0) {
        query->has_after = true;
        return id_read(value, strlen(value), &query->after) || fault(err, name, "not a UUID");
    }
    if (!is_filter(record, name)) return fault_stranger(record, name, err);
    if (query->has_filter) return fault(err, name, "one more filter than the one that is possible");
    if (strlen(value) > 128) return fault(err, name, "longer than any value");
    query->has_filter = query->has_value = true;
    text_copy(query->filter, sizeof query->filter, name);
    text_copy(query->value, sizeof query->value, value);
    return true;
}

static bool is_repeated(const struct http_arguments *arguments, size_t index)
{
    for (size_t i = 0; i < index; i++)
        if (strcmp(arguments->at[i].name, arguments->at[index].name) == 0) return true;
    return false;
}

static bool read_arguments(struct call *call, struct bus_query *query, struct error *err)
{
    struct http_arguments *arguments = &call->gateway->arguments;

    err->kind = ERROR_NONE;
    err->fault_count = 0;
    if (!http_arguments(call->request, arguments))
        return error_set(err, ERROR_INVALID, "query", "The address's query is malformed.");
    for (size_t i = 0; i < arguments->count; i++) {
        const struct http_header *argument = &arguments->at[i];

        if (is_repeated(arguments, i))
            fault(err, argument->name, "said more than once");
        else
            read_argument(call->route->record, argument, query, err);
    }
    return err->kind == ERROR_NONE;
}

/* Whoever reads none of them, whosever they are, hears who does. */
static bool may_ask(const struct call *call, struct error *err)
{
    const struct record *record = call->route->record;
    unsigned readers = ROLE_SYS;

    for (size_t i = 0; i < record->reader_count; i++)
        readers |= record->readers[i].roles;
    return (readers >> call->flight.who.role & 1) != 0 || life_forbid_reading(readers, err);
}

static void ask(struct call *call)
{
    const char *at_least = http_header(call->request, "Fadder-At-Least");
    struct gateway *gateway = call->gateway;
    struct bus_query *query = &gateway->door.front.query;
    struct error err;

    front_query_as(&gateway->door.front, call->route->contract->name, &call->flight.who);
    query->limit = LIMIT_DEFAULT;
    if (!call->has_id && !may_ask(call, &err)) { /* of one it is noted by whom it is */
        answer_error(call, &err, NULL);
        return;
    }
    if (call->has_id) {
        query->has_key = true;
        query->key = call->id;
    } else if (!read_arguments(call, query, &err)) {
        answer_error(call, &err, NULL);
        return;
    }
    if (at_least != NULL && !read_number(at_least, 0, INT64_MAX, &query->at_least)) {
        answer_problem(call, 400, "at_least", "Fadder-At-Least must be the number of a batch.",
                       NULL);
        return;
    }
    if (!call->has_id)
        lists_ask(gateway->lists, call, query);
    else if (!peer_query(call->route->upstream->peer, query, gateway->door.front.steady_ms,
                         gateway->door.front.answer_ms, on_reply, call, &err))
        answer_error(call, &err, NULL);
}

void records_serve(struct call *call)
{
    if (call->route->behind != NULL && !call->has_id)
        answer_problem(call, 404, "not_found", "There is nothing with such an id.", NULL);
    else
        auth_serve(call, ask);
}
