/* Codes that are being compared: of one device one after the other, as how often another was typed in is counted by the registry, and
 * that is heard of only afterwards. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "front/credentials.h"

struct tries;

enum { TRIES_MAX = 256, TRIES_WAITING = 3 }; /* devices at once; and more of one */

/* One of them; go is called when it is its turn, now or later. It stays where it is until tries_end. */
struct tries_turn {
    void (*go)(void *cookie);
    void *cookie;
    size_t place;
    struct tries_turn *next;
};

struct tries *tries_create(void);
void tries_destroy(struct tries *tries); /* accepts NULL */

/* key: what the device shows, hashed. False: too many are under way. */
bool tries_begin(struct tries *tries, const uint8_t key[CREDENTIAL_KEY_SIZE],
                 struct tries_turn *turn);
/* Its registry has heard of it. The next of that device may go. */
void tries_end(struct tries *tries, const struct tries_turn *turn);
