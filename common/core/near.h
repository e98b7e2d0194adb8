/* Who is near whom: who may decide about somebody under protection, and be shown where they are. There is one rule, for what is
 * commanded and for what is read.
 *
 * Near are rules of ours, who is cleared, and people to themself. Both are looked up with what is shown, anew every few seconds:
 * whether its person is cleared in the part that they act in, and so is everybody by whose hands it came to be; and whether
 * somebody else who is not may have kept it. Who shows such a thing need not be who it names, so they are nobody's self. Nor is a
 * partner's system.
 */
#pragma once

#include "core/input.h"

struct nearness {
    enum role role;
    struct id person; /* zero: nobody */
    bool is_cleared, is_shared;
};

/* Whom a row is about who is under protection; and for whose sake there is the row, who is shown it whoever else of it is
 * hidden, but for what tells where those are. */
enum { GUARDED_MAX = 4 };
struct guarded {
    uint32_t count;
    struct id at[GUARDED_MAX];
    struct id sake; /* zero: nobody's */
};

void guarded_add(struct guarded *guarded, bool is_protected, struct id whose);

struct nearness near_of(const struct head *head);

bool near_is_oneself(const struct nearness *who, struct id whose);
/* To each of them; and to the row that is about them. */
bool near_each(const struct nearness *who, const struct guarded *guarded);
bool near_row(const struct nearness *who, const struct guarded *guarded);
