/* Changes as JSON Merge Patch means them (RFC 7396): what is left out stays, null removes. A schema says of which
 * commands and objects that holds (x-patch). */
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct descriptor;
struct field;

/* Bytes of a field's value in its struct. */
size_t field_size(const struct field *field);

/* What both have by one name and type is carried over, or that it is not there; from a change into another also that it
 * is removed. */
void patch_carry(const struct descriptor *from, const void *source, const struct descriptor *to,
                 void *target);

/* What said says anew or removes, in whole: by the fields' names, each of the same type in both. */
void patch_apply(const struct descriptor *patch, const void *said, const struct descriptor *whole,
                 void *value);

/* Whether a mailbox stands in after that did not in before. What lies deeper in them is not looked at. */
bool patch_has_new_mailbox(const struct descriptor *whole, const void *before, const void *after);

/* What somebody who says all of it every time says anew: `word` is the object of whole that keeps what they said
 * last, and said has one, too. What is otherwise in it than it was is so in value now; what it repeats leaves value as
 * it is, and so does what it no longer says where value has become something else. Where value has no such object, all of
 * it is new. */
void patch_renew(const struct descriptor *whole, const char *word, const void *said, void *value);
