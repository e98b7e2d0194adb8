#include "base/secret.h"

#include <stdio.h>
#include <string.h>

enum { SECRET_BYTES = 32 };

void secret_webhook(char text[SECRET_TEXT_SIZE])
{
    static const char prefix[] = "whsec_";
    uint8_t bytes[SECRET_BYTES];

    crypto_start();
    crypto_random(bytes, sizeof bytes);
    memcpy(text, prefix, sizeof prefix);
    crypto_base64_encode(bytes, sizeof bytes, text + sizeof prefix - 1);
    crypto_wipe(bytes, sizeof bytes);
}

void secret_token(char text[SECRET_TEXT_SIZE], uint8_t hash[CRYPTO_HASH_SIZE])
{
    uint8_t bytes[SECRET_BYTES];
    int size = snprintf(text, SECRET_TEXT_SIZE, "fadder_");

    crypto_start();
    crypto_random(bytes, sizeof bytes);
    for (size_t i = 0; i < sizeof bytes; i++)
        size += snprintf(text + size, SECRET_TEXT_SIZE - (size_t)size, "%02x", bytes[i]);
    crypto_hash_of(text, (size_t)size, hash);
    crypto_wipe(bytes, sizeof bytes);
}
