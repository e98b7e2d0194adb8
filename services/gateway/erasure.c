/* GET /v1/persons/{id}/erasure: the proof of an erasure, in one answer, for the programme's data protection officer, and for
 * themself until it is done.
 *
 * It is put together from what each service says now. From the audit: that it was wanted, refused, withdrawn or done, when and by
 * whom. From each service every row that is about them, and at which batch it stands: whether any of them still tells something.
 * From notification which partners were told, and whether they have acknowledged it. Nothing in it is personal but ids.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "answer.h"
#include "contract/all.h"
#include "contract/audit.h"
#include "contract/delivery.h"
#include "contract/message.h"
#include "contract/person.h"
#include "core/descriptor.h"
#include "core/pack.h"
#include "flight.h"
#include "gateway.h"
#include "routes.h"

enum { PAGE_ROWS = 100, SERVICES_MAX = 8, TOLD_MAX = 16 };

/* Of a record that is about somebody: where nothing is left, these are empty or absent. */
static const char *const telling[] = {"municipality", "languages", "occupations",  "wishes",
                                      "offers",       "networks",  "availability", "external_id",
                                      "why",          "sealed"};

struct proof {
    struct call *call;
    struct out out;
    size_t contract, record, reader; /* whose rows are looked through */
    struct upstream *upstream;
    bool has_after, has_noted, is_erased;
    struct id after;
    struct {
        const char *name;
        int64_t batch;
        int64_t rows, left; /* about them; of those, such as tell something */
    } services[SERVICES_MAX];
    size_t service_count;
    struct id told[TOLD_MAX]; /* deliveries of what partners were told */
    size_t told_count, told_at, acknowledged;
};

static void end(struct proof *p)
{
    out_destroy(&p->out);
    free(p);
}

static void fail(struct proof *p, const struct error *err)
{
    answer_error(p->call, err, NULL);
    end(p);
}

static void fail_broken(struct proof *p, const char *what)
{
    struct error err;

    error_set(&err, ERROR_BROKEN, "row", "A row of %s cannot be read.", what);
    fail(p, &err);
}

/* As a rule of ours: it is who is told that matters, and that has been looked at. */
static struct bus_query *query_of(struct proof *p, const char *service, const char *record)
{
    struct gateway *gateway = p->call->gateway;

    p->upstream = gateway_upstream(gateway, service);
    gateway_query(gateway, record);
    gateway->query.limit = PAGE_ROWS;
    return &gateway->query;
}

static void filter_by(struct bus_query *query, const char *field, struct id id)
{
    query->has_filter = query->has_value = true;
    strcpy(query->filter, field);
    id_write(id, query->value);
}

static void send(struct proof *p, peer_answer *then)
{
    struct gateway *gateway = p->call->gateway;
    struct error err;

    if (!peer_query(p->upstream->peer, &gateway->query, gateway->steady_ms, gateway->answer_ms,
                    then, p, &err))
        fail(p, &err);
}

static size_t service_at(struct proof *p, const char *name)
{
    for (size_t i = 0; i < p->service_count; i++)
        if (strcmp(p->services[i].name, name) == 0) return i;
    if (p->service_count == SERVICES_MAX) bug("proof: more services than room");
    p->services[p->service_count].name = name;
    return p->service_count++;
}

/* The end. */

static int64_t left_anywhere(const struct proof *p)
{
    int64_t left = 0;

    for (size_t i = 0; i < p->service_count; i++)
        left += p->services[i].left;
    return left;
}

static void finish(struct proof *p)
{
    const bool is_complete =
        p->is_erased && left_anywhere(p) == 0 && p->acknowledged == p->told_count;

    out_format(&p->out, "],\"services\":[");
    for (size_t i = 0; i < p->service_count; i++)
        out_format(&p->out,
                   "%s{\"service\":\"%s\",\"batch\":%" PRId64 ",\"rows\":%" PRId64
                   ",\"left\":%" PRId64 "}",
                   i > 0 ? "," : "", p->services[i].name, p->services[i].batch, p->services[i].rows,
                   p->services[i].left);
    out_format(&p->out, "],\"erased\":%s,\"complete\":%s}", p->is_erased ? "true" : "false",
               is_complete ? "true" : "false");
    answer_json(p->call, 200, NULL, &p->out);
    end(p);
}

/* Whom we told. */

static void ask_delivery(struct proof *p);

static void on_delivery(void *cookie, const struct reply *reply)
{
    struct proof *p = cookie;
    struct delivery row;
    struct error err;

    gateway_heard(p->upstream, reply);
    if (!reply->is_page) {
        fail(p, &reply->error);
        return;
    }
    if (reply->page.count == 1) {
        if (!unpack(&delivery_descriptor, reply->rows[0].at, reply->rows[0].size, &row, &err)) {
            fail_broken(p, "delivery");
            return;
        }
        p->acknowledged += row.state == DELIVERY_STATE_DELIVERED;
        if (p->told_at > 0) out_add(&p->out, ",", 1);
        if (!out_value(&p->out, &delivery_descriptor, &row)) {
            fail_broken(p, "delivery");
            return;
        }
    }
    p->told_at++;
    ask_delivery(p);
}

static void ask_delivery(struct proof *p)
{
    struct bus_query *query;

    if (p->told_at == p->told_count) {
        finish(p);
        return;
    }
    query = query_of(p, "notification", delivery_descriptor.name);
    query->has_key = true;
    query->key = p->told[p->told_at];
    send(p, on_delivery);
}

static void ask_messages(struct proof *p);

static bool take_message(struct proof *p, struct frame row)
{
    struct message message;
    struct error err;

    if (!unpack(&message_descriptor, row.at, row.size, &message, &err)) return false;
    if (message.kind == MESSAGE_KIND_PERSON_ERASED && p->told_count < TOLD_MAX)
        p->told[p->told_count++] = message.id;
    return true;
}

/* Of messages nothing but ids and codes is kept: there is nothing to be left of them. */
static void note_batch(struct proof *p, const char *name, const struct reply *reply)
{
    const size_t service = service_at(p, name);

    p->services[service].batch = reply->page.batch;
    p->services[service].rows += reply->page.count;
}

static void on_messages(void *cookie, const struct reply *reply)
{
    struct proof *p = cookie;

    gateway_heard(p->upstream, reply);
    if (!reply->is_page) {
        fail(p, &reply->error);
        return;
    }
    note_batch(p, "notification", reply);
    for (int64_t i = 0; i < reply->page.count; i++)
        if (!take_message(p, reply->rows[i])) {
            fail_broken(p, "message");
            return;
        }
    p->has_after = reply->page.has_next;
    p->after = reply->page.next;
    if (p->has_after)
        ask_messages(p);
    else
        ask_delivery(p);
}

static void ask_messages(struct proof *p)
{
    struct bus_query *query = query_of(p, "notification", message_descriptor.name);

    filter_by(query, "about", p->call->id);
    query->has_after = p->has_after;
    query->after = p->after;
    send(p, on_messages);
}

/* What each service has. */

static const struct record *record_of(const struct proof *p)
{
    return &contracts[p->contract]->records[p->record];
}

static bool names_people(const struct reader *reader)
{
    return reader->is == READER_ID && reader->roles != ROLE_AG; /* a partner's id is no person's */
}

/* A field by which a record is found that is about somebody: its own id, or one that lists are narrowed by. Several roles
 * look into one field. */
static bool is_way(const struct record *record, size_t reader)
{
    const struct field *field = record->readers[reader].field;

    if (record->route == NULL || !names_people(&record->readers[reader])) return false;
    for (size_t i = 0; i < reader; i++)
        if (names_people(&record->readers[i]) && record->readers[i].field == field) return false;
    if (strcmp(field->name, "id") == 0) return true;
    for (size_t i = 0; i < record->filter_count; i++)
        if (record->filters[i] == field) return true;
    return false;
}

static bool find_next(struct proof *p)
{
    for (; p->contract < contract_count; p->contract++, p->record = 0)
        for (; p->record < contracts[p->contract]->record_count; p->record++, p->reader = 0)
            for (; p->reader < record_of(p)->reader_count; p->reader++)
                if (is_way(record_of(p), p->reader)) return true;
    return false;
}

static bool is_telling(const struct field *field)
{
    for (size_t i = 0; i < sizeof telling / sizeof telling[0]; i++)
        if (strcmp(field->name, telling[i]) == 0) return true;
    return (field->flags & (FIELD_PLACE | FIELD_FREE_TEXT)) != 0;
}

static bool is_left(const struct descriptor *descriptor, const char *row)
{
    for (size_t i = 0; i < descriptor->count; i++) {
        const struct field *field = &descriptor->fields[i];
        const char *at = row + field->offset;

        if (!is_telling(field)) continue;
        if (field->present != NO_FLAG && !*(const bool *)(row + field->present)) continue;
        if (field->type != FIELD_LIST || *(const uint32_t *)at > 0) return true;
    }
    return false;
}

static bool is_about(const struct proof *p, const char *row)
{
    const struct field *field = record_of(p)->readers[p->reader].field;

    return (field->present == NO_FLAG || *(const bool *)(row + field->present)) &&
           memcmp(row + field->offset, &p->call->id, sizeof p->call->id) == 0;
}

static bool look_at_row(struct proof *p, size_t service, struct frame row)
{
    const struct descriptor *descriptor = record_of(p)->row;
    char *value = p->call->gateway->value;
    struct error err;

    if (!unpack(descriptor, row.at, row.size, value, &err)) return false;
    if (!is_about(p, value)) return true;
    p->services[service].rows++;
    p->services[service].left += is_left(descriptor, value);
    return true;
}

static void ask_rows(struct proof *p);

static void on_rows(void *cookie, const struct reply *reply)
{
    struct proof *p = cookie;
    size_t service;

    gateway_heard(p->upstream, reply);
    if (!reply->is_page) {
        fail(p, &reply->error);
        return;
    }
    service = service_at(p, contracts[p->contract]->service);
    p->services[service].batch = reply->page.batch;
    for (int64_t i = 0; i < reply->page.count; i++)
        if (!look_at_row(p, service, reply->rows[i])) {
            fail_broken(p, record_of(p)->row->name);
            return;
        }
    p->has_after = reply->page.has_next;
    p->after = reply->page.next;
    if (!p->has_after) p->reader++;
    ask_rows(p);
}

static void ask_rows(struct proof *p)
{
    const struct field *field;
    struct bus_query *query;

    if (!find_next(p)) {
        p->has_after = false;
        out_format(&p->out, "],\"told\":[");
        ask_messages(p);
        return;
    }
    field = record_of(p)->readers[p->reader].field;
    query = query_of(p, contracts[p->contract]->service, record_of(p)->row->name);
    if (strcmp(field->name, "id") == 0) {
        query->has_key = true;
        query->key = p->call->id;
    } else
        filter_by(query, field->name, p->call->id);
    query->has_after = p->has_after;
    query->after = p->after;
    send(p, on_rows);
}

/* What is noted. */

static void ask_noted(struct proof *p);

static bool take_noted(struct proof *p, struct frame row)
{
    struct audit audit;
    struct error err;

    if (!unpack(&audit_descriptor, row.at, row.size, &audit, &err)) return false;
    if (audit.kind != AUDIT_KIND_ERASURE || !audit.has_programme ||
        !id_equal(audit.programme, p->call->who.programme))
        return true;
    if (p->has_noted) out_add(&p->out, ",", 1);
    p->has_noted = true;
    p->is_erased = p->is_erased || strcmp(audit.what, person_erased_descriptor.name) == 0;
    return out_value(&p->out, &audit_descriptor, &audit);
}

static void on_noted(void *cookie, const struct reply *reply)
{
    struct proof *p = cookie;

    gateway_heard(p->upstream, reply);
    if (!reply->is_page) {
        fail(p, &reply->error);
        return;
    }
    for (int64_t i = 0; i < reply->page.count; i++)
        if (!take_noted(p, reply->rows[i])) {
            fail_broken(p, "audit");
            return;
        }
    p->has_after = reply->page.has_next;
    p->after = reply->page.next;
    if (p->has_after)
        ask_noted(p);
    else if (p->has_noted)
        ask_rows(p);
    else {
        answer_problem(p->call, 404, "not_found", "No erasure of theirs is known.", NULL);
        end(p);
    }
}

static void ask_noted(struct proof *p)
{
    struct bus_query *query = query_of(p, "registry", audit_descriptor.name);

    filter_by(query, "person", p->call->id);
    query->has_after = p->has_after;
    query->after = p->after;
    send(p, on_noted);
}

static void begin(struct call *call)
{
    const bool is_oneself = call->who.has_actor && id_equal(call->who.actor, call->id);
    char id[ID_TEXT_SIZE];
    struct proof *p;

    if (call->who.role != ACTOR_ROLE_DATA_PROTECTION_OFFICER &&
        (call->who.role == ACTOR_ROLE_AGENCY_SYSTEM || !is_oneself)) {
        answer_problem(call, 403, "not_oneself",
                       "The data protection officer is told this, and everybody of themselves.",
                       NULL);
        return;
    }
    if ((p = calloc(1, sizeof *p)) == NULL) bug("out of memory");
    p->call = call;
    id_write(call->id, id);
    out_format(&p->out, "{\"person\":\"%s\",\"noted\":[", id);
    ask_noted(p);
}

void erasure_serve(struct call *call)
{
    if (!call->has_id)
        answer_problem(call, 404, "not_found", "There is nobody with such an id.", NULL);
    else
        auth_serve(call, begin);
}
