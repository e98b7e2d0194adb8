/* A heap of (distance, whatever), four children each, inside the library. Nothing is decreased:
 * who pops an entry that has been overtaken passes over it. */
#pragma once

#include "matching/graph.h"

static inline void heap_push(struct heap *h, int64_t key, uint32_t node)
{
    size_t at = h->count++;

    if (at == h->room) {
        h->room = h->room == 0 ? 1024 : 2 * h->room;
        h->entries = graph_room(h->entries, h->room, sizeof *h->entries);
    }
    while (at > 0 && h->entries[(at - 1) / 4].key > key) {
        h->entries[at] = h->entries[(at - 1) / 4];
        at = (at - 1) / 4;
    }
    h->entries[at] = (struct entry){key, node};
}

static inline struct entry heap_pop(struct heap *h)
{
    const struct entry top = h->entries[0], last = h->entries[--h->count];
    size_t at = 0;

    for (;;) {
        const size_t child = 4 * at + 1;
        size_t least = child;

        if (child >= h->count) break;
        for (size_t k = child + 1; k < child + 4 && k < h->count; k++)
            if (h->entries[k].key < h->entries[least].key) least = k;
        if (h->entries[least].key >= last.key) break;
        h->entries[at] = h->entries[least];
        at = least;
    }
    h->entries[at] = last;
    return top;
}
