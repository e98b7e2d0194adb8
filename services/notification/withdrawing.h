/* Mails that lie in files, as a demonstration sends them: which of them may lie there no more, before their hour is over.
 *
 * A file has the name of its delivery, or of the first of those that it is made of, and the delivery's row says to whom it is; so no
 * file tells whose it is.
 */
#pragma once

#include <stdbool.h>

struct txn;

/* The mail of which this is the file's name, without its ending, is to somebody who is under protection by now, or was erased; or,
 * a mail of one thing to a mailbox, about the case of somebody who is hidden. One that is not known here may be anybody's. cookie: a struct
 * txn. */
bool withdrawing_is_due(void *cookie, const char *name);
