/* All services that keep a journal, as their programs are, in one thread and a world of its own (sim/world.h): what is
 * said to them comes over the bus, what they tell each other too. Only their workers are not there.
 *
 * And what there is in them: every row that was saved, by the state that it is in.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "contract/bus.h"
#include "core/descriptor.h"
#include "core/id.h"
#include "fold/aggregate.h"

struct error;
struct reply;

enum { STAGE_AGGREGATES_MAX = 64, STAGE_STATES_MAX = 32 };

/* An aggregate of one of them; lives until stage_close. */
struct player {
    unsigned service;
    const struct aggregate *aggregate;
    const struct field *state; /* of its row, or NULL */
};

void stage_open(void);
/* The services end well, each is verified, and goes on. False: a state is not the fold of its journal. */
bool stage_verify(void);
/* Everything that anybody said has come to who follows it, nothing is set aside and nobody has stopped following; what
 * was logged as an error is counted as ours too. False: why. */
bool stage_is_well(struct error *err);
void stage_close(void);

size_t stage_count(void);
const struct player *stage_player(size_t place);
/* Of that name, or stage_count(): there is none. */
size_t stage_find(const char *name, size_t size);

/* Say something to a service, as the gateway or (role SYS) as the operator's program; answered by stage_turn. */
void stage_say(unsigned service, const struct bus_command *command,
               void (*hear)(void *cookie, const struct reply *reply), void *cookie);
/* Each of them once. False: one's store failed. */
bool stage_turn(struct error *err);
/* Has everything been answered? */
bool stage_is_quiet(void);

/* What would come of saying it, while the state is looked at: is it accepted? (rehearsal.h) */
bool stage_rehearse(unsigned service, const struct bus_command *command, struct error *err);

/* A look at the state of all, until stage_look_away. */
void stage_look(void);
void stage_look_away(void);
/* How many are known to be in a state, not more than some dozens. */
size_t stage_known(size_t place, unsigned state);
/* Any of those: its row. False: there is none. */
bool stage_pick(size_t place, unsigned state, struct id *id, void *row);
/* Is this one in it? */
bool stage_is(size_t place, unsigned state, struct id id, void *row);
unsigned stage_state(size_t place, const void *row);
