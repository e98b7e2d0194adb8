/* What the registry was asked for, in locked memory, for a minute: then it is asked for again. Endpoints' secrets, and the mailboxes
 * that mails are answered to.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "base/signature.h"
#include "core/id.h"
#include "outside/mime.h"

enum { KEPT_MAX = 64, KEPT_MS = 60000 };

struct kept;

/* What an endpoint is signed with now, and with what it was before. */
struct secret_pair {
    uint32_t count; /* 1 or 2 */
    struct signature_secret at[2];
};

/* Of a programme or an organisation; "": it has none. */
struct reply_to {
    char address[MIME_ADDRESS_MAX + 1];
};

/* Things of that size. */
struct kept *kept_create(size_t size);
void kept_destroy(struct kept *kept);

/* NULL: not known, or no longer. Borrowed until the next call. */
const void *kept_get(struct kept *kept, struct id whose, int64_t now_ms);
const void *kept_put(struct kept *kept, struct id whose, const void *thing, int64_t now_ms);
