/* Where municipalities are kept: a row for each of a programme's. */
#include "municipality/municipality.h"

#include <string.h>

#include "store/table.h"
#include "tables.h"

static const struct index by_code = {MUNICIPALITIES_BY_CODE, {"programme", "code"}, NULL};
static const struct index by_programme = {MUNICIPALITIES_BY_PROGRAMME, {"programme"}, NULL};

const struct table municipalities = {
    MUNICIPALITIES, &municipality_descriptor, {&by_code, &by_programme}};

static bool find_code(struct txn *txn, struct id programme, const char *code, struct ids *found,
                      struct error *err)
{
    struct municipality like = {.programme = programme};

    memcpy(like.code, code, sizeof like.code);
    return index_find(txn, &municipalities, &by_code, &like, 2, NULL, 1, found, err);
}

bool municipality_find(struct txn *txn, const struct municipality_input *in, struct ids *found,
                       struct error *err)
{
    return find_code(txn, in->head.programme, in->municipality_locate.code, found, err);
}

bool municipality_get(struct txn *txn, struct id programme, const char *code,
                      struct municipality *row, struct error *err)
{
    struct ids found = {0};

    memset(row, 0, sizeof *row);
    if (!find_code(txn, programme, code, &found, err)) return false;
    return found.count == 0 || table_get(txn, &municipalities, found.at[0], row, err);
}
