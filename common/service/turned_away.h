/* Programs that asked for what they are not admitted to, folded together until whoever watches is told: of each the first
 * time at once, then at most once in TURNED_AWAY_EACH_MS, with how often it was meanwhile. So a storm of refusals is a few
 * events, whoever makes it; and as only programs with a key that is on the list of who is let in get so far, there are few.
 *
 * What of it has not been told ends with the service. Any thread may note; telling is the writer's.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "bus/bus.h"
#include "contract/audit.h"

enum {
    TURNED_AWAY_MAX = 16, /* programs; the rest are one, `*` */
    TURNED_AWAY_EACH_MS = 60 * 1000,
    TURNED_AWAY_AGAIN_MS = 5 * 1000, /* from one attempt to tell it to the next */
};

struct running;
struct turned_away;

struct turned_away *turned_away_create(void);
void turned_away_destroy(struct turned_away *away); /* accepts NULL */

/* peer, as the bus has proved it, asked for what. */
void turned_away(struct running *running, const char *peer, const char *what);
/* The same; now_ms since 1970, steady_ms of the clock that goes on. */
void turned_away_note(struct turned_away *away, const char *peer, const char *what, int64_t now_ms,
                      int64_t steady_ms);
/* What is to be told next, and which one it is; false: nothing is due. It stays until it has been told. */
bool turned_away_next(struct turned_away *away, int64_t steady_ms, struct audit_turn_away *told,
                      unsigned *which);
/* It was told, or could not be and has to be again; told: as turned_away_next gave it. */
void turned_away_told(struct turned_away *away, unsigned which, const struct audit_turn_away *told,
                      bool is_done, int64_t steady_ms);

/* Tell what is due, and take answers: by the writer, each turn. The registry keeps it (`audit.turn_away`); it is asked by a
 * peer that is opened when there is something to tell. */
struct teller;
struct teller *teller_create(struct running *running);
void teller_destroy(struct teller *teller);
void teller_turn(struct teller *teller, int64_t now_ms, int64_t steady_ms);
