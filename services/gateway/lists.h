/* Lists on their way: asked for, and written, in turn.
 *
 * A page of 500 rows takes a hundred times as long to write as a single record. So it is kept as it came, and written bit
 * by bit in between everything else, LISTS_TURN_NS in a turn of the loop; and no more than LISTS_AT_ONCE are asked for or
 * kept. Whose page is written, and who is asked for next, is the turn of whose token had least of that of late
 * (turns.h): who reads all there is, page after page, waits behind whoever asks now and then.
 */
#pragma once

#include <stdbool.h>

#include "contract/bus.h"

struct call;
struct gateway;
struct lists;

enum {
    LISTS_AT_ONCE = 64,     /* each a message of at most 384 KiB, and what is written of it */
    LISTS_TURN_NS = 500000, /* spent on writing, before others are looked after */
};

struct lists *lists_create(struct gateway *gateway);
/* What waits is forgotten, not answered. Accepts NULL. */
void lists_destroy(struct lists *lists);

/* Ask the call's upstream for what the query says, when it is the call's turn, and answer with it. */
void lists_ask(struct lists *lists, struct call *call, const struct bus_query *query);
/* Write for a while; before http_turn, which sends what is ready. */
void lists_write(struct lists *lists);
/* Ask for those whose turn it is; after http_turn, which brings more. */
void lists_turn(struct lists *lists);
/* Whether more can be written at once. */
bool lists_have_work(const struct lists *lists);
