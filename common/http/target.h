/* Addresses: percent-encoding (RFC 3986, section 2.1). Pure: any thread may call. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/* Decode size bytes of a path; to has room for as many and a NUL. False: malformed, or what was
 * encoded is a control character, or a slash, which would read as two segments what was one. */
bool http_decode(const char *path, size_t size, char *to);
