/* Which pages there are: the one place that knows them all. */
#include "beginning/beginning.h"
#include "mentors/mentors.h"
#include "mentorships/mentorships.h"
#include "mine/mine.h"
#include "pages.h"
#include "placements/placements.h"
#include "programme/programme.h"
#include "referrals/referrals.h"
#include "sign_in/sign_in.h"
#include "statements/statements.h"
#include "today/today.h"

/* In the order in which a path is looked for. */
/* clang-format off */
const struct page *const pages_all[] = {
    &sign_in_page,       &code_page,         &sign_out_page,
    &act_as_page,        &link_page,         &demonstration_page,
    &language_page,      &accessibility_page, &begin_page, &beginning_page,
    &today_page,         &referrals_page,
    &referrals_file,     &referral_page,     &mentors_page,
    &mentors_file,       &mentor_new_page,   &mentor_import_page,
    &mentor_sample_file, &mentor_page,
    &mentorships_page,   &mentorships_file,  &mentorship_page,
    &placements_page,    &placements_file,   &placement_page,    &day_book_page,
    &partners_page,      &partner_page,      &endpoint_page,
    &delivery_page,      &tokens_page,       &token_page,
    &people_page,        &somebody_new_page, &somebody_page,
    &organisations_page, &organisation_page, &audit_page,
    &programme_page,     &health_page,       &me_page,           NULL,
};
/* clang-format on */
