/* The keys by which programs know each other on the bus (CURVE, rfc.zeromq.org/spec/25): a pair for each, in
 * FADDER_HOME.
 *
 *     keys/bus.<program>.secret    for its own user only (0600)
 *     keys/bus/<program>.public    for all: this folder is the list of who is let in at all
 *
 * Each file is a line of base64. Whoever is a program first makes what is missing. A program's name is what the name it
 * dials with begins with: "operator" for "operator.3". Any thread may call.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct error;
struct files;

enum { BUS_KEY_SIZE = 32, BUS_PROGRAM_MAX = 32, BUS_PROGRAMS_MAX = 32 };

struct bus_key {
    uint8_t secret[BUS_KEY_SIZE], public[BUS_KEY_SIZE];
};

/* Whoever has a public key here. */
struct bus_known {
    char program[BUS_PROGRAM_MAX + 1];
    uint8_t public[BUS_KEY_SIZE];
};

/* Our own pair as a program, made if there is none; what is public of it lies where others look for it. The
 * caller wipes it. */
bool bus_key_own(struct files *files, const char *program, struct bus_key *key, struct error *err);
/* Another program's; false: it has none (yet). */
bool bus_key_of(struct files *files, const char *program, uint8_t public[BUS_KEY_SIZE]);
/* All that are there; how many. Past BUS_PROGRAMS_MAX none is taken. */
size_t bus_key_all(struct files *files, struct bus_known known[BUS_PROGRAMS_MAX]);

/* What tells whether that list may be another one: the time of its last change. */
int64_t bus_key_changed_ns(struct files *files);

/* The program that a name on the bus speaks of. */
void bus_key_program(const char *name, char program[BUS_PROGRAM_MAX + 1]);
