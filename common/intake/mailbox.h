/* E-mail addresses: as people write them, and as they are kept and written to. One rule decides at
 * intake and at sending whether there can be mail to one.
 *
 * Kept is local@domain (RFC 5321 section 4.1.2): before the @ a dot-atom of ASCII, as it was
 * written; behind it the domain in lower case, of two labels or more, internationalised ones as
 * A-labels (RFC 5891, UTS #46). Written it may be with blanks around it, in angle brackets, or as a
 * mailto: URI (RFC 6068) without parameters.
 *
 * What our mail library cannot send to is refused: letters beyond ASCII before the @ (RFC 6531 asks
 * every server on the way), and what is quoted there. */
#pragma once

#include <stddef.h>

enum { MAILBOX_MAX = 254, MAILBOX_LOCAL_MAX = 64 }; /* octets: RFC 5321 section 4.5.3.1 */

/* text: UTF-8, size bytes. Returns NULL and fills mailbox in, or what is wrong and what would be
 * right, as the end of a sentence that begins "it is" (constant, until the process ends). */
const char *mailbox_read(const char *text, size_t size, char mailbox[MAILBOX_MAX + 1]);
