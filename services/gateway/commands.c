/* POST /v1/<records> and POST /v1/<records>/{id}/<command>: what somebody with a token wants done. */
#include <stdio.h>
#include <string.h>

#include "answer.h"
#include "base/crypto.h"
#include "core/descriptor.h"
#include "core/json.h"
#include "core/pack.h"
#include "front/flight.h"
#include "gateway.h"
#include "made.h"
#include "routes.h"

enum { KEY_MAX = 255, METHOD_MAX = 8 };

/* The headers that a command needs. */

/* `"17"`: the version it was made against. False: it is anything else. `W/"17"` is the same: If-Match
 * compares strongly (RFC 9110, section 13.1.1), but what weakens our tags is a proxy that packed the
 * answer, and a version says the same of the record however its text was packed. */
static bool read_version(const char *text, int64_t *version)
{
    *version = 0;
    if (strncmp(text, "W/", 2) == 0) text += 2;
    if (*text++ != '"' || *text == '"') return false;
    for (; *text >= '0' && *text <= '9'; text++)
        if ((*version = *version * 10 + (*text - '0')) > 1000000000) return false;
    return strcmp(text, "\"") == 0;
}

/* A string (RFC 8941, section 3.3.3), or, as many clients have it, the same without its quotes. */
static bool read_key(const char *text, char key[KEY_MAX + 1])
{
    const bool is_quoted = *text == '"';
    size_t size = 0;

    for (text += is_quoted; *text != '\0' && (!is_quoted || *text != '"'); text++) {
        if (is_quoted && *text == '\\') text++;
        if (*text < ' ' || *text > '~' || size == KEY_MAX) return false;
        key[size++] = *text;
    }
    key[size] = '\0';
    return size > 0 && strcmp(text, is_quoted ? "\"" : "") == 0;
}

/* The command's id: the same token, address and key again, the same command. */
static void name_command(struct call *call, const char *key)
{
    uint8_t scope[sizeof(struct id) + METHOD_MAX + HTTP_TARGET_MAX + KEY_MAX + 4];
    const int size = snprintf((char *)scope + sizeof(struct id), sizeof scope - sizeof(struct id),
                              "%s %s %s", "POST", call->request->path, key);

    memcpy(scope, call->flight.who.credential.bytes, sizeof(struct id));
    flight_name(&call->flight, scope, sizeof(struct id) + (size_t)size);
}

/* What was sent with it: the body, and the version. */
static void print_command(struct call *call, int64_t version)
{
    uint8_t parts[CRYPTO_FINGERPRINT_SIZE + sizeof version];

    crypto_fingerprint(NULL, 0, call->request->body, call->request->body_size, parts);
    memcpy(parts + CRYPTO_FINGERPRINT_SIZE, &version, sizeof version);
    call->flight.print.size = sizeof call->flight.print.at;
    crypto_fingerprint(NULL, 0, parts, sizeof parts, call->flight.print.at);
}

/* The answer. */

static bool add_members(struct out *out, const struct descriptor *descriptor, const void *packed,
                        size_t size, void *value)
{
    const size_t from = out->used;
    struct error err;
    bool is_ok;

    out_add(out, ",", 1);
    is_ok = unpack(descriptor, packed, size, value, &err);
    if (is_ok && out_members(out, descriptor, value) == 0) out->used = from;
    return is_ok;
}

static bool add_answer(struct call *call, const struct reply *reply)
{
    const struct command *command = call->route->command;
    const struct bus_accepted *accepted = &reply->accepted;
    struct gateway *gateway = call->gateway;
    char id[ID_TEXT_SIZE];

    id_write(accepted->aggregate, id);
    out_clear(&gateway->out);
    out_format(&gateway->out, "{\"id\":\"%s\",\"version\":%lld", id, (long long)accepted->version);
    if (command->answer != NULL && !add_members(&gateway->out, command->answer, accepted->answer.at,
                                                accepted->answer.size, gateway->value))
        return false;
    if (command->opens != NULL && reply->opened.size > 0) {
        const bool is_ok = add_members(&gateway->out, command->opens, reply->opened.at,
                                       reply->opened.size, gateway->value);

        crypto_wipe(gateway->value, command->opens->size);
        if (!is_ok) return false;
    }
    made_show(call, accepted, &gateway->out);
    out_add(&gateway->out, "}", 1);
    return true;
}

static void on_answered(void *cookie, const struct reply *reply)
{
    struct call *call = cookie;
    const bool is_creation = call->route->command->is_creation;
    const bool is_secret = call->is_made || reply->opened.size > 0;
    struct gateway *gateway = call->gateway;
    char etag[32], batch[32], location[HTTP_TARGET_MAX + ID_TEXT_SIZE + 2], id[ID_TEXT_SIZE];
    const struct http_header headers[] = {
        {"ETag", etag},
        {"Fadder-Batch", batch},
        {is_creation ? "Location" : NULL, location},
        {NULL, NULL},
    };

    if (!reply->is_accepted) {
        made_drop(call);
        answer_error(call, &reply->error, NULL);
        return;
    }
    if (!add_answer(call, reply)) {
        struct error err;

        made_drop(call);
        error_set(&err, ERROR_BROKEN, "answer", "The answer cannot be read.");
        answer_error(call, &err, NULL);
        return;
    }
    id_write(reply->accepted.aggregate, id);
    snprintf(etag, sizeof etag, "\"%lld\"", (long long)reply->accepted.version);
    snprintf(batch, sizeof batch, "%lld", (long long)reply->accepted.batch);
    snprintf(location, sizeof location, "%s/%s", call->request->path, id);
    answer_json(call, is_creation ? 201 : 200, headers, &gateway->out);
    if (is_secret) out_wipe(&gateway->out);
}

/* The request. */

static bool read_body(struct call *call, struct error *err)
{
    const struct http_request *request = call->request;
    const struct date today = instant_date((struct instant){call->gateway->door.front.now_ms});
    const bool is_empty = request->body_size == 0;

    return json_read(call->route->command->body, is_empty ? "{}" : (const char *)request->body,
                     is_empty ? 2 : request->body_size, today, call->gateway->value, err);
}

static void say(struct call *call)
{
    const struct http_request *request = call->request;
    const char *match = http_header(request, "If-Match");
    const char *given = http_header(request, "Idempotency-Key");
    int64_t version = VERSION_ANY;
    char key[KEY_MAX + 1];
    struct error err;

    if (request->body_size > 0 && !http_is_type(request, "application/json")) {
        answer_problem(call, 415, "media_type", "The body must be application/json.", NULL);
    } else if (given == NULL || !read_key(given, key)) {
        answer_problem(call, 400, "idempotency_key",
                       "An Idempotency-Key is needed: 1 to 255 visible characters that tell this "
                       "request from every other.",
                       NULL);
    } else if (!call->route->command->is_creation && match == NULL) {
        answer_problem(call, 428, "if_match",
                       "If-Match is needed: the version that this is said about, such as \"3\".",
                       NULL);
    } else if (!call->route->command->is_creation && !read_version(match, &version)) {
        answer_problem(call, 400, "if_match",
                       "If-Match must name one version, in quotes, such as \"3\".", NULL);
    } else if (!read_body(call, &err)) {
        answer_error(call, &err, NULL);
    } else {
        made_fill(call);
        name_command(call, key);
        print_command(call, version);
        call_say(call, call->route, version, on_answered);
    }
}

void commands_serve(struct call *call)
{
    if (!call->route->command->is_creation && !call->has_id)
        answer_problem(call, 404, "not_found", "There is nothing with such an id.", NULL);
    else
        auth_serve(call, say);
}
