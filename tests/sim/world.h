/* A world of its own for services that run step by step in one thread: its time, its chance, its machines and what is
 * between them (bus/bus.h) come of a seed, and so does all that happens.
 *
 * Seams are taken by the linker: clock.h, boot.h, thread.h and the system's generator by --wrap, bus.h by bus.c here,
 * the disk by tests/disk.c.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct bus;

enum { WORLD_MACHINES = 3 };

void world_begin(uint64_t seed);

/* 0 to n - 1, each as likely. */
uint32_t world_dice(uint32_t n);
/* One in n. */
bool world_chance(uint32_t n);
/* Chance goes on from there; gives back from where it would have gone on. */
uint64_t world_turn_chance(uint64_t seed);

void world_pass(int64_t ms);
/* Every machine's clock is so far off the time that passes; 0: it is not. */
void world_shift(int64_t ms);
/* What time it really is, in milliseconds since 1970. */
int64_t world_now_ms(void);
/* What is done from here on is done on that machine; and it starts anew. */
void world_enter(unsigned machine);
void world_reboot(unsigned machine);

/* Messages wait on their way for any number of looks; or, when it is calm, for none. */
void world_calm(bool is_calm);
/* A connection between two breaks, with all that is under way. */
void world_cut(void);
