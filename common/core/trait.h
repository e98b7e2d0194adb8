/* What an event tells of somebody that may have to be struck: in its place stands that there was something, and
 * not what. So whoever folds the event finds what was there to be dropped.
 *
 * Pure: any thread may call.
 */
#pragma once

struct descriptor;

/* Replace what a message tells of these, where it tells any: a list becomes one of one that says nothing, a text "-"
 * or what else is within its limits, a word the first or the one that its schema says for it, a number zero. Again is the same. */
void traits_strike(const struct descriptor *descriptor, void *value, unsigned traits);

/* Empty what a row has of these, as if it had never been said; a word for which its schema has another becomes that. */
void traits_clear(const struct descriptor *descriptor, void *row, unsigned traits);

/* All that a message could tell. */
unsigned traits_of(const struct descriptor *descriptor);
