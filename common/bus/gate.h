/* Who is let in at a bus, by the key that was proved.
 *
 * The list is what lies in keys/bus (key.h), read again when that has changed: who is new is let in, who was taken out
 * comes in no more. Who is not on it costs one look at the folder's time and one at a list of BUS_PROGRAMS_MAX; nothing is
 * kept of it but that it was counted. A gate belongs to one thread.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

struct files;
struct gate;

/* files: the caller's, and there as long as the gate is. */
struct gate *gate_create(struct files *files);
void gate_destroy(struct gate *gate);

/* The program whose key that is, or NULL: it is nobody's. It lives until the next call. */
const char *gate_program(struct gate *gate, const void *key, size_t size, int64_t now_ms);
