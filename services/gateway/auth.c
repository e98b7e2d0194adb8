/* Who shows a bearer token (RFC 6750). The registry knows its hash only. */
#include <string.h>
#include <strings.h>

#include "answer.h"
#include "base/crypto.h"
#include "credentials.h"

enum { BEARER_MAX = 512 };

static const struct http_header challenge[] = {{"WWW-Authenticate", "Bearer"}, {NULL, NULL}};

static void refuse_token(struct call *call)
{
    answer_problem(call, 401, "unauthorized", "A good bearer token is needed here.", challenge);
}

static void on_credential(struct call *call, struct credential *credential, const struct error *err)
{
    if (err != NULL) {
        answer_error(call, err, NULL);
    } else if (credential == NULL || credential->state != CREDENTIAL_GOOD ||
               credential->expires_ms <= call->gateway->now_ms) {
        refuse_token(call);
    } else {
        call->who = credential->who;
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
    call->then = go;
    call->go = on_credential;
    credentials_use(call->gateway->tokens, hash, call);
}
