/* Where programmes are kept: a row for each, and a way from its slug. */
#include "programme/programme.h"

#include "core/text.h"
#include "store/table.h"
#include "tables.h"

static const struct index by_slug = {PROGRAMMES_BY_SLUG, {"slug"}, NULL};

const struct table programmes = {PROGRAMMES, &programme_descriptor, {&by_slug}};

bool programme_is_slug_taken(struct txn *txn, const char *slug, bool *is_taken, struct error *err)
{
    struct programme like = {0};
    struct ids found = {0};

    text_copy(like.slug, sizeof like.slug, slug);
    if (!index_find(txn, &programmes, &by_slug, &like, 1, NULL, 1, &found, err)) return false;
    *is_taken = found.count > 0;
    return true;
}

/* Whom mails do not reach may be somebody else. */
bool programme_find(struct txn *txn, const struct programme_input *in, struct ids *found,
                    struct error *err)
{
    struct programme row;

    switch (in->type) {
    case PROGRAMME_ON_RECIPIENT:
        return table_get(txn, &programmes, in->head.id, &row, err) &&
               (row.state == PROGRAMME_STATE_NONE || ids_add(found, in->head.id, err));
    case PROGRAMME_COMMAND: return true; /* always another */
    }
    bug("programme_find: input type %u", in->type);
}
