/* Base64, RFC 4648 section 4: with padding, nothing else in between. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/* How many characters count bytes take. */
static inline size_t base64_size(size_t count)
{
    return (count + 2) / 3 * 4;
}

/* Write base64_size(count) characters, without a NUL. */
void base64_write(const void *bytes, size_t count, char *text);

/* Read all of the text; *count says how much room there is, and then how many bytes it was. False
 * when it does not fit, or is not the one way in which those bytes are written. */
bool base64_read(const char *text, size_t size, void *bytes, size_t *count);
