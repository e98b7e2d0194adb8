/* Cookies, and the sessions that they are of. */
#include "session.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "answer.h"
#include "base/crypto.h"
#include "base/log.h"
#include "base/random.h"
#include "contract/session.h"
#include "core/pack.h"
#include "front/credentials.h"
#include "front/visitors.h"

/* Cookies (RFC 6265). */

bool cookie_read(const struct http_request *request, const char *name, char *value, size_t size)
{
    const char *at = http_header(request, "Cookie");
    const size_t length = strlen(name);

    while (at != NULL && *at != '\0') {
        const size_t end = strcspn(at, ";");

        if (end > length && strncmp(at, name, length) == 0 && at[length] == '=') {
            if (end - length - 1 >= size) return false;
            snprintf(value, size, "%.*s", (int)(end - length - 1), at + length + 1);
            return true;
        }
        at += end + strspn(at + end, "; ");
    }
    return false;
}

/* With https no other host, no other path and no plain connection can have set it (RFC 6265bis, section 4.1.3.2). */
static const char *cookie_name(const struct pages *pages)
{
    return pages->is_secure ? "__Host-fadder" : "fadder";
}

void session_cookie(const struct call *call, const char *text, int64_t seconds,
                    char cookie[SESSION_COOKIE_SIZE])
{
    snprintf(cookie, SESSION_COOKIE_SIZE,
             "%s=%s; Path=/; Max-Age=%" PRId64 "; HttpOnly; SameSite=Lax%s",
             cookie_name(call->pages), text == NULL ? "" : text, text == NULL ? 0 : seconds,
             call->pages->is_secure ? "; Secure" : "");
}

void session_make(char text[SESSION_TEXT_SIZE], uint8_t hash[CREDENTIAL_KEY_SIZE])
{
    uint8_t secret[SESSION_SECRET_SIZE];

    random_bytes(secret, sizeof secret);
    crypto_base64url_encode(secret, sizeof secret, text);
    crypto_wipe(secret, sizeof secret);
    crypto_hash_of(text, strlen(text), hash);
}

bool session_shown(const struct call *call, uint8_t hash[CREDENTIAL_KEY_SIZE])
{
    char text[SESSION_TEXT_SIZE];

    if (!cookie_read(call->request, cookie_name(call->pages), text, sizeof text) ||
        strlen(text) != SESSION_TEXT_SIZE - 1)
        return false;
    crypto_hash_of(text, strlen(text), hash);
    crypto_wipe(text, sizeof text);
    return true;
}

/* Sessions, as the registry knows them. */

static void ask_session(const uint8_t key[CREDENTIAL_KEY_SIZE], struct bus_query *query)
{
    query->has_filter = query->has_value = true;
    strcpy(query->filter, "hash");
    crypto_base64_encode(key, CREDENTIAL_KEY_SIZE, query->value);
}

static bool read_session(struct frame row, struct frame opened, struct credential *credential)
{
    struct session session;
    struct error err;

    (void)opened;
    if (!unpack(&session_descriptor, row.at, row.size, &session, &err)) {
        log_failure(LOG_ERROR, "session_unreadable", &err);
        return false;
    }
    credential->expires_ms = session.expires.ms;
    credential->has_about = session.has_about;
    credential->about = session.about;
    credential->has_language = session.has_language;
    credential->language = session.language;
    credential->roles = 0;
    for (uint32_t i = 0; session.has_may_act_as && i < session.may_act_as.count; i++)
        credential->roles |= 1u << session.may_act_as.at[i];
    credential->who = (struct who){
        .role = session.role,
        .has_actor = true,
        .has_organisation = session.has_organisation,
        .is_cleared = session.has_cleared && session.cleared,
        .credential = session.id,
        .actor = session.person,
        .organisation = session.organisation,
        .programme = session.programme,
        .country = session.country,
    };
    return session.state == SESSION_STATE_OPEN && session.has_role &&
           memcmp(session.hash.at, credential->key, CREDENTIAL_KEY_SIZE) == 0;
}

const struct credentials_kind session_credentials = {"session", false, ask_session, read_session};

/* Who asks. */

static void on_credential(void *cookie, struct credential *credential, const struct error *err)
{
    struct call *call = cookie;

    if (err != NULL) {
        pages_fail(call, err);
        return;
    }
    if (credential == NULL)
        visitors_failed(call->pages->door.visitors, call->address, call->began_ns);
    call->is_signed_in = credential != NULL && credential->state == CREDENTIAL_GOOD &&
                         credential->expires_ms > call->pages->door.front.now_ms;
    if (call->is_signed_in) {
        call->flight.who = credential->who;
        call->has_about = credential->has_about;
        call->about = credential->about;
        call->roles = credential->roles;
        if (!call->has_language && credential->has_language) call->language = credential->language;
    }
    call->go(call);
}

void session_look_up(struct call *call, void (*go)(struct call *call))
{
    struct credentials *sessions = call->pages->sessions;

    call->is_signed_in = false;
    call->go = go;
    if (!session_shown(call, call->session_key) ||
        (!credentials_know(sessions, call->session_key) &&
         !visitors_may_try(call->pages->door.visitors, call->address, call->began_ns))) {
        go(call);
        return;
    }
    call->wait = (struct credential_wait){.go = on_credential, .cookie = call};
    credentials_use(sessions, call->session_key, &call->wait);
}
