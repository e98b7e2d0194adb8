/* Partners and tokens in memory, each for two seconds; who needs the same one waits for one
 * answer. */
#include "front/credentials.h"

#include <stdlib.h>
#include <string.h>

#include "base/crypto.h"
#include "base/metrics.h"
#include "base/random.h"
#include "core/error.h"
#include "front/front.h"

enum { WAYS = 8, SETS = CREDENTIALS_MAX / WAYS, SECRETS = 2 };

METRICS_COUNTER(fetches, "fadder_credential_fetches_total",
                "Partners and tokens that the registry was asked for.")

struct credentials {
    struct front *front;
    const struct credentials_kind *kind;
    struct upstream *registry;
    size_t fetching;
    uint8_t salt[16]; /* so that nobody outside knows who shares a set with whom */
    struct signature_secret *secrets;
    struct credential sets[SETS][WAYS];
};

struct credentials *credentials_create(struct front *front, const struct credentials_kind *kind)
{
    struct credentials *credentials = calloc(1, sizeof *credentials);

    if (credentials == NULL) bug("out of memory");
    credentials->front = front;
    credentials->kind = kind;
    credentials->registry = front_upstream(front, "registry");
    random_bytes(credentials->salt, sizeof credentials->salt);
    if (kind->has_secrets)
        credentials->secrets =
            crypto_locked_create(CREDENTIALS_MAX * SECRETS * sizeof *credentials->secrets);
    for (size_t i = 0; i < CREDENTIALS_MAX; i++) {
        struct credential *credential = &credentials->sets[i / WAYS][i % WAYS];

        credential->credentials = credentials;
        if (kind->has_secrets) credential->secrets = credentials->secrets + i * SECRETS;
    }
    return credentials;
}

void credentials_destroy(struct credentials *credentials)
{
    if (credentials == NULL) return;
    if (credentials->secrets != NULL) crypto_locked_destroy(credentials->secrets);
    free(credentials);
}

static size_t set_of(const struct credentials *credentials, const uint8_t *key)
{
    uint8_t print[CRYPTO_FINGERPRINT_SIZE];

    crypto_fingerprint(credentials->salt, sizeof credentials->salt, key, CREDENTIAL_KEY_SIZE,
                       print);
    return (size_t)(print[0] | print[1] << 8) % SETS;
}

/* Whether a gives way sooner than b. */
static bool is_lesser(const struct credential *a, const struct credential *b)
{
    return a->state != b->state ? a->state < b->state : a->used_ms < b->used_ms;
}

static void forget(struct credential *credential)
{
    struct credentials *credentials = credential->credentials;
    struct signature_secret *secrets = credential->secrets;

    if (secrets != NULL) crypto_wipe(secrets, SECRETS * sizeof *secrets);
    memset(credential, 0, sizeof *credential);
    credential->credentials = credentials;
    credential->secrets = secrets;
}

/* The one with this key, or one that gave way to it; NULL: all are being asked for, or read with. */
static struct credential *find(struct credentials *credentials, const uint8_t *key)
{
    struct credential *set = credentials->sets[set_of(credentials, key)], *least = NULL;

    for (size_t i = 0; i < WAYS; i++) {
        struct credential *credential = &set[i];

        if (credential->state != CREDENTIAL_FREE &&
            memcmp(credential->key, key, CREDENTIAL_KEY_SIZE) == 0)
            return credential;
        if (!credential->is_fetching && credential->reading == 0 &&
            (least == NULL || is_lesser(credential, least)))
            least = credential;
    }
    if (least == NULL) return NULL;
    forget(least);
    memcpy(least->key, key, CREDENTIAL_KEY_SIZE);
    least->state = CREDENTIAL_UNKNOWN;
    return least;
}

static void go(struct credential_wait *wait, struct credential *credential)
{
    wait->go(wait->cookie, credential->state == CREDENTIAL_UNKNOWN ? NULL : credential, NULL);
}

/* What is known is replaced by what the registry says. */
static void learn(struct credential *credential, const struct reply *reply)
{
    const struct credentials_kind *kind = credential->credentials->kind;
    const struct frame none = {NULL, 0};

    credential->is_fetched = true;
    credential->fetched_ms = credential->credentials->front->steady_ms;
    credential->state = CREDENTIAL_UNKNOWN;
    if (reply->page.count != 1) return;
    credential->state =
        kind->read(reply->rows[0], kind->has_secrets ? reply->rows[1] : none, credential)
            ? CREDENTIAL_GOOD
            : CREDENTIAL_CLOSED;
}

/* When there is no answer, what is known stays as old as it is, and those who wait hear why. */
static void on_answer(void *cookie, const struct reply *reply)
{
    struct credential *credential = cookie;
    struct credentials *credentials = credential->credentials;
    struct credential_wait *waiting = credential->waiting;

    credentials->fetching--;
    credential->is_fetching = false;
    credential->waiting = NULL;
    front_heard(credentials->registry, reply);
    if (reply->is_page) learn(credential, reply);
    while (waiting != NULL) {
        struct credential_wait *wait = waiting;

        waiting = wait->next;
        if (reply->is_page)
            go(wait, credential);
        else
            wait->go(wait->cookie, NULL, &reply->error);
    }
}

static bool fetch(struct credential *credential, struct error *err)
{
    struct credentials *credentials = credential->credentials;
    struct front *front = credentials->front;
    struct bus_query *query = &front->query;

    if (credentials->fetching >= CREDENTIALS_FETCHES && credential->state == CREDENTIAL_UNKNOWN)
        return error_set(err, ERROR_BUSY, "too_many", "Too much is waiting; ask again later.");
    front_query(front, credentials->kind->record);
    query->open = credentials->kind->has_secrets;
    credentials->kind->ask(credential->key, query);
    if (!peer_query(credentials->registry->peer, query, front->steady_ms, CREDENTIALS_FETCH_MS,
                    on_answer, credential, err))
        return false;
    credentials->fetching++;
    credential->is_fetching = true;
    metrics_count(&fetches, 1);
    return true;
}

static bool is_fresh(const struct credential *credential)
{
    const int64_t age_ms = credential->credentials->front->steady_ms - credential->fetched_ms;

    return credential->is_fetched && age_ms < 2 * CREDENTIALS_FRESH_MS;
}

bool credentials_know(const struct credentials *credentials, const uint8_t key[CREDENTIAL_KEY_SIZE])
{
    const struct credential *set = credentials->sets[set_of(credentials, key)];

    for (size_t i = 0; i < WAYS; i++)
        if (set[i].state == CREDENTIAL_GOOD && memcmp(set[i].key, key, CREDENTIAL_KEY_SIZE) == 0)
            return is_fresh(&set[i]);
    return false;
}

void credentials_renew(struct credentials *credentials, const uint8_t key[CREDENTIAL_KEY_SIZE])
{
    struct credential *credential = find(credentials, key);

    if (credential != NULL) credential->fetched_ms = INT64_MIN / 2;
}

void credentials_use(struct credentials *credentials, const uint8_t key[CREDENTIAL_KEY_SIZE],
                     struct credential_wait *wait)
{
    const int64_t now_ms = credentials->front->steady_ms;
    struct credential *credential = find(credentials, key);
    struct error err;

    if (credential == NULL) {
        error_set(&err, ERROR_BUSY, "too_many", "Too much is waiting; ask again later.");
        wait->go(wait->cookie, NULL, &err);
        return;
    }
    credential->used_ms = now_ms;
    if (is_fresh(credential)) {
        if (now_ms - credential->fetched_ms >= CREDENTIALS_FRESH_MS && !credential->is_fetching)
            (void)fetch(credential, &err); /* what is known is still good without */
        go(wait, credential);
        return;
    }
    if (!credential->is_fetching && !fetch(credential, &err)) {
        wait->go(wait->cookie, NULL, &err);
        return;
    }
    wait->next = credential->waiting;
    credential->waiting = wait;
}
