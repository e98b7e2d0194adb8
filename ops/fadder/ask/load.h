/* Carrying out a file of commands, each once however often the file is loaded.
 *
 * The file is a JSON array of steps {"key", "say", "on"?, "body"?}: a name of its own, a command of
 * the schemas, what it is about, what it says. A text that is a reference is replaced first:
 *
 *     "@key"                   the id that came of the step with that key
 *     "@today+90"              that many days from today, as a date
 *     "@now+365"               the same as an instant
 *     "@token", "@whsec"       a fresh secret: its hash for a token, itself for a partner or endpoint
 *
 * Steps that follow a programme.create are in that programme. What came of each step, with its
 * secret where it has one, is kept in `into`, a file for its owner only: a step that stands there
 * is not carried out again, and without it ids made of the keys see to the same for 30 days.
 */
#pragma once

#include <stdbool.h>

struct error;

/* path: absolute; into: in FADDER_HOME. Steps may have to wait for services that follow others. */
bool load_file(const char *path, const char *into, struct error *err);
