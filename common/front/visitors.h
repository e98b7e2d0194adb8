/* Those who come, by address: how often they ask, and how often nobody knows whom they say they are.
 *
 * An address asks so often a second, and is answered 429 beyond. Who shows a token that nobody has, or signs
 * wrongly (401), may do so a few times a second; then nothing that the address shows is looked up until it may try
 * again, while what is known to be good goes on. So a storm costs neither the registry nor others anything.
 *
 * This machine's own addresses and proxies of ours (FADDER_PROXY) are not counted, nor is an IPv6 address more
 * than its network of 64 bits. There is room for VISITORS_MAX; who came longest ago gives way. Nothing of it is
 * kept; the first time in a minute that an address is held back it is logged, for the operator.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/reach.h"

struct visitors;

enum {
    VISITORS_MAX = 4096,
    VISITORS_TOLD_MS = 60000, /* between two lines of one address */
};

struct visitors_settings {
    int64_t rate;                         /* requests a second; 0: any number */
    int64_t stranger_rate;                /* of those answered 401; 0: any number */
    const struct reach_networks *proxies; /* borrowed; NULL: none */
};

struct visitors *visitors_create(const struct visitors_settings *settings);
void visitors_destroy(struct visitors *visitors); /* accepts NULL */

/* Now is of a clock that never goes back. Let a request in, or not. */
bool visitors_let_in(struct visitors *visitors, const uint8_t address[REACH_ADDRESS_SIZE],
                     int64_t now_ns);
/* Whether what the address shows may be looked up. */
bool visitors_may_try(struct visitors *visitors, const uint8_t address[REACH_ADDRESS_SIZE],
                      int64_t now_ns);
/* It was answered 401. */
void visitors_failed(struct visitors *visitors, const uint8_t address[REACH_ADDRESS_SIZE],
                     int64_t now_ns);
