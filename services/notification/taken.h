/* For whom the mail server took mails last: who is refused while others are not is refused for their own
 * sake, and not for what we or it are. Kept for the two readers who were reached last, while the
 * service runs: what is forgotten proves nothing. Pure; its owner's thread.
 */
#pragma once

#include "core/id.h"
#include "core/instant.h"

struct taken {
    struct id readers[2]; /* the last one, and the last of all others */
    struct instant at[2]; /* 0: none yet */
};

void taken_note(struct taken *taken, struct id reader, struct instant at);

/* When one for somebody else was taken last; 0: none, or one for the reader was since they were first
 * refused, which they are not then. */
struct instant taken_for_others(const struct taken *taken, struct id reader,
                                struct instant refused);
