/* Who may add a book. */
#include "book/book.h"

#include "core/life.h"

static const struct step steps[] = {
    {BOOK_STATE_NONE, BOOK_ADD, BOOK_STATE_HERE, ROLE_CO | ROLE_PA | ROLE_SYS},
};

static const struct move moves[] = {
    {BOOK_STATE_HERE, BOOK_AFTER_PROGRAMME_CLOSED, BOOK_STATE_AWAY, "its programme is closed"},
};

const struct life book_life = {
    .contract = &book_contract, .steps = steps, .step_count = 1, .moves = moves, .move_count = 1};

bool book_decide(const struct book_case *c, const struct book_input *in, struct book_events *out,
                 struct error *err)
{
    if (in->type == BOOK_ON_PROGRAMME_CLOSED) return true; /* evolve says all there is to it */
    if (!life_step(&book_life, c->row.state, c->row.version, in->type, &in->head, err))
        return false;
    memcpy(book_emit(out, BOOK_ADDED, in->head.ids[0])->book_added.title, in->book_add.title,
           sizeof in->book_add.title);
    return true;
}
