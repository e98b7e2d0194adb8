/* Where postings are kept: a row for each. */
#include "posting/posting.h"

#include "fold/aggregate.h"
#include "placement/placement.h"
#include "store/table.h"
#include "tables.h"

static const struct index by_state = {POSTINGS_BY_STATE, {"programme", "state"}, NULL};
static const struct index by_host = {POSTINGS_BY_HOST, {"host"}, NULL};

const struct table postings = {POSTINGS, &posting_descriptor, {&by_state, &by_host}};

void posting_whom_of(struct id host, struct whom *whom)
{
    whom_add_by(whom, &by_host, host);
}

/* Of the steps that are taken back, it is about those that gave a seat back. */
static bool is_counted(const struct posting_input *in)
{
    return in->type != POSTING_ON_PLACEMENT_UNDONE ||
           placement_gave_seat(in->placement_undone.step);
}

bool posting_find(struct txn *txn, const struct posting_input *in, struct ids *found,
                  struct error *err)
{
    (void)txn;
    if (in->type == POSTING_CREATE) return true; /* always another one */
    switch (in->type) {
    case POSTING_COMMAND: break; /* these say which one they are about */
    case POSTING_ON_PLACEMENT:
        return !is_counted(in) || ids_add(found, in->placement_whose.posting, err);
    }
    bug("posting_find: input type %u", in->type);
}
