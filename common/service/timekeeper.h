/* Whether the machine's clock may be believed: a journal's time never goes back, so what is stamped
 * while the clock is ahead stays ahead for good, and deadlines that fired too early cannot be undone.
 *
 * While the machine runs, its clock is compared with the time since it was started, also across starts
 * of the service; after another boot with where the journal stands. A jump of more than an hour, either
 * way, is held against it until it is back or an operator says that it is right. After another boot it
 * may be ahead by as long as the machine may have been off (FADDER_OFF_MAX).
 *
 * By the writer's thread; timekeeper_now also by others.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct error;
struct files;
struct metrics_metric;
struct timekeeper;

/* directory: the service's own; what it writes there (`clock`) is only for this boot. at_ms: where the
 * journal stands. jumped: a gauge that shows by how many seconds. may_be_ahead: the journal was restored, however old the backup is. */
struct timekeeper *timekeeper_open(struct files *files, const char *directory,
                                   struct metrics_metric *jumped, int64_t at_ms, bool may_be_ahead,
                                   struct error *err);
void timekeeper_close(struct timekeeper *timekeeper);

/* Look at the clock: whether it is believed. at_ms: where the journal stands now. *now_ms is what it
 * shows, if so, or else at_ms. */
bool timekeeper_look(struct timekeeper *timekeeper, int64_t at_ms, int64_t *now_ms);
/* It is right, an operator says. */
void timekeeper_confirm(struct timekeeper *timekeeper);

/* Milliseconds since 1970: the clock, or where the journal stands while the clock is not believed.
 * Between two looks it is compared as well, and goes on by the time since the boot if it jumped. */
int64_t timekeeper_now(const struct timekeeper *timekeeper);
