/* A command written as JSON, read by the schema of the command that it names. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct command;
struct error;

/* Read the body of a command out of the member `body` of a JSON object; a command that says all by
 * its name needs none. *body is malloc'ed, of the command's own struct. Faults are named body.… */
bool step_read(const struct command *command, const char *json, size_t size, void **body,
               struct error *err);
