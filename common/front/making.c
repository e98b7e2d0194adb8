/* A row for each command that has a field with x-made. */
#include "making.h"

#include "contract/endpoint.h"
#include "contract/partner.h"
#include "contract/token.h"
#include "core/descriptor.h"
#include "core/text.h"

static bool make_token(void *value, char secret[SECRET_TEXT_SIZE])
{
    struct token_create *body = value;

    if (body->hash.size > 0) return false;
    secret_token(secret, body->hash.at);
    body->hash.size = CRYPTO_HASH_SIZE;
    return true;
}

static bool make_secret(struct partner_secret *pair, char secret[SECRET_TEXT_SIZE])
{
    if (pair->current[0] != '\0') return false;
    secret_webhook(secret);
    text_copy(pair->current, sizeof pair->current, secret);
    return true;
}

static bool make_partners(void *value, char secret[SECRET_TEXT_SIZE])
{
    return make_secret(&((struct partner_create *)value)->secret, secret);
}

static bool make_partners_next(void *value, char secret[SECRET_TEXT_SIZE])
{
    return make_secret(&((struct partner_rotate_secret *)value)->secret, secret);
}

static bool make_endpoints(void *value, char secret[SECRET_TEXT_SIZE])
{
    return make_secret(&((struct endpoint_create *)value)->secret, secret);
}

static bool make_endpoints_next(void *value, char secret[SECRET_TEXT_SIZE])
{
    return make_secret(&((struct endpoint_rotate_secret *)value)->secret, secret);
}

static const struct making {
    const struct descriptor *body;
    bool (*make)(void *value, char secret[SECRET_TEXT_SIZE]);
} makings[] = {
    {&token_create_descriptor, make_token},
    {&partner_create_descriptor, make_partners},
    {&partner_rotate_secret_descriptor, make_partners_next},
    {&endpoint_create_descriptor, make_endpoints},
    {&endpoint_rotate_secret_descriptor, make_endpoints_next},
};

bool making_fill(const struct descriptor *body, void *value, char secret[SECRET_TEXT_SIZE])
{
    for (size_t i = 0; i < sizeof makings / sizeof makings[0]; i++)
        if (makings[i].body == body) return makings[i].make(value, secret);
    return false;
}
