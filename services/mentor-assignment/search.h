/* Who could be proposed to whom, as a snapshot of the state shows it.
 *
 * Goes round all programmes and all who seek in them, a bounded number at a time. A mentor is
 * proposed for a free place a few times, not to everybody who seeks: people have to look at each
 * proposal. What is proposed is checked again where it is decided.
 */
#pragma once

#include "contract/mentorship.h"

struct error;
struct search;
struct txn;

enum {
    SEARCH_MENTEES = 20,   /* looked at in one go */
    SEARCH_PER_MENTEE = 3, /* mentors proposed to each */
    SEARCH_PER_PLACE = 3,  /* open proposals for each free place */
    SEARCH_FOUND_MAX = SEARCH_MENTEES * SEARCH_PER_MENTEE,
};

/* One for matcher's own command, and what its envelope has to say. */
struct proposal {
    struct id programme;
    enum country country;
    struct mentorship_propose body;
};

struct found {
    size_t count;
    struct proposal at[SEARCH_FOUND_MAX];
    bool is_round; /* everybody has been looked at since the last time it said so */
};

struct search *search_create(void);
void search_destroy(struct search *search);

/* Look at the next ones who seek. found is overwritten. */
bool search_next(struct search *search, struct txn *txn, struct instant now, struct found *found,
                 struct error *err);
