/* Saying to the registry whom a door has refused (audit.note): what is not there for them, what they may not do, and that what they
 * showed was nobody's. Folded together (refusals.h), so that it costs next to nothing to be refused.
 *
 * What is not said yet when the program is killed is lost: of somebody new nothing, else what came of it within its window. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "contract/audit.h"
#include "core/reach.h"
#include "front/who.h"

struct front;
struct refusals;

struct noting {
    enum audit_kind kind;   /* something was refused, or nobody was let in */
    const struct who *who;  /* its credential is none: nobody knows who that was */
    const char *what;       /* a command's, a record's or a page's name */
    const char *code;       /* why, as it was answered */
    const struct id *about; /* or NULL */
    const uint8_t *
        address; /* whoever showed nothing good is known by it: REACH_ADDRESS_SIZE bytes, or NULL */
};

/* Somebody was refused just now. refusals NULL: the program is ending. */
void noting_add(struct refusals *refusals, const struct front *front, const struct noting *noting);

/* Once a turn of the loop, before what has gathered is sent; all: also what could wait, as this is the end. */
void noting_turn(struct refusals *refusals, struct front *front, bool all);
