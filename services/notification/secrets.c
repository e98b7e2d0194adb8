#include "secrets.h"

#include "base/crypto.h"
#include "core/error.h"

struct secrets {
    struct {
        struct id endpoint;
        int64_t until_ms; /* 0: nothing is there */
        struct secret_pair pair;
    } at[SECRETS_MAX];
};

struct secrets *secrets_create(void)
{
    struct secrets *secrets = crypto_locked_create(sizeof *secrets);

    if (secrets == NULL) bug("secrets: out of memory");
    return secrets;
}

void secrets_destroy(struct secrets *secrets)
{
    if (secrets != NULL) crypto_locked_destroy(secrets);
}

static void forget_old(struct secrets *secrets, int64_t now_ms)
{
    for (size_t i = 0; i < SECRETS_MAX; i++)
        if (secrets->at[i].until_ms != 0 && secrets->at[i].until_ms <= now_ms)
            crypto_wipe(&secrets->at[i], sizeof secrets->at[i]);
}

const struct secret_pair *secrets_get(struct secrets *secrets, struct id endpoint, int64_t now_ms)
{
    forget_old(secrets, now_ms);
    for (size_t i = 0; i < SECRETS_MAX; i++)
        if (secrets->at[i].until_ms != 0 && id_equal(secrets->at[i].endpoint, endpoint))
            return &secrets->at[i].pair;
    return NULL;
}

const struct secret_pair *secrets_put(struct secrets *secrets, struct id endpoint,
                                      const struct secret_pair *pair, int64_t now_ms)
{
    size_t place = 0;

    for (size_t i = 0; i < SECRETS_MAX; i++) { /* its own, or else the one that goes soonest */
        if (secrets->at[i].until_ms != 0 && id_equal(secrets->at[i].endpoint, endpoint)) {
            place = i;
            break;
        }
        if (secrets->at[i].until_ms < secrets->at[place].until_ms) place = i;
    }
    secrets->at[place].endpoint = endpoint;
    secrets->at[place].until_ms = now_ms + SECRETS_KEPT_MS;
    secrets->at[place].pair = *pair;
    return &secrets->at[place].pair;
}
