/* What a book is after each event. */
#include "book/book.h"

void book_evolve(struct book *row, const struct book_event *event)
{
    switch (event->type) {
    case BOOK_ADDED:
        row->state = BOOK_STATE_HERE;
        memcpy(row->title, event->book_added.title, sizeof row->title);
        return;
    case BOOK_AFTER_PROGRAMME_CLOSED: row->state = BOOK_STATE_AWAY; return;
    }
    bug("book_evolve: event type %u", event->type);
}
