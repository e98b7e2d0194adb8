/* A bell: how one thread, or a signal handler, wakes another that waits in poll(2).
 *
 * Ringing twice before it is heard is ringing once. Any thread may ring, also from a signal handler;
 * one hushes.
 */
#pragma once

struct bell;

struct bell *bell_create(void);
void bell_destroy(struct bell *bell);

void bell_ring(const struct bell *bell);
/* It has been heard: what is rung from here on counts anew. */
void bell_hush(const struct bell *bell);

/* Readable (POLLIN) while it rings; the bell's own, never to be read or closed. */
int bell_fd(const struct bell *bell);
