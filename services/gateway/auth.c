/* Who shows a bearer token (RFC 6750), and how often. The registry knows its hash only. */
#include <string.h>
#include <strings.h>

#include "answer.h"
#include "base/crypto.h"
#include "base/metrics.h"
#include "front/credentials.h"
#include "front/visitors.h"
#include "gateway.h"

enum { BEARER_MAX = 512 };

METRICS_COUNTER(held_back, "fadder_http_tokens_held_back_total",
                "Requests answered 429 because their token asks too often, or too much at once.")

static const struct http_header challenge[] = {{"WWW-Authenticate", "Bearer"}, {NULL, NULL}};

static void refuse_token(struct call *call)
{
    answer_problem(call, 401, "unauthorized", "A good bearer token is needed here.", challenge);
}

static void hold_back(struct call *call, const char *code, const char *text)
{
    metrics_count(&held_back, 1);
    answer_problem(call, 429, code, text, NULL);
}

bool auth_may_try(struct call *call)
{
    if (visitors_may_try(call->gateway->door.visitors, call->address, call->began_ns)) return true;
    answer_problem(call, 429, "too_many_strangers",
                   "Too much that nobody knows has come from this address within a second.", NULL);
    return false;
}

/* Not too often, and not too much at once; a command is counted as flight.h has it. */
static bool is_let_in(struct call *call, struct credential *credential)
{
    const struct gateway *gateway = call->gateway;

    if (gateway->token_rate > 0 &&
        !limit_take(&credential->limit, gateway->token_rate, call->began_ns)) {
        hold_back(call, "too_often", "This token has been used too often within a second.");
        return false;
    }
    if (call->request->method[0] == 'P') return true;
    if (gateway->token_reads > 0 && credential->reading >= gateway->token_reads) {
        hold_back(call, "too_many_reads",
                  "Other questions with this token are being answered: wait for one.");
        return false;
    }
    credential->reading++;
    call->reads = credential;
    return true;
}

static void on_credential(void *cookie, struct credential *credential, const struct error *err)
{
    struct call *call = cookie;

    if (err != NULL) {
        answer_error(call, err, NULL);
    } else if (credential == NULL) {
        refuse_token(call);
    } else if (credential->state != CREDENTIAL_GOOD ||
               credential->expires_ms <= call->gateway->door.front.now_ms) {
        call->flight.who = credential->who; /* who it was shows in the audit */
        refuse_token(call);
    } else if (is_let_in(call, credential)) {
        call->flight.who = credential->who;
        call->then(call);
    }
}

void auth_serve(struct call *call, void (*go)(struct call *call))
{
    const char *header = http_header(call->request, "Authorization");
    uint8_t hash[CRYPTO_HASH_SIZE];
    size_t size;

    if (header == NULL || strncasecmp(header, "Bearer ", 7) != 0) {
        refuse_token(call);
        return;
    }
    header += 7 + strspn(header + 7, " ");
    size = strlen(header);
    if (size == 0 || size > BEARER_MAX) {
        refuse_token(call);
        return;
    }
    crypto_hash_of(header, size, hash);
    if (!credentials_know(call->gateway->tokens, hash) && !auth_may_try(call)) return;
    call->then = go;
    call->wait = (struct credential_wait){.go = on_credential, .cookie = call};
    credentials_use(call->gateway->tokens, hash, &call->wait);
}
