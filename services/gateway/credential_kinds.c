/* How partners and tokens are asked for and read. */
#include "credential_kinds.h"

#include <string.h>

#include "base/crypto.h"
#include "base/log.h"
#include "contract/bus.h"
#include "contract/partner.h"
#include "contract/token.h"
#include "core/pack.h"
#include "front/credentials.h"

static void ask_partner(const uint8_t key[CREDENTIAL_KEY_SIZE], struct bus_query *query)
{
    query->has_key = true;
    memcpy(query->key.bytes, key, sizeof query->key.bytes);
}

/* The current secret, and the one before if there is one. */
static bool read_secrets(struct frame opened, struct credential *credential, struct error *err)
{
    struct partner_secret secret;
    bool is_read;

    is_read = opened.size > 0 &&
              unpack(&partner_secret_descriptor, opened.at, opened.size, &secret, err) &&
              signature_read_secret(secret.current, &credential->secrets[0], err);
    credential->secret_count = is_read;
    if (is_read && secret.has_previous &&
        signature_read_secret(secret.previous, &credential->secrets[1], err))
        credential->secret_count = 2;
    crypto_wipe(&secret, sizeof secret);
    return is_read;
}

static bool read_partner(struct frame row, struct frame opened, struct credential *credential)
{
    struct partner partner;
    struct error err;

    error_set(&err, ERROR_BROKEN, "sealed", "The secret cannot be opened.");
    if (!unpack(&partner_descriptor, row.at, row.size, &partner, &err) ||
        (partner.state == PARTNER_STATE_ACTIVE && !read_secrets(opened, credential, &err))) {
        log_failure(LOG_ERROR, "partner_unreadable", &err);
        return false;
    }
    credential->who = (struct who){
        .role = ACTOR_ROLE_AGENCY_SYSTEM,
        .has_actor = true,
        .has_organisation = partner.has_organisation,
        .credential = partner.id,
        .actor = partner.id,
        .organisation = partner.organisation,
        .programme = partner.programme,
        .country = partner.country,
    };
    return partner.state == PARTNER_STATE_ACTIVE;
}

static void ask_token(const uint8_t key[CREDENTIAL_KEY_SIZE], struct bus_query *query)
{
    query->has_filter = query->has_value = true;
    strcpy(query->filter, "hash");
    crypto_base64_encode(key, CREDENTIAL_KEY_SIZE, query->value);
}

static bool read_token(struct frame row, struct frame opened, struct credential *credential)
{
    struct token token;
    struct error err;

    (void)opened;
    if (!unpack(&token_descriptor, row.at, row.size, &token, &err)) {
        log_failure(LOG_ERROR, "token_unreadable", &err);
        return false;
    }
    credential->expires_ms = token.expires.ms;
    credential->who = (struct who){
        .role = token.role,
        .has_actor = token.has_person,
        .has_organisation = token.has_organisation,
        .is_cleared = token.has_cleared && token.cleared,
        .is_shared = token.has_shared && token.shared,
        .credential = token.id,
        .actor = token.person,
        .organisation = token.organisation,
        .programme = token.programme,
        .country = token.country,
    };
    return token.state == TOKEN_STATE_ACTIVE &&
           memcmp(token.hash.at, credential->key, CREDENTIAL_KEY_SIZE) == 0;
}

const struct credentials_kind credentials_partner = {"partner", true, ask_partner, read_partner};
const struct credentials_kind credentials_token = {"token", false, ask_token, read_token};
