/* Signing, verifying and secrets of Standard Webhooks 1.0.0: several signatures may stand side by
 * side, compared in constant time. */
#include "base/signature.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/crypto.h"
#include "base/random.h"
#include "core/error.h"

enum { TIMESTAMP_DIGITS_MAX = 12 };

static const char prefix[] = "whsec_";

bool signature_read_secret(const char *text, struct signature_secret *secret, struct error *err)
{
    struct signature_secret read;
    size_t size = sizeof read.bytes, skip = sizeof prefix - 1;
    bool is_secret = strncmp(text, prefix, skip) == 0 &&
                     crypto_base64_decode(text + skip, strlen(text + skip), read.bytes, &size) &&
                     size >= SIGNATURE_SECRET_MIN;

    if (is_secret) {
        read.size = (uint8_t)size;
        *secret = read;
    }
    crypto_wipe(&read, sizeof read);
    return is_secret || error_set(err, ERROR_INVALID, "signature.bad_secret",
                                  "a secret is whsec_ and the base64 of %d to %d bytes",
                                  SIGNATURE_SECRET_MIN, SIGNATURE_SECRET_MAX);
}

void signature_make_secret(struct signature_secret *secret)
{
    memset(secret, 0, sizeof *secret);
    secret->size = SIGNATURE_SECRET_MADE;
    random_bytes(secret->bytes, SIGNATURE_SECRET_MADE);
}

void signature_write_secret(const struct signature_secret *secret,
                            char text[SIGNATURE_SECRET_TEXT_SIZE])
{
    memcpy(text, prefix, sizeof prefix);
    crypto_base64_encode(secret->bytes, secret->size, text + sizeof prefix - 1);
}

static void mac(const struct signature_secret *secret, const char *id, const char *timestamp,
                const void *body, size_t size, uint8_t out[CRYPTO_HMAC_SIZE])
{
    struct crypto_hmac hmac;

    crypto_hmac_begin(&hmac, secret->bytes, secret->size);
    crypto_hmac_add(&hmac, id, strlen(id));
    crypto_hmac_add(&hmac, ".", 1);
    crypto_hmac_add(&hmac, timestamp, strlen(timestamp));
    crypto_hmac_add(&hmac, ".", 1);
    crypto_hmac_add(&hmac, body, size);
    crypto_hmac_end(&hmac, out);
}

void signature_sign(const struct signature_secret *secret, const char *id, int64_t timestamp_s,
                    const void *body, size_t size, char text[SIGNATURE_TEXT_SIZE])
{
    uint8_t bytes[CRYPTO_HMAC_SIZE];
    char timestamp[24];

    if (strchr(id, '.') != NULL || timestamp_s < 0) bug("signature_sign: not an id or a time");
    snprintf(timestamp, sizeof timestamp, "%" PRId64, timestamp_s);
    mac(secret, id, timestamp, body, size, bytes);
    memcpy(text, "v1,", 3);
    crypto_base64_encode(bytes, sizeof bytes, text + 3);
}

const char *signature_verdict_word(enum signature_verdict verdict)
{
    static const char *const words[] = {
        [SIGNATURE_GOOD] = "good",
        [SIGNATURE_NO_SUCH_PARTNER] = "no_such_partner",
        [SIGNATURE_MISSING_HEADER] = "missing_header",
        [SIGNATURE_MALFORMED] = "malformed",
        [SIGNATURE_TOO_OLD] = "too_old",
        [SIGNATURE_TOO_NEW] = "too_new",
        [SIGNATURE_WRONG] = "bad_signature",
    };

    return words[verdict];
}

static bool is_id(const char *id)
{
    size_t size = 0;

    for (; id[size] != '\0'; size++)
        if (size == SIGNATURE_ID_MAX || id[size] <= ' ' || id[size] >= 0x7F || id[size] == '.')
            return false;
    return size > 0;
}

static bool read_timestamp(const char *text, int64_t *timestamp_s)
{
    int64_t read = 0;
    size_t size = 0;

    for (; text[size] != '\0'; size++) {
        if (size == TIMESTAMP_DIGITS_MAX || text[size] < '0' || text[size] > '9') return false;
        read = read * 10 + (text[size] - '0');
    }
    *timestamp_s = read;
    return size > 0;
}

/* Whether one of the list is the signature. Goes through all of it, found or not. */
static bool holds(const char *list, const uint8_t expected[CRYPTO_HMAC_SIZE])
{
    uint8_t claimed[CRYPTO_HMAC_SIZE];
    bool is_held = false;

    for (size_t size; *list != '\0'; list += size) {
        size_t decoded = sizeof claimed;

        list += strspn(list, " ");
        size = strcspn(list, " ");
        if (size < 3 || memcmp(list, "v1,", 3) != 0) continue;
        if (!crypto_base64_decode(list + 3, size - 3, claimed, &decoded)) continue;
        if (decoded == sizeof claimed && crypto_equal(claimed, expected, sizeof claimed))
            is_held = true;
    }
    return is_held;
}

static bool is_signed(const struct signature_secret *secret,
                      const struct signature_message *message)
{
    uint8_t expected[CRYPTO_HMAC_SIZE];

    mac(secret, message->id, message->timestamp, message->body, message->size, expected);
    return holds(message->signatures, expected);
}

static enum signature_verdict check(const struct signature_secret *secrets, size_t count,
                                    const struct signature_message *message, int64_t now_ms)
{
    int64_t timestamp_s, now_s = now_ms / 1000;
    bool is_good = false;

    if (message->id == NULL || message->timestamp == NULL || message->signatures == NULL)
        return SIGNATURE_MISSING_HEADER;
    if (!is_id(message->id) || !read_timestamp(message->timestamp, &timestamp_s) ||
        strlen(message->signatures) > SIGNATURE_HEADER_MAX)
        return SIGNATURE_MALFORMED;
    for (size_t i = 0; i < count; i++)
        if (is_signed(&secrets[i], message)) is_good = true;
    if (timestamp_s < now_s - SIGNATURE_TOLERANCE_S) return SIGNATURE_TOO_OLD;
    if (timestamp_s > now_s + SIGNATURE_TOLERANCE_S) return SIGNATURE_TOO_NEW;
    return is_good ? SIGNATURE_GOOD : SIGNATURE_WRONG;
}

enum signature_verdict signature_verify(const struct signature_secret *secrets, size_t count,
                                        const struct signature_message *message, int64_t now_ms)
{
    static const struct signature_secret nobody = {.size = SIGNATURE_SECRET_MADE};

    if (count > 0) return check(secrets, count, message, now_ms);
    check(&nobody, 1, message, now_ms);
    return SIGNATURE_NO_SUCH_PARTNER;
}
