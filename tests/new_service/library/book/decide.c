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
    .contract = &book_contract,
    .steps = steps,
    .step_count = sizeof steps / sizeof steps[0],
    .moves = moves,
    .move_count = sizeof moves / sizeof moves[0],
};

/* A creation has no row yet: it is in the programme of who asks. */
static bool may(const struct book_case *c, const struct book_input *in, struct error *err)
{
    const struct head *head = &in->head;

    if (!life_tenant(head, in->type == BOOK_ADD ? head->programme : c->row.programme, err))
        return false;
    return life_step(&book_life, c->row.state, c->row.version, in->type, head, err) != NULL;
}

static bool add(const struct book_case *c, const struct book_input *in, struct book_events *out,
                struct error *err)
{
    struct book_added *said;

    if (!may(c, in, err)) return false;
    said = &book_emit(out, BOOK_ADDED, in->head.ids[0])->book_added;
    memcpy(said->title, in->book_add.title, sizeof said->title);
    return true;
}

bool book_decide(const struct book_case *c, const struct book_input *in, struct book_events *out,
                 struct error *err)
{
    switch (in->type) {
    case BOOK_ADD: return add(c, in, out, err);
    case BOOK_ON_PROGRAMME_CLOSED: return true; /* evolve says all there is to it */
    }
    bug("book_decide: input type %u", in->type);
}
