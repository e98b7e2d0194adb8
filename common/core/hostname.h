/* Names of hosts, in ASCII: one rule for where webhooks go and where mail does.
 *
 * Two labels or more of letters, digits and hyphens that stand within (RFC 1123 section 2.1), of which the last is not
 * a number (RFC 3696 section 2). Some are special: nothing has them (RFC 6761, RFC 7686), or only networks of
 * one's own do (RFC 6761, RFC 6762, RFC 8375, and ICANN's for .internal). */
#pragma once

enum { HOSTNAME_MAX = 253 };

enum hostname {
    HOSTNAME_FINE,
    HOSTNAME_NONE,  /* there can be no such name */
    HOSTNAME_ALONE, /* one label: what is behind it is left out */
    HOSTNAME_OWN,   /* at most in a network of one's own */
};
enum hostname hostname_of(const char *name);
