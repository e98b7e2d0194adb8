/* Secrets of endpoints, in locked memory, for a minute: then they are asked for again. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/signature.h"
#include "core/id.h"

enum { SECRETS_MAX = 64, SECRETS_KEPT_MS = 60000 };

struct secrets;

/* What an endpoint is signed with now, and with what it was before. */
struct secret_pair {
    uint32_t count; /* 1 or 2 */
    struct signature_secret at[2];
};

struct secrets *secrets_create(void);
void secrets_destroy(struct secrets *secrets);

/* NULL: not known, or no longer. Borrowed until the next call. */
const struct secret_pair *secrets_get(struct secrets *secrets, struct id endpoint, int64_t now_ms);
const struct secret_pair *secrets_put(struct secrets *secrets, struct id endpoint,
                                      const struct secret_pair *pair, int64_t now_ms);
