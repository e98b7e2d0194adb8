/* Fresh secrets, as text: made here, shown once, kept by services as a hash or sealed. Any thread may
 * call. */
#pragma once

#include <stdint.h>

#include "base/crypto.h"

enum { SECRET_TEXT_SIZE = 80 };

/* "whsec_" and 32 random bytes in base64: what webhooks are signed with (Standard Webhooks). */
void secret_webhook(char text[SECRET_TEXT_SIZE]);

/* "fadder_" and 32 random bytes in hexadecimal: a bearer token; and the hash by which it is known,
 * BLAKE2b-256 of that text. */
void secret_token(char text[SECRET_TEXT_SIZE], uint8_t hash[CRYPTO_HASH_SIZE]);
