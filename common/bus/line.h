/* A follower's line over the bus: what comes on its socket is for the follower, what the follower says goes out.
 *
 * A line belongs to one thread.
 */
#pragma once

#include <stdint.h>

#include "bus/follow.h"

struct bus;
struct error;
struct line;
struct socket;

/* As follower_create; own_name: what we are called on the bus, a name that is dialled with once. */
struct line *line_open(struct bus *bus, const char *own_name, const char *service,
                       const char *const *types, const struct journal_position *from,
                       const struct journal_position *until, struct error *err);
void line_close(struct line *line);

/* These live as long as the line. */
struct socket *line_socket(struct line *line);
struct follower *line_follower(struct line *line);

/* Receive, and let the follower ask. Call often, at the least every second. */
void line_turn(struct line *line, int64_t now_ms);
