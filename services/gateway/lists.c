/* Pages as they came, each written a few rows at a time; the room that it is written in goes to the next. */
#include "lists.h"

#include <stdio.h>
#include <stdlib.h>

#include "answer.h"
#include "base/clock.h"
#include "core/descriptor.h"
#include "core/pack.h"
#include "front/credentials.h"
#include "gateway.h"
#include "routes.h"
#include "turns.h"

enum { ROWS_EACH = 8 }; /* between looks at the clock */

/* One list. It is among those that wait, or asked for, or among those that are written. */
struct list {
    struct turn turn; /* first: a turn is cast back to its list */
    struct lists *lists;
    struct call *call;
    struct bus_query query;
    int64_t until_ms;        /* when it has waited long enough */
    struct message *message; /* that the page came in */
    struct bus_page page;
    int64_t written; /* rows of it */
    int64_t took_ns;
    struct out out;
};

struct lists {
    struct gateway *gateway;
    struct turns waiting, written;
    size_t under_way; /* asked for, and not answered */
    struct out spare; /* room of one that is answered */
};

struct lists *lists_create(struct gateway *gateway)
{
    struct lists *lists = calloc(1, sizeof *lists);

    if (lists == NULL) bug("out of memory");
    lists->gateway = gateway;
    return lists;
}

static void end(struct list *list)
{
    struct lists *lists = list->lists;

    message_destroy(list->message);
    if (list->out.room > lists->spare.room) {
        const struct out other = lists->spare;

        lists->spare = list->out;
        list->out = other;
    }
    out_destroy(&list->out);
    free(list);
}

static void drop_all(struct turns *turns)
{
    while (turns->first != NULL) {
        struct list *list = (struct list *)turns->first;

        turns_drop(turns, &list->turn);
        end(list);
    }
}

void lists_destroy(struct lists *lists)
{
    if (lists == NULL) return;
    drop_all(&lists->waiting);
    drop_all(&lists->written);
    out_destroy(&lists->spare);
    free(lists);
}

static void fail(struct list *list, const struct error *err)
{
    answer_error(list->call, err, NULL);
    end(list);
}

/* Writing. */

static bool write_row(struct list *list)
{
    const struct descriptor *row = list->call->route->record->row;
    const struct frame frame = message_frame(list->message, 1 + (size_t)list->written);
    void *value = list->lists->gateway->value;
    struct error err;

    out_add(&list->out, list->written == 0 ? "{\"items\":[" : ",", list->written == 0 ? 10 : 1);
    list->written++;
    return unpack(row, frame.at, frame.size, value, &err) && out_value(&list->out, row, value);
}

static void write_end(struct list *list)
{
    char next[ID_TEXT_SIZE];

    if (list->page.count == 0) out_format(&list->out, "{\"items\":[");
    id_write(list->page.next, next);
    out_format(&list->out, list->page.has_next ? "],\"next\":\"%s\"}" : "],\"next\":null}", next);
}

static void answer_page(struct list *list)
{
    char batch[32];

    write_end(list);
    snprintf(batch, sizeof batch, "%lld", (long long)list->page.batch);
    answer_json(list->call, 200,
                (const struct http_header[]){{"Fadder-Batch", batch}, {NULL, NULL}}, &list->out);
}

/* Some rows; false: that was all, and it is over. */
static bool write_some(struct list *list)
{
    const int64_t until = list->written + ROWS_EACH;
    bool is_ok = true;

    while (is_ok && list->written < list->page.count && list->written < until)
        is_ok = write_row(list);
    if (is_ok && list->written < list->page.count) return true;
    turns_drop(&list->lists->written, &list->turn);
    if (is_ok) {
        answer_page(list);
        end(list);
    } else {
        struct error err;

        error_set(&err, ERROR_BROKEN, "row", "A row of %s cannot be read.",
                  list->call->route->contract->name);
        fail(list, &err);
    }
    return false;
}

/* Until somebody who had less waits, or the time is over. */
void lists_write(struct lists *lists)
{
    const int64_t began_ns = clock_steady_ns(), steady_ms = lists->gateway->door.front.steady_ms;
    int64_t now_ns = began_ns, then_ns;
    struct turn *turn;

    while (now_ns - began_ns < LISTS_TURN_NS &&
           (turn = turns_next(&lists->written, steady_ms)) != NULL) {
        struct list *list = (struct list *)turn;
        struct share *share = turn->share;
        int64_t took_ns = list->took_ns;
        bool goes_on = write_some(list);

        then_ns = clock_steady_ns();
        took_ns += then_ns - now_ns;
        now_ns = then_ns;
        if (goes_on)
            list->took_ns = took_ns;
        else
            share_add(share, took_ns, steady_ms);
    }
}

bool lists_have_work(const struct lists *lists)
{
    return lists->written.count > 0;
}

/* Asking. */

static void on_page(void *cookie, const struct reply *reply)
{
    struct list *list = cookie;
    struct upstream *upstream = list->call->route->upstream;

    list->lists->under_way--;
    front_heard(upstream, reply);
    if (!reply->is_page) {
        fail(list, &reply->error);
        return;
    }
    list->page = reply->page;
    list->message = peer_keep(upstream->peer);
    list->out = list->lists->spare;
    list->lists->spare = (struct out){NULL, 0, 0};
    out_clear(&list->out);
    turns_add(&list->lists->written, &list->turn);
}

static void ask(struct list *list)
{
    struct gateway *gateway = list->lists->gateway;
    struct error err;

    if (!peer_query(list->call->route->upstream->peer, &list->query, gateway->door.front.steady_ms,
                    list->until_ms - gateway->door.front.steady_ms, on_page, list, &err))
        fail(list, &err);
    else
        list->lists->under_way++;
}

static void ask_for_next(struct lists *lists)
{
    struct turn *turn;

    while (lists->under_way + lists->written.count < LISTS_AT_ONCE &&
           (turn = turns_next(&lists->waiting, lists->gateway->door.front.steady_ms)) != NULL) {
        turns_drop(&lists->waiting, turn);
        ask((struct list *)turn);
    }
}

static void give_up_overdue(struct lists *lists)
{
    for (struct turn *turn = lists->waiting.first, *after; turn != NULL; turn = after) {
        struct list *list = (struct list *)turn;
        struct error err;

        after = turn->after;
        if (lists->gateway->door.front.steady_ms < list->until_ms) continue;
        turns_drop(&lists->waiting, turn);
        error_set(&err, ERROR_BUSY, "too_many", "Too much is waiting; ask again later.");
        fail(list, &err);
    }
}

void lists_ask(struct lists *lists, struct call *call, const struct bus_query *query)
{
    struct list *list = calloc(1, sizeof *list);

    if (list == NULL) bug("out of memory");
    list->lists = lists;
    list->call = call;
    list->query = *query;
    list->turn.share = &call->reads->share;
    list->until_ms = lists->gateway->door.front.steady_ms + lists->gateway->door.front.answer_ms;
    turns_add(&lists->waiting, &list->turn);
}

void lists_turn(struct lists *lists)
{
    give_up_overdue(lists);
    ask_for_next(lists);
}
