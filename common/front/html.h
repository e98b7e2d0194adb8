/* UTF-8 text as it stands in a page (HTML), between tags or within a quoted attribute.
 *
 * All of it is data: nothing in it can become a part of the page, nor turn the way in which it is read. What turns it (directional
 * controls, Unicode TR36 section 2.2), and what is not seen at all, is written out: [U+202E].
 */
#pragma once

#include <stddef.h>

struct out;

void html_text(struct out *out, const char *text);
