/* Commands, by their names, to the services whose they are. */
#pragma once

#include <stdint.h>

#include "pages.h"

struct command;

/* The command of that name, "session.close", and its service; there is one, or it is a bug. Constant, until the
 * process ends. */
const struct command *say_find(struct pages *pages, const char *type, struct upstream **upstream);

/* Say it on a flight that has its name, who says it, about whom, and its answer's hearer. body: its value; NULL where it says all by
 * its name. */
void say_command(struct pages *pages, struct flight *flight, const char *type, const void *body);
