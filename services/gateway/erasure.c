/* GET /v1/persons/{id}/erasure: the proof of an erasure, in one answer, for the programme's data protection officer, and for
 * themself until it is done.
 *
 * It is put together from what each service says now. From the audit: that it was wanted, refused, withdrawn or done, when and by
 * whom. From each service what it has dropped, and at which batch of its journal nothing was left; from the registry, that the
 * key is destroyed with which what they are was sealed. Then every row that is about them: whether any still tells something.
 * From notification which partners were told and have acknowledged it, and which mails to them wait yet. What each service has
 * dropped is asked first: who has heard of the erasure has queued what follows from it. Nothing in it is personal but ids.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "answer.h"
#include "contract/all.h"
#include "contract/audit.h"
#include "contract/delivery.h"
#include "contract/journal.h"
#include "contract/message.h"
#include "contract/person.h"
#include "core/backup.h"
#include "core/date.h"
#include "core/descriptor.h"
#include "core/pack.h"
#include "front/flight.h"
#include "gateway.h"
#include "remains.h"
#include "routes.h"
#include "walk.h"

enum { PAGE_ROWS = 100, SERVICES_MAX = 8, TOLD_MAX = 16 };

/* What one service says. */
struct proven {
    const char *name;
    int64_t batch;
    int64_t rows, left; /* about them; of those, such as tell something */
    bool has_heard;     /* that they were erased: dropped says what came of it */
    struct journal_dropped dropped;
};

struct proof {
    struct call *call;
    struct out out;
    struct upstream *upstream;
    struct page {
        const char *service, *record, *field, *value; /* field NULL: the whole list */
        bool (*take)(struct proof *p, struct frame row);
        void (*then)(struct proof *p);
    } page; /* what is asked for, page by page */
    bool has_after, has_noted, is_erased;
    struct id after;
    struct walk walk;
    struct proven services[SERVICES_MAX];
    size_t service_count, service_at;
    struct id told[TOLD_MAX]; /* deliveries of what partners were told */
    size_t told_count, told_at, acknowledged;
    int64_t waiting; /* mails to them */
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

static struct proven *service_of(struct proof *p, const char *name)
{
    for (size_t i = 0; i < p->service_count; i++)
        if (strcmp(p->services[i].name, name) == 0) return &p->services[i];
    if (p->service_count == SERVICES_MAX) bug("proof: more services than room");
    p->services[p->service_count].name = name;
    return &p->services[p->service_count++];
}

/* Asking, page by page. */

static void ask_page(struct proof *p);

static void on_page(void *cookie, const struct reply *reply)
{
    struct proof *p = cookie;

    front_heard(p->upstream, reply);
    if (!reply->is_page) {
        fail(p, &reply->error);
        return;
    }
    service_of(p, p->page.service)->batch = reply->page.batch;
    for (int64_t i = 0; i < reply->page.count; i++)
        if (!p->page.take(p, reply->rows[i])) {
            fail_broken(p, p->page.record);
            return;
        }
    p->has_after = reply->page.has_next;
    p->after = reply->page.next;
    if (p->has_after)
        ask_page(p);
    else
        p->page.then(p);
}

static void narrow(const struct proof *p, struct bus_query *query)
{
    const struct page *page = &p->page;

    if (page->field == NULL) return;
    query->has_filter = query->has_value = true;
    strcpy(query->filter, page->field);
    if (page->value != NULL)
        strcpy(query->value, page->value);
    else
        id_write(p->call->id, query->value);
}

static void send(struct proof *p)
{
    struct gateway *gateway = p->call->gateway;
    struct bus_query *query = &gateway->door.front.query;
    struct error err;

    query->limit = PAGE_ROWS;
    query->has_after = p->has_after;
    query->after = p->after;
    if (!peer_query(p->upstream->peer, query, gateway->door.front.steady_ms,
                    gateway->door.front.answer_ms, on_page, p, &err))
        fail(p, &err);
}

/* As a rule of ours: it is who is told that matters, and that has been looked at. */
static void begin_query(struct proof *p)
{
    p->upstream = front_upstream(&p->call->gateway->door.front, p->page.service);
    front_query(&p->call->gateway->door.front, p->page.record);
}

static void ask_page(struct proof *p)
{
    begin_query(p);
    narrow(p, &p->call->gateway->door.front.query);
    send(p);
}

static void ask_key(struct proof *p, struct id key)
{
    begin_query(p);
    p->call->gateway->door.front.query.has_key = true;
    p->call->gateway->door.front.query.key = key;
    send(p);
}

/* The end. */

static bool is_dropped(const struct proven *service)
{
    return service->has_heard && !service->dropped.left && !service->dropped.sealed &&
           service->left == 0;
}

static bool is_dropped_everywhere(const struct proof *p)
{
    for (size_t i = 0; i < p->service_count; i++)
        if (!is_dropped(&p->services[i])) return false;
    return true;
}

static bool is_key_destroyed(const struct proof *p)
{
    bool was_sealed = false;

    for (size_t i = 0; i < p->service_count; i++) {
        if (p->services[i].has_heard && p->services[i].dropped.sealed) return false;
        was_sealed = was_sealed || p->services[i].dropped.has_sealed;
    }
    return was_sealed;
}

static void add_instant(struct out *out, const char *name, struct instant at)
{
    char text[INSTANT_TEXT_SIZE];

    instant_write(at, text);
    out_format(out, ",\"%s\":\"%s\"", name, text);
}

/* Where nothing was held, that is so since it was heard of. */
static struct instant dropped_at(const struct proven *service)
{
    return service->dropped.has_at ? service->dropped.at : service->dropped.erased;
}

static void add_service(struct proof *p, const struct proven *service)
{
    out_format(&p->out,
               "{\"service\":\"%s\",\"batch\":%" PRId64 ",\"rows\":%" PRId64 ",\"left\":%" PRId64,
               service->name, service->batch, service->rows, service->left);
    if (is_dropped(service)) add_instant(&p->out, "dropped_at", dropped_at(service));
    if (is_dropped(service) && service->dropped.has_batch)
        out_format(&p->out, ",\"dropped_in\":%" PRId64, service->dropped.batch);
    out_add(&p->out, "}", 1);
}

/* The day on which the last backup is destroyed that somebody may have made before all of it was gone. */
static void add_backups(struct proof *p)
{
    struct instant last = {0};
    char text[DATE_TEXT_SIZE];

    for (size_t i = 0; i < p->service_count; i++)
        if (dropped_at(&p->services[i]).ms > last.ms) last = dropped_at(&p->services[i]);
    date_write(instant_date(instant_add_days(last, BACKUP_DAYS)), text);
    out_format(&p->out, ",\"backups_until\":\"%s\"", text);
}

static void finish(struct proof *p)
{
    const bool is_gone = is_dropped_everywhere(p);
    const bool is_complete =
        p->is_erased && is_gone && p->acknowledged == p->told_count && p->waiting == 0;

    out_format(&p->out, "],\"services\":[");
    for (size_t i = 0; i < p->service_count; i++) {
        if (i > 0) out_add(&p->out, ",", 1);
        add_service(p, &p->services[i]);
    }
    out_format(&p->out, "],\"waiting\":%" PRId64 ",\"key_destroyed\":%s", p->waiting,
               is_key_destroyed(p) ? "true" : "false");
    if (p->is_erased && is_gone) add_backups(p);
    out_format(&p->out, ",\"erased\":%s,\"complete\":%s}", p->is_erased ? "true" : "false",
               is_complete ? "true" : "false");
    answer_json(p->call, 200, NULL, &p->out);
    end(p);
}

/* Mails to them that wait for a server. */

static bool take_waiting(struct proof *p, struct frame row)
{
    struct delivery delivery;
    struct error err;

    if (!unpack(&delivery_descriptor, row.at, row.size, &delivery, &err)) return false;
    p->waiting += id_equal(delivery.to, p->call->id);
    return true;
}

static void ask_waiting(struct proof *p)
{
    p->page = (struct page){"notification", "delivery", "state", "queued", take_waiting, finish};
    ask_page(p);
}

/* Whom we told. */

static bool take_delivery(struct proof *p, struct frame row)
{
    struct delivery delivery;
    struct error err;

    if (!unpack(&delivery_descriptor, row.at, row.size, &delivery, &err)) return false;
    p->acknowledged += delivery.state == DELIVERY_STATE_DELIVERED;
    if (p->told_at > 0) out_add(&p->out, ",", 1);
    return out_value(&p->out, &delivery_descriptor, &delivery);
}

static void ask_delivery(struct proof *p);

static void next_delivery(struct proof *p)
{
    p->told_at++;
    ask_delivery(p);
}

static void ask_delivery(struct proof *p)
{
    if (p->told_at == p->told_count) {
        ask_waiting(p);
        return;
    }
    p->page = (struct page){"notification", "delivery", NULL, NULL, take_delivery, next_delivery};
    ask_key(p, p->told[p->told_at]);
}

/* Of messages nothing but ids and codes is kept: there is nothing to be left of them. */
static bool take_message(struct proof *p, struct frame row)
{
    struct message message;
    struct error err;

    if (!unpack(&message_descriptor, row.at, row.size, &message, &err)) return false;
    service_of(p, p->page.service)->rows++;
    if (message.kind == MESSAGE_KIND_PERSON_ERASED && p->told_count < TOLD_MAX)
        p->told[p->told_count++] = message.id;
    return true;
}

static void ask_messages(struct proof *p)
{
    out_format(&p->out, "],\"told\":[");
    p->page = (struct page){"notification", "message", "about", NULL, take_message, ask_delivery};
    ask_page(p);
}

/* What each service has. */

static bool take_row(struct proof *p, struct frame row)
{
    const struct descriptor *descriptor = walk_record(&p->walk)->row;
    struct proven *service = service_of(p, p->page.service);
    char *value = p->call->gateway->value;
    struct error err;

    if (!unpack(descriptor, row.at, row.size, value, &err)) return false;
    if (!walk_is_about(&p->walk, value, p->call->id)) return true;
    service->rows++;
    service->left += remains_in(descriptor, value);
    return true;
}

static void ask_rows(struct proof *p);

static void next_rows(struct proof *p)
{
    walk_on(&p->walk);
    ask_rows(p);
}

static void ask_rows(struct proof *p)
{
    if (!walk_find(&p->walk)) {
        ask_messages(p);
        return;
    }
    p->page = (struct page){.service = walk_contract(&p->walk)->service,
                            .record = walk_record(&p->walk)->row->name,
                            .take = take_row,
                            .then = next_rows};
    begin_query(p);
    walk_narrow(&p->walk, p->call->id, &p->call->gateway->door.front.query);
    send(p);
}

/* What each service has dropped. */

static bool was_asked(const struct proof *p, const char *service)
{
    for (size_t i = 0; i < p->service_at; i++)
        if (strcmp(contracts[i]->service, service) == 0) return true;
    return false;
}

static bool take_dropped(struct proof *p, struct frame row)
{
    struct proven *service = service_of(p, p->page.service);
    struct error err;

    service->has_heard =
        unpack(&journal_dropped_descriptor, row.at, row.size, &service->dropped, &err);
    return service->has_heard;
}

static void ask_dropped(struct proof *p)
{
    while (p->service_at < contract_count && was_asked(p, contracts[p->service_at]->service))
        p->service_at++;
    if (p->service_at == contract_count) {
        ask_rows(p);
        return;
    }
    p->page = (struct page){.service = contracts[p->service_at]->service,
                            .record = "runtime.dropped",
                            .take = take_dropped,
                            .then = ask_dropped};
    p->service_at++;
    ask_key(p, p->call->id);
}

/* What is noted. */

static bool take_noted(struct proof *p, struct frame row)
{
    struct audit audit;
    struct error err;

    if (!unpack(&audit_descriptor, row.at, row.size, &audit, &err)) return false;
    if (audit.kind != AUDIT_KIND_ERASURE || !audit.has_programme ||
        !id_equal(audit.programme, p->call->flight.who.programme))
        return true;
    if (p->has_noted) out_add(&p->out, ",", 1);
    p->has_noted = true;
    p->is_erased = p->is_erased || strcmp(audit.what, person_erased_descriptor.name) == 0;
    return out_value(&p->out, &audit_descriptor, &audit);
}

static void look_if_noted(struct proof *p)
{
    if (p->has_noted) {
        ask_dropped(p);
        return;
    }
    answer_problem(p->call, 404, "not_found", "No erasure of theirs is known.", NULL);
    end(p);
}

static void ask_noted(struct proof *p)
{
    p->page = (struct page){"registry", "audit", "person", NULL, take_noted, look_if_noted};
    ask_page(p);
}

static void begin(struct call *call)
{
    const bool is_oneself =
        call->flight.who.has_actor && id_equal(call->flight.who.actor, call->id);
    char id[ID_TEXT_SIZE];
    struct proof *p;

    if (call->flight.who.role != ACTOR_ROLE_DATA_PROTECTION_OFFICER &&
        (call->flight.who.role == ACTOR_ROLE_AGENCY_SYSTEM || !is_oneself)) {
        answer_problem(call, 403, "not_oneself",
                       "The data protection officer is told this, and everybody of themselves.",
                       NULL);
        return;
    }
    if ((p = calloc(1, sizeof *p)) == NULL) bug("out of memory");
    p->call = call;
    p->walk.is_narrow = true;
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
