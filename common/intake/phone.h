/* Telephone numbers: as people and systems write them, and as they are kept.
 *
 * Kept is the international number (ITU-T E.164, section 6): a plus, the country's code, and at most
 * fifteen digits in all. Written it may be with any blanks, dashes, points, slashes and brackets,
 * as a tel: URI (RFC 3966), with 00 for the plus, with the (0) that nobody dials from abroad, or as
 * it is dialled within the programme's own country.
 *
 * Sweden: national numbers begin with 0 and have seven to nine digits behind it; Norway: eight
 * digits, and nothing before them. The numbering plans of PTS and Nkom. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "contract/common.h"

enum { PHONE_MAX = 16 };

/* text: UTF-8, size bytes; country: where it is written, for those without a country of their own.
 * Returns NULL and fills phone in, or what is wrong and what would be right, as the end of a
 * sentence that begins "it is" (constant, until the process ends). */
const char *phone_read(const char *text, size_t size, enum country country,
                       char phone[PHONE_MAX + 1]);
