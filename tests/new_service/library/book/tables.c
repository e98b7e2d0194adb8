/* Where books are kept: a row for each, and a way to a programme's. */
#include "book/book.h"

#include "store/table.h"
#include "tables.h"

static const struct index by_programme = {BOOKS_BY_PROGRAMME, {"programme"}, NULL};

const struct table books = {BOOKS, &book_descriptor, {&by_programme}};

bool book_find(struct txn *txn, const struct book_input *in, struct ids *found, struct error *err)
{
    const struct book like = {.programme = in->head.id};

    if (in->type == BOOK_ADD) return true; /* always a new one */
    return index_find(txn, &books, &by_programme, &like, 1, NULL, IDS_MAX, found, err);
}
