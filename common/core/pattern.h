/* What a text must look like: a small part of regular expressions.
 *
 * "^", then items, then "$". An item is a character that stands for itself, or a class of ASCII
 * characters, [a-z0-9_-] or [^0-9], and perhaps how often: + * ? {3} {2,4}. An item takes as many
 * characters as it can and gives none back; schemas/subset.py refuses patterns in which that would
 * make a difference, so a pattern means here what it means in JSON Schema. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/* Whether all of the text, which is size bytes of UTF-8, looks like that. */
bool pattern_match(const char *pattern, const char *text, size_t size);
