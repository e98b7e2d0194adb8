/* A command written as JSON, read by the schema of the command that it names. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct command;
struct error;

/* All that is in a file, or, where that is called -, on standard input, of at most JSON_SIZE_MAX bytes: the
 * caller's until free(), and to be wiped, as it may hold secrets. NULL: it cannot be read. */
char *step_text(const char *path, size_t *size, struct error *err);

/* Read the body of a command out of the member `body` of a JSON object; a command that says all by
 * its name needs none. *body is malloc'ed, of the command's own struct. Faults are named body.… */
bool step_read(const struct command *command, const char *json, size_t size, void **body,
               struct error *err);
