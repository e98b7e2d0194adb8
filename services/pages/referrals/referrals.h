/* Referrals: those that somebody may see, and one of them. */
#pragma once

#include "contract/referral.h"
#include "pages.h"

extern const struct page referrals_page, referrals_file, referral_page;

/* How it stands. */
enum words_key referral_says(const struct referral *row);
/* Whether who looks at it has to do something for it to go on. */
bool referral_waits_for(const struct referral *row, enum actor_role role);
