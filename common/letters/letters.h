/* Letters as people see them: the same for a machine where they are the same for the eye. UTF-8
 * throughout. Composed is NFC (Unicode Standard Annex 15). */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { LETTERS_BROKEN = 0xFFFD, LETTERS_BYTES_MAX = 4 };

/* The letter at *at, which goes on behind it; 0 at the NUL, where it stays. What is no UTF-8 is
 * LETTERS_BROKEN, byte by byte. */
uint32_t letters_next(const char **at);

/* Puts a letter's bytes; returns how many. */
size_t letters_put(uint32_t letter, char to[LETTERS_BYTES_MAX]);

/* Composed, every kind of blank a blank, and without what cannot be seen (soft hyphens, marks of
 * direction and of byte order). The caller frees it; there is a NUL behind. */
char *letters_clean(const char *bytes, size_t size, size_t *cleaned);

/* To compare: small, of normal width, with one kind of dash, and ss for a sharp s. The caller frees it. */
char *letters_fold(const char *text);

/* Whether something is in it that people put between words. */
bool letters_divide(const char *folded);

/* That, and nothing but letters and digits, without what stands above, below or in them: what people write who have no such key, and
 * what one sign has become that stands for several. Different words may have it in common. The caller frees it. */
char *letters_bare(const char *text);
