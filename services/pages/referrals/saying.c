/* What a state is called, and whose turn it is. */
#include "core/input.h"
#include "referrals/referrals.h"

/* clang-format off */
static const struct saying {
    enum words_key says;
    unsigned waits; /* for these */
} sayings[] = {
    [REFERRAL_STATE_NONE]             = {WORDS_PAGE_REFERRAL_RECEIVED, 0},
    [REFERRAL_STATE_RECEIVED]         = {WORDS_PAGE_REFERRAL_RECEIVED, ROLE_CO},
    [REFERRAL_STATE_NEEDS_INFO]       = {WORDS_PAGE_REFERRAL_NEEDS_INFO, ROLE_CN},
    [REFERRAL_STATE_ACCEPTED]         = {WORDS_PAGE_REFERRAL_ACCEPTED, 0},
    [REFERRAL_STATE_REJECTED]         = {WORDS_PAGE_REFERRAL_REJECTED, 0},
    [REFERRAL_STATE_WAITLISTED]       = {WORDS_PAGE_REFERRAL_WAITLISTED, ROLE_CO},
    [REFERRAL_STATE_MATCHED]          = {WORDS_PAGE_REFERRAL_MATCHED, 0},
    [REFERRAL_STATE_IN_PROGRESS]      = {WORDS_PAGE_REFERRAL_IN_PROGRESS, 0},
    [REFERRAL_STATE_ON_HOLD]          = {WORDS_PAGE_REFERRAL_ON_HOLD, 0},
    [REFERRAL_STATE_COMPLETED]        = {WORDS_PAGE_REFERRAL_COMPLETED, 0},
    [REFERRAL_STATE_FAILED]           = {WORDS_PAGE_REFERRAL_FAILED, 0},
    [REFERRAL_STATE_CANCELLED]        = {WORDS_PAGE_REFERRAL_CANCELLED, 0},
    [REFERRAL_STATE_EXPIRED]          = {WORDS_PAGE_REFERRAL_EXPIRED, 0},
    [REFERRAL_STATE_DUPLICATE]        = {WORDS_PAGE_REFERRAL_DUPLICATE, 0},
    [REFERRAL_STATE_ENTERED_IN_ERROR] = {WORDS_PAGE_REFERRAL_ENTERED_IN_ERROR, 0},
};
/* clang-format on */

enum words_key referral_says(const struct referral *row)
{
    return sayings[row->state].says;
}

bool referral_waits_for(const struct referral *row, enum actor_role role)
{
    return (sayings[row->state].waits >> role & 1) != 0;
}
