/* Those who may ask, as the registry knows them: partners by id, tokens and sessions by hash.
 *
 * What the registry said is believed for CREDENTIALS_FRESH_MS; for as long again it is still used
 * while it is asked anew; then who needs it waits for the answer. So what is revoked ends within seconds,
 * and a registry that is away is noticed within seconds too. That somebody is unknown is kept the
 * same way. There is room for CREDENTIALS_MAX; who was used longest ago gives way, the unknown first.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/signature.h"
#include "bus/bus.h"
#include "core/share.h"
#include "front/limit.h"
#include "front/who.h"

struct bus_query;
struct credential;
struct error;
struct front;

enum {
    CREDENTIALS_MAX = 256,
    CREDENTIALS_FRESH_MS = 2000,
    CREDENTIALS_FETCH_MS = 2000, /* how long the registry may take */
    CREDENTIALS_FETCHES = 64,    /* at once, of those not known yet; more are ERROR_BUSY */
    CREDENTIAL_KEY_SIZE = 32,
};

/* In the order in which they give way. CLOSED: the registry has it, but it is no longer good. */
enum credential_state { CREDENTIAL_FREE, CREDENTIAL_UNKNOWN, CREDENTIAL_CLOSED, CREDENTIAL_GOOD };

struct credential {
    uint8_t key[CREDENTIAL_KEY_SIZE];
    enum credential_state state;
    struct credentials *credentials;
    bool is_fetched; /* state stands for something, as of fetched_ms */
    bool is_fetching;
    int64_t fetched_ms, used_ms;
    struct credential_wait *waiting;
    struct who who;
    int64_t expires_ms;               /* tokens, sessions: since 1970 */
    bool has_about, has_language;     /* sessions */
    struct id about;                  /* by a link in a mail, for that alone */
    enum language language;           /* what they read */
    unsigned roles;                   /* as what they could go on: bits by enum actor_role */
    size_t secret_count;              /* partners: the current one, the one before */
    struct signature_secret *secrets; /* in locked memory; partners only */
    struct limit limit;               /* how often it is used */
    struct share share;               /* tokens: of the time that lists are written in */
    int64_t reading; /* tokens: reads under way; until they end it gives way to none */
};

/* What differs between partners and tokens. */
struct credentials_kind {
    const char *record;
    bool has_secrets;
    /* Ask for the one with this key. */
    void (*ask)(const uint8_t key[CREDENTIAL_KEY_SIZE], struct bus_query *query);
    /* Fill who, expires_ms and secrets in. False: it is no longer good. */
    bool (*read)(struct frame row, struct frame opened, struct credential *credential);
};

/* Somebody who needs one: go is called, now or later, with a credential that is GOOD or CLOSED; or with NULL, and err NULL:
 * there is none; or with err: the registry could not be asked. */
struct credential_wait {
    void (*go)(void *cookie, struct credential *credential, const struct error *err);
    void *cookie;
    struct credential_wait *next; /* of those that wait for the same */
};

struct credentials *credentials_create(struct front *front, const struct credentials_kind *kind);
void credentials_destroy(struct credentials *credentials); /* accepts NULL */

/* Whether it is known to be good, so that nobody need be asked before it is used. */
bool credentials_know(const struct credentials *credentials,
                      const uint8_t key[CREDENTIAL_KEY_SIZE]);
void credentials_use(struct credentials *credentials, const uint8_t key[CREDENTIAL_KEY_SIZE],
                     struct credential_wait *wait);
/* It is another from now on, as whoever says so has heard: whoever needs it next waits for the registry. */
void credentials_renew(struct credentials *credentials, const uint8_t key[CREDENTIAL_KEY_SIZE]);
