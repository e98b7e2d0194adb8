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

static bool is_there(void *cookie, struct id id, const void *row)
{
    (void)id;
    (void)row;
    *(bool *)cookie = true;
    return false;
}

bool programme_is_any(struct txn *txn, bool *is_any, struct error *err)
{
    *is_any = false;
    return table_scan(txn, &programmes, NULL, is_there, is_any, err);
}

static bool find_own(const struct programme_input *in, struct ids *found, struct error *err)
{
    return ids_add(found, in->head.programme, err);
}

/* What may end it, where somebody is looked for. */
static bool find_looking(struct txn *txn, const struct programme_input *in, struct ids *found,
                         struct error *err)
{
    struct programme row;

    return table_get(txn, &programmes, in->head.programme, &row, err) &&
           (!row.has_uncleared_since || find_own(in, found, err));
}

/* Whom mails do not reach may be somebody else. */
bool programme_find(struct txn *txn, const struct programme_input *in, struct ids *found,
                    struct error *err)
{
    struct programme row;

    switch (in->type) {
    case PROGRAMME_ON_REFERRAL_RECEIVED:
        return in->referral_received.protection == PROTECTION_NONE || find_own(in, found, err);
    case PROGRAMME_ON_PERSON_HIDDEN:
        return !in->person_hidden.has_referral || find_own(in, found, err);
    case PROGRAMME_ON_PERSON_ROLE_ENDED:
        if (in->person_role_ended.part != PERSON_PART_COORDINATOR) return true;
        return !in->person_role_ended.cleared || find_own(in, found, err);
    case PROGRAMME_ON_PERSON_ROLE_GRANTED:
        return !in->person_role_granted.cleared || find_looking(txn, in, found, err);
    case PROGRAMME_ON_PERSON_CLEARANCE_CONFIRMED:
    case PROGRAMME_ON_PERSON_SHOWN:
    case PROGRAMME_ON_PERSON_ERASED: return find_looking(txn, in, found, err);
    case PROGRAMME_ON_RECIPIENT:
        return table_get(txn, &programmes, in->head.id, &row, err) &&
               (row.state == PROGRAMME_STATE_NONE || ids_add(found, in->head.id, err));
    case PROGRAMME_COMMAND: return true; /* always another */
    }
    bug("programme_find: input type %u", in->type);
}
