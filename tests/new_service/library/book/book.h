/* A book that a programme lends. */
#pragma once

#include <string.h>

#include "contract/book.h"

struct aggregate;
struct ids;
struct life;
struct table;
struct txn;

struct book_case {
    struct book row;
};

bool book_decide(const struct book_case *c, const struct book_input *in, struct book_events *out,
                 struct error *err);
void book_evolve(struct book *row, const struct book_event *event);

bool book_find(struct txn *txn, const struct book_input *in, struct ids *found, struct error *err);
bool book_load(struct txn *txn, struct id id, const struct book_input *in, struct book_case *c,
               struct error *err);

extern const struct table books;
extern const struct life book_life;
extern const struct aggregate book_aggregate;
