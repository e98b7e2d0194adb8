/* What deciding about a book may read; and the aggregate as a whole. */
#include "book/book.h"

#include "fold/aggregate.h"
#include "store/table.h"

bool book_load(struct txn *txn, struct id id, const struct book_input *in, struct book_case *c,
               struct error *err)
{
    (void)in; /* a book is decided about by itself */
    memset(c, 0, sizeof *c);
    return table_get(txn, &books, id, &c->row, err);
}

AGGREGATE_FIND(book)
AGGREGATE_DECIDE(book)
AGGREGATE_EVOLVE(book)

const struct aggregate book_aggregate = {
    .contract = &book_contract,
    .life = &book_life,
    .table = &books,
    .case_size = sizeof(struct book_case),
    .find = book_find_,
    .load = book_load_,
    .decide = book_decide_,
    .evolve = book_evolve_,
};
