/* Settings: environment variables, read once at the start, by those whose limits they are.
 *
 * Each function reads one variable. Not set, or set to nothing, it is what is usual. On false err
 * names the variable, what is wrong and what would be right (kind ERROR_INVALID, code "settings");
 * the value itself is not repeated, it may be a secret. Not for threads: getenv is not.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct error;
struct sockaddr;

/* UTF-8 of at most size - 1 bytes, without control characters. */
bool settings_text(const char *name, const char *usual, char *text, size_t size, struct error *err);

/* A whole decimal number from min to max. */
bool settings_integer(const char *name, int64_t usual, int64_t min, int64_t max, int64_t *number,
                      struct error *err);

/* One of words (ends with NULL): its place there. usual is one of them. */
bool settings_word(const char *name, const char *const *words, const char *usual, unsigned *place,
                   struct error *err);

/* Where to listen or to connect: 127.0.0.1:8080, [::1]:8080, name.example:25. */
struct settings_address {
    char host[256]; /* without brackets */
    uint16_t port;  /* 0: any that is free */
};
bool settings_address(const char *name, const char *usual, struct settings_address *address,
                      struct error *err);

/* Networks as CIDR (RFC 4632, RFC 4291), with commas or spaces between: 127.0.0.0/8, ::1/128. A
 * plain address is a network of one. Bits past the prefix must be zero. */
enum { SETTINGS_NETWORKS_MAX = 32 };
struct settings_network {
    uint8_t at[16]; /* IPv4 as ::ffff:a.b.c.d */
    unsigned bits;  /* of the 128 */
};
struct settings_networks {
    size_t count;
    struct settings_network at[SETTINGS_NETWORKS_MAX];
};
bool settings_networks(const char *name, const char *usual, struct settings_networks *networks,
                       struct error *err);

/* Whether address (AF_INET or AF_INET6; ::ffff:a.b.c.d counts as a.b.c.d) lies in one of them. */
bool settings_networks_hold(const struct settings_networks *networks,
                            const struct sockaddr *address);
