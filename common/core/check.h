/* Whether a value keeps to its field's limits: one place for pack, unpack and json.
 *
 * Each returns NULL, or what is wrong as the end of a sentence that begins "it is": static text
 * that may stand in a fault. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "core/date.h"

struct field;

/* Of a number, an instant in milliseconds, or a date in days. */
const char *check_number(const struct field *field, int64_t number);

/* Says of a number, an instant or a date that is out of its range which that is: "not from 1 to 1440". */
enum { CHECK_RANGE_SIZE = 80 };
const char *check_range(const struct field *field, char what[CHECK_RANGE_SIZE]);

/* Of a date that is perhaps a month or a year. */
const char *check_partial_date(const struct field *field, const struct partial_date *date);

/* Of size bytes of text: strict UTF-8, its length in characters, its pattern. */
const char *check_text(const struct field *field, const char *text, size_t size);

/* Of what people wrote, which check_text let pass: no national identity number is in it
 * (core/identity_number.h). Not asked of what has been journaled. */
const char *check_written(const struct field *field, const char *text, size_t size,
                          struct date today);

/* Of how many elements a list has, or bytes. */
const char *check_count(const struct field *field, uint64_t count);
