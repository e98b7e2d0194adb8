/* Which address a request comes from: the connection's, or, where that is a proxy's that the operator names (FADDER_PROXY), the
 * one that the proxy says.
 *
 * Each proxy adds at the end whom it was asked by, so the header is read from its end: as long as an address is a known proxy's,
 * the one before it is asked for. What stands further to the left may be anybody's invention, and is not looked at; nor is the
 * header at all of who is no such proxy. What is no address ends it: then it is the proxy itself.
 *
 * Pure: any thread may call.
 */
#pragma once

#include "core/reach.h"

enum origin_header {
    ORIGIN_X_FORWARDED_FOR, /* 192.0.2.1, 2001:db8::1 */
    ORIGIN_FORWARDED,       /* for=192.0.2.1;proto=https, for="[2001:db8::1]:4711" (RFC 7239) */
};

/* The header's name, as http_header asks for it. */
extern const char *const origin_headers[];

/* peer: the connection's. said: all of the header, its lines in their order with commas between; or NULL. Addresses are as in
 * core/reach.h. */
void origin_find(const struct reach_networks *proxies, enum origin_header header,
                 const uint8_t peer[REACH_ADDRESS_SIZE], const char *said,
                 uint8_t address[REACH_ADDRESS_SIZE]);

/* 127.0.0.1 and ::1, where a proxy on this machine comes from; and whether it is an address of IPv4. */
bool origin_is_localhost(const uint8_t address[REACH_ADDRESS_SIZE]);
bool origin_is_ipv4(const uint8_t address[REACH_ADDRESS_SIZE]);

/* "192.0.2.1", "2001:db8::1". */
enum { ORIGIN_TEXT_SIZE = 48 };
void origin_write(const uint8_t address[REACH_ADDRESS_SIZE], char text[ORIGIN_TEXT_SIZE]);
