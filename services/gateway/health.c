/* /healthz, /readyz, /metrics, /openapi.json, /asyncapi.json: for whoever runs it, or programs for it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "answer.h"
#include "base/metrics.h"
#include "base/random.h"
#include "contract/asyncapi.h"
#include "contract/openapi.h"
#include "front/status.h"
#include "gateway.h"
#include "scrape.h"

enum { PROBE_MS = 1000, OWN_ROOM = 65536 };

/* All services asked how they are, and what they said. */
struct probe {
    size_t left; /* those that have not answered */
    void (*done)(struct call *call);
    struct said {
        struct call *call;
        char *text;           /* NULL: it has not answered in time */
        bool takes, looks_up; /* commands too, and at the third door */
    } said[SERVICES_COUNT];
};

static void probe_end(struct call *call)
{
    for (size_t i = 0; i < SERVICES_COUNT; i++)
        free(call->probe->said[i].text);
    free(call->probe);
}

static void finish(struct call *call)
{
    if (--call->probe->left > 0) return;
    call->probe->done(call);
}

static void on_status(void *cookie, const struct reply *reply)
{
    struct said *said = cookie;
    struct call *call = said->call;
    const size_t i = (size_t)(said - call->probe->said);

    front_heard(&call->gateway->door.front.upstreams[i], reply);
    if (reply->is_page && reply->page.count == 1) {
        said->text = strndup(reply->rows[0].at, reply->rows[0].size);
        if (said->text == NULL) bug("out of memory");
    }
    finish(call);
}

static void on_knock(void *cookie, const struct reply *reply)
{
    struct said *said = cookie;

    said->takes = reply->is_accepted;
    finish(said->call);
}

static void on_lookup(void *cookie, const struct reply *reply)
{
    struct said *said = cookie;

    said->looks_up = reply->is_page;
    finish(said->call);
}

static void knock_for_lookups(struct gateway *gateway, struct peer *peer, struct said *said)
{
    struct error err;

    front_query(&gateway->door.front, "runtime.knock");
    if (!peer_query(peer, &gateway->door.front.query, gateway->door.front.steady_ms, PROBE_MS,
                    on_lookup, said, &err))
        said->call->probe->left--;
}

/* At the door for commands, as who asks how it is has been at another. */
static void knock(struct gateway *gateway, struct peer *peer, struct said *said)
{
    struct bus_command command = {.id = random_id(gateway->door.front.now_ms),
                                  .type = "runtime.knock",
                                  .print = {.size = sizeof command.print.at},
                                  .role = ACTOR_ROLE_SYS,
                                  .body = {.size = 1, .at = {0x80}}}; /* an empty map */
    struct error err;

    if (!peer_command(peer, &command, gateway->door.front.steady_ms, PROBE_MS, on_knock, said,
                      &err))
        said->call->probe->left--;
}

static void probe(struct call *call, void (*done)(struct call *call))
{
    struct gateway *gateway = call->gateway;
    struct error err;

    if ((call->probe = calloc(1, sizeof *call->probe)) == NULL) bug("out of memory");
    call->probe->done = done;
    call->probe->left =
        PEER_DOORS * gateway->door.front.upstream_count + 1; /* and this function itself */
    for (size_t i = 0; i < gateway->door.front.upstream_count; i++) {
        call->probe->said[i].call = call;
        front_query(&gateway->door.front, "runtime.status");
        if (!peer_query(gateway->door.front.upstreams[i].peer, &gateway->door.front.query,
                        gateway->door.front.steady_ms, PROBE_MS, on_status, &call->probe->said[i],
                        &err))
            call->probe->left--;
        knock(gateway, gateway->door.front.upstreams[i].peer, &call->probe->said[i]);
        knock_for_lookups(gateway, gateway->door.front.upstreams[i].peer, &call->probe->said[i]);
    }
    finish(call);
}

void health_serve(struct call *call)
{
    answer_anybody(call, "text/plain; charset=utf-8", "ok\n", 3);
}

static void add_name(char *names, size_t room, const char *before, const char *name)
{
    const size_t used = strlen(names);

    snprintf(names + used, room - used, "%s%s", used == 0 ? before : ", ", name);
}

/* The words of a label in all lines of a metric, after `before`. */
static void add_labels(char *words, size_t room, const char *before, const char *text,
                       const char *metric, const char *label)
{
    for (const char *line = text; (line = strstr(line, metric)) != NULL; line++) {
        const char *at = strstr(line, label);
        char word[32];

        if (at == NULL || at > line + 1 + strcspn(line + 1, "\n")) continue;
        at += strlen(label);
        snprintf(word, sizeof word, "%.*s", (int)strcspn(at, "\""), at);
        add_name(words, room, before, word);
    }
}

/* How many there are by a metric of that name, where there are any. */
static void add_counted(char *words, size_t room, const char *text, const char *name,
                        const char *what)
{
    const char *line = strstr(text, name);
    double count;
    char some[64];

    if (line == NULL || (count = strtod(line + strlen(name), NULL)) == 0) return;
    snprintf(some, sizeof some, "%s: %.0f", what, count);
    add_name(words, room, "", some);
}

/* What somebody should look at, though everything is taken and nothing lost: who asks whether to send
 * us requests is answered yes, as not sending them would mend nothing. */
static void answer_ready(struct call *call, const char *nearly, const char *mail)
{
    char body[600];
    const int size = snprintf(body, sizeof body, "ready\n%s%s%s%s", nearly,
                              nearly[0] == '\0' ? "" : " (`fadder status`)\n", mail,
                              mail[0] == '\0' ? "" : " (`fadder status`)\n");

    answer_anybody(call, "text/plain; charset=utf-8", body, (size_t)size);
}

static void tell_ready(struct call *call)
{
    const struct gateway *gateway = call->gateway;
    char away[160] = "", waiting[200] = "", full[200] = "", nearly[180] = "", mail[320] = "";

    for (size_t i = 0; i < gateway->door.front.upstream_count; i++) {
        const char *name = gateway->door.front.upstreams[i].name, *text = call->probe->said[i].text;

        if (text == NULL || !call->probe->said[i].takes || !call->probe->said[i].looks_up)
            add_name(away, sizeof away, "Away: ", name);
        else if (status_waits(text))
            add_name(waiting, sizeof waiting, "Waiting for an operator (`fadder status`): ", name);
        else if (status_room(text) == STATUS_FULL)
            add_name(full, sizeof full, "No room on the disk, commands are refused: ", name);
        else if (status_room(text) == STATUS_NEARLY_FULL)
            add_name(nearly, sizeof nearly, "The disk is nearly full: ", name);
        if (text != NULL)
            add_labels(mail, sizeof mail, "Mails do not go out: ", text, "\nfadder_mail_fault{",
                       "cause=\"");
        if (text != NULL)
            add_counted(mail, sizeof mail, text, "\nfadder_programmes_unreached ",
                        "programmes whose coordinators no mail reaches");
        if (text != NULL)
            add_counted(mail, sizeof mail, text, "\nfadder_programmes_uncleared ",
                        "programmes with somebody protected, nobody cleared");
        if (text != NULL)
            add_counted(mail, sizeof mail, text, "\nfadder_sealed_unopened ",
                        "whose sealed data cannot be opened");
    }
    probe_end(call);
    if (away[0] != '\0')
        answer_problem(call, 503, "away", away, NULL);
    else if (waiting[0] != '\0')
        answer_problem(call, 503, "waits", waiting, NULL);
    else if (full[0] != '\0')
        answer_problem(call, 503, "waits", full, NULL);
    else
        answer_ready(call, nearly, mail);
}

void ready_serve(struct call *call)
{
    probe(call, tell_ready);
}

/* Our own metrics, in room that grows. */
static char *own_metrics(void)
{
    for (size_t room = OWN_ROOM;; room *= 2) {
        char *text = malloc(room);

        if (text == NULL) bug("out of memory");
        if (metrics_write(NULL, text, room) < room) return text;
        free(text);
    }
}

static void tell_metrics(struct call *call)
{
    struct gateway *gateway = call->gateway;
    struct scrape_source sources[SERVICES_COUNT + 1];
    char *own = own_metrics();
    size_t count = 0;

    sources[count++] = (struct scrape_source){"gateway", own};
    for (size_t i = 0; i < gateway->door.front.upstream_count; i++)
        if (call->probe->said[i].text != NULL)
            sources[count++] = (struct scrape_source){gateway->door.front.upstreams[i].name,
                                                      call->probe->said[i].text};
    out_clear(&gateway->out);
    scrape_merge(sources, count, &gateway->out);
    free(own);
    probe_end(call);
    answer_anybody(call, "text/plain; version=0.0.4; charset=utf-8", gateway->out.at,
                   gateway->out.used);
}

void metrics_serve(struct call *call)
{
    probe(call, tell_metrics);
}

void openapi_serve(struct call *call)
{
    answer_anybody(call, "application/json", openapi_document, openapi_size);
}

void asyncapi_serve(struct call *call)
{
    answer_anybody(call, "application/json", asyncapi_document, asyncapi_size);
}
