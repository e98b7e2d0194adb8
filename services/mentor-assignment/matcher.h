/* The matcher: looks for mentors for those who seek, in a thread of its own, and proposes them.
 *
 * The writer never waits for it. It reads a snapshot and comes back with commands; what has changed
 * meanwhile is refused there, left out, and seen in the next snapshot.
 */
#pragma once

struct worker;

void matcher_work(struct worker *worker);
