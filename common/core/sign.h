/* A character as what it stands for in numbers that people write: a digit of any script that is
 * written here, any dash, any blank, a letter. */
#pragma once

#include <stdbool.h>

/* Digits are '0' to '9', the full-width forms of ASCII are ASCII, and so are others of ASCII but
 * letters and blanks. */
enum { SIGN_DASH = '-', SIGN_BLANK = ' ', SIGN_LETTER = 'a', SIGN_OTHER = '*' };

/* The sign at *at, which is passed, of a text that ends at end. What has no width, or says only in
 * which direction to read, is a blank. A line's end is none, nor are letters of scripts without
 * blanks between words a letter: they are SIGN_OTHER, as are what is cut off and the end itself. */
char sign_next(const char **at, const char *end);

/* The same, and nothing is passed. */
char sign_peek(const char *at, const char *end);

bool sign_is_digit(char sign);

/* Whether the character at `at` is not seen: of no width, or a hyphen only where a line ends (soft). at < end. */
bool sign_is_unseen(const char *at, const char *end);
