/* Messages and rows to msgpack and back: a map from field name to value.
 *
 * What is packed is ours, and msgpack-c's packer writes it. What is unpacked is hostile, and is
 * read by a cursor of our own: no length is believed beyond the bytes that are there, nothing is
 * allocated, values nest at most DEPTH_MAX deep. What pack writes, unpack reads: both hold a value
 * to the limits of its descriptor, so nothing reaches a journal that could not be read back.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct error;
struct descriptor;

enum { DEPTH_MAX = 8 };

/* Write value into buffer; *size says how much room there is, and then how much was used. False,
 * ERROR_BROKEN: there is not enough room ("too_large"), or a field is past its limits, which is
 * our own mistake ("not_packable"). */
bool pack(const struct descriptor *descriptor, const void *value, void *buffer, size_t *size,
          struct error *err);

/* Read exactly one value, of all size bytes. Fields we do not know are passed over, so that old
 * readers can meet new writers. Anything else that the schema does not allow is ERROR_INVALID:
 * "not_msgpack", or "invalid" and every faulty field is named by its path. On true all that is
 * not set, padding too, is zero; on false value is all zero. */
bool unpack(const struct descriptor *descriptor, const void *bytes, size_t size, void *value,
            struct error *err);

/* One value of a packed map by its name, without reading the rest: for what must be looked at often
 * and is seldom needed whole. False when it is not there, or the bytes before it are not msgpack. */
struct glimpse {
    const uint8_t *at; /* of a text or bytes; else NULL */
    size_t size;
    int64_t number; /* of an integer */
};
bool unpack_glimpse(const void *bytes, size_t size, const char *name, struct glimpse *glimpse);
