/* A bell: how one thread, or a signal handler, wakes another that waits in poll(2).
 *
 * Ringing twice before it is heard is ringing once. Any thread may ring, also from a signal handler;
 * one hushes.
 */
#pragma once

struct bell;

struct bell *bell_create(void);
/* One that rings of itself while a descriptor, which stays the caller's, is readable; nobody else rings or hushes
 * it. Lives until bell_destroy. */
struct bell *bell_on(int fd);
void bell_destroy(struct bell *bell);

void bell_ring(const struct bell *bell);
/* It has been heard: what is rung from here on counts anew. */
void bell_hush(const struct bell *bell);

/* For bus_wait, and for who waits in a poll of his own: readable (POLLIN) while it rings; never to be read or
 * closed. */
int bell_fd(const struct bell *bell);
