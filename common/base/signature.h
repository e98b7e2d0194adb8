/* Standard Webhooks 1.0.0 (standardwebhooks.com), both ways, symmetric: HMAC-SHA256 over
 * "<id>.<timestamp>.<body>" under the decoded bytes of a whsec_ secret, written v1,<base64>.
 *
 * The same module signs what we send and checks what we are sent. No secret is ever logged or put
 * into an error. Thread-safe: no state.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct error;

enum {
    SIGNATURE_SECRET_MIN = 24,
    SIGNATURE_SECRET_MAX = 64,
    SIGNATURE_SECRET_MADE = 32,      /* how many bytes ours have */
    SIGNATURE_SECRET_TEXT_SIZE = 95, /* whsec_, 88 characters, NUL */
    SIGNATURE_TEXT_SIZE = 48,        /* v1, a comma, 44 characters, NUL */
    SIGNATURE_ID_MAX = 128,          /* of a webhook-id that we take */
    SIGNATURE_HEADER_MAX = 2048,     /* of a webhook-signature */
    SIGNATURE_TOLERANCE_S = 300,     /* both ways, as every reference library has it */
};

struct signature_secret {
    uint8_t size; /* 24 to 64 */
    uint8_t bytes[SIGNATURE_SECRET_MAX];
};

/* From whsec_<base64>; kind ERROR_INVALID when it is anything else. The prefix is needed. */
bool signature_read_secret(const char *text, struct signature_secret *secret, struct error *err);
void signature_make_secret(struct signature_secret *secret);
void signature_write_secret(const struct signature_secret *secret,
                            char text[SIGNATURE_SECRET_TEXT_SIZE]);

/* Sign one attempt. id has no '.', timestamp_s is the moment of this attempt. */
void signature_sign(const struct signature_secret *secret, const char *id, int64_t timestamp_s,
                    const void *body, size_t size, char text[SIGNATURE_TEXT_SIZE]);

/* What came of checking. Tell the log which; tell the sender only that it is a 401. */
enum signature_verdict {
    SIGNATURE_GOOD,
    SIGNATURE_NO_SUCH_PARTNER,
    SIGNATURE_MISSING_HEADER,
    SIGNATURE_MALFORMED,
    SIGNATURE_TOO_OLD,
    SIGNATURE_TOO_NEW,
    SIGNATURE_WRONG,
};

/* A verdict as one static word for the log: bad_signature, too_old and so on. */
const char *signature_verdict_word(enum signature_verdict verdict);

/* What was sent. A header that was not there is NULL. */
struct signature_message {
    const char *id, *timestamp, *signatures;
    const void *body;
    size_t size;
};

/* Good if any of the v1 signatures fits any of the secrets (the current one, and the one before it
 * while that is still let in) and the timestamp is within 300 s of now_ms. Signatures of other
 * versions are passed over. Malformed: an id that is empty, too long, has a '.' or is not visible
 * ASCII; a timestamp that is not 1 to 12 digits; a v1 that is not 32 bytes of canonical base64 is
 * merely not a match. count 0: no such partner, found out no faster than a wrong signature. */
enum signature_verdict signature_verify(const struct signature_secret *secrets, size_t count,
                                        const struct signature_message *message, int64_t now_ms);
