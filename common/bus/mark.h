/* That one program wrote something, and for which other: a mark that only those two can make and know, by the keys that they have on
 * the bus (key.h). It goes by ways that are not theirs, as a link in a mail does. Any thread may call. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct error;
struct files;

enum { MARK_KEY_SIZE = 32, MARK_SIZE = 16 };

/* The key that `self` has in common with `other`: the same on both sides. False: the other has none (yet), which is ERROR_BUSY, or one
 * of the two cannot be read. The caller wipes it. */
bool mark_key(struct files *files, const char *self, const char *other, uint8_t key[MARK_KEY_SIZE],
              struct error *err);

/* The mark of size bytes, for that purpose: "link". */
void mark_write(const uint8_t key[MARK_KEY_SIZE], const char *purpose, const void *bytes,
                size_t size, uint8_t mark[MARK_SIZE]);
