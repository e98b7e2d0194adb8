/* Random bytes, and the ids that are made of them. A seam: nothing else is random, and a simulator
 * links another random.c. Any thread may call; a child of fork never repeats its parent's bytes.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "core/id.h"

/* Fill size bytes from the system's generator. Never fails: without randomness the process ends. */
void random_bytes(void *bytes, size_t size);

/* Any number, for a name that nobody else has: process ids are not of one kind in several containers. */
uint32_t random_number(void);

/* A UUIDv7 (RFC 9562, section 5.7) of now_ms (0 to 2^48 - 1). rand_a is a counter that starts
 * anywhere in the lower half each millisecond (section 6.2, method 1), rand_b is random. Every id is
 * greater than all that this process has made before, on whichever thread, also when the clock goes
 * back: then, and when the counter is used up, its time runs ahead of now_ms. */
struct id random_id(int64_t now_ms);

/* 16 random bytes: an id that says nothing, also not when it was made. */
struct id random_key_id(void);
