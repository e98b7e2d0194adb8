/* Which mail corrects which: found by what they are about and to whom they go. */
#include "correcting.h"

#include "delivery/delivery.h"
#include "store/table.h"

typedef void look_at_row(void *cookie, const struct message *row);

/* What else is said to the same reader about the same. */
static bool look_through(struct txn *txn, const struct message *like, look_at_row *look,
                         void *cookie, struct error *err)
{
    struct ids found = {.count = IDS_MAX};
    struct message row;
    struct id after;

    for (const struct id *behind = NULL; found.count == IDS_MAX; behind = &after) {
        found.count = 0;
        if (!message_find_about(txn, like->about, like->to, behind, &found, err)) return false;
        for (uint32_t i = 0; i < found.count; i++) {
            if (!table_get(txn, &messages, found.at[i], &row, err)) return false;
            look(cookie, &row);
        }
        if (found.count > 0) after = found.at[found.count - 1];
    }
    return true;
}

/* The last step before it: what told of one that was taken back, or stands, long ago is left alone. Of one step there may be
 * two mails, as it was also written down for the reader. */

struct telling {
    const struct message *correction;
    int64_t last_ms;
    struct ids found;
};

static void note_told(void *cookie, const struct message *row)
{
    struct telling *telling = cookie;

    if (!message_corrects(telling->correction, row) || row->at.ms < telling->last_ms) return;
    if (row->at.ms > telling->last_ms) telling->found.count = 0;
    telling->last_ms = row->at.ms;
    if (telling->found.count < IDS_MAX) telling->found.at[telling->found.count++] = row->id;
}

bool correcting_find_told(struct txn *txn, const struct message *correction, struct ids *told,
                          struct error *err)
{
    struct telling telling = {.correction = correction};

    if (correction->has_corrects && !look_through(txn, correction, note_told, &telling, err))
        return false;
    *told = telling.found;
    return true;
}

struct correcting {
    const struct message *told;
    bool has_first;
    struct message first; /* after it */
};

static void note_correction(void *cookie, const struct message *row)
{
    struct correcting *correcting = cookie;

    if (!message_corrects(row, correcting->told)) return;
    if (correcting->has_first && row->at.ms >= correcting->first.at.ms) return;
    correcting->has_first = true;
    correcting->first = *row;
}

bool correcting_is_taken_back(struct txn *txn, const struct message *told, bool *is_taken_back,
                              struct error *err)
{
    struct correcting correcting = {.told = told};
    struct ids found;

    *is_taken_back = false;
    if (!look_through(txn, told, note_correction, &correcting, err)) return false;
    if (!correcting.has_first) return true;
    if (!correcting_find_told(txn, &correcting.first, &found, err)) return false;
    for (uint32_t i = 0; i < found.count; i++)
        *is_taken_back |= id_equal(found.at[i], told->id);
    return true;
}

bool correcting_is_unheard(struct txn *txn, const struct message *correction, bool *is_unheard,
                           struct error *err)
{
    struct delivery delivery;
    struct ids told;

    if (!correcting_find_told(txn, correction, &told, err)) return false;
    *is_unheard = told.count > 0;
    for (uint32_t i = 0; i < told.count; i++) {
        if (!table_get(txn, &deliveries, told.at[i], &delivery, err)) return false;
        if (delivery_may_have_reached(&delivery)) *is_unheard = false;
    }
    return true;
}
