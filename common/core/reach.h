/* Where webhooks may go: one rule, asked when an endpoint is made and again at every connection.
 *
 * To https addresses outside our own networks: never to private, loopback, link-local, shared, multicast
 * or otherwise special ones (IANA's special-purpose registries, RFC 6890), nor where clouds keep their
 * metadata. Networks that the operator admits are excepted, also from https. What a name leads to is
 * only known when it is connected to; that one leads nowhere is often to be seen (core/hostname.h), and by http
 * none leads anywhere unless a network is admitted that has names of its own, as this machine has not.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { REACH_NETWORKS_MAX = 32, REACH_ADDRESS_SIZE = 16 };

/* A partner's active endpoints: who makes them makes no more, and who sends tells all of them. */
enum { REACH_ENDPOINTS_MAX = 8 };

/* Addresses are 16 bytes, IPv4 as ::ffff:a.b.c.d (RFC 4291, section 2.5.5.2). */
struct reach_network {
    uint8_t at[REACH_ADDRESS_SIZE];
    unsigned bits; /* of the 128 */
};
struct reach_networks {
    size_t count;
    struct reach_network at[REACH_NETWORKS_MAX];
};

/* Whether an address lies in one of them (NULL: there are none). */
bool reach_holds(const struct reach_networks *networks, const uint8_t address[REACH_ADDRESS_SIZE]);

/* Whether an address is of the public internet. */
bool reach_is_public(const uint8_t address[REACH_ADDRESS_SIZE]);

/* Whether webhooks may go to an address; is_plain: by http. */
bool reach_admits(const struct reach_networks *admitted, const uint8_t address[REACH_ADDRESS_SIZE],
                  bool is_plain);

/* What is wrong with a url (RFC 3986), as far as it says so itself. */
enum reach {
    REACH_FINE,
    REACH_NO_ADDRESS, /* not http://host… or https://host… */
    REACH_USER,       /* there is a user in it, perhaps with a password */
    REACH_NO_NAME,    /* there can be no host of that name */
    REACH_NOWHERE,    /* a name that at most a network of our own has, and none is admitted */
    REACH_NO_PORT,    /* not from 1 to 65535 */
    REACH_PLAIN,      /* http, and not to a network that is admitted */
    REACH_OUR_OWN,    /* an address of our own networks */
};
enum reach reach_of(const char *url, const struct reach_networks *admitted);
