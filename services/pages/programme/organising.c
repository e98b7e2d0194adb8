#include "programme/organising.h"

#include "rows.h"

/* clang-format off */
static const struct show_option kinds[] = {
    [ORGANISATION_KIND_CLUB] = {"club", WORDS_PAGE_KIND_CLUB, NULL},
    [ORGANISATION_KIND_MUSEUM_ASSOCIATION] = {"museum_association", WORDS_PAGE_KIND_MUSEUM_ASSOCIATION, NULL},
    [ORGANISATION_KIND_EMPLOYER] = {"employer", WORDS_PAGE_KIND_EMPLOYER, NULL},
    [ORGANISATION_KIND_FARM] = {"farm", WORDS_PAGE_KIND_FARM, NULL},
    [ORGANISATION_KIND_MUNICIPALITY] = {"municipality", WORDS_PAGE_KIND_MUNICIPALITY, NULL},
    [ORGANISATION_KIND_AGENCY] = {"agency", WORDS_PAGE_KIND_AGENCY, NULL},
    [ORGANISATION_KIND_COUNTY] = {"county", WORDS_PAGE_KIND_COUNTY, NULL},
    [ORGANISATION_KIND_VOLUNTARY] = {"voluntary", WORDS_PAGE_KIND_VOLUNTARY, NULL},
    [ORGANISATION_KIND_SOCIAL_ENTERPRISE] = {"social_enterprise", WORDS_PAGE_KIND_SOCIAL_ENTERPRISE, NULL},
    [ORGANISATION_KIND_SCHOOL] = {"school", WORDS_PAGE_KIND_SCHOOL, NULL},
    [ORGANISATION_KIND_UNION] = {"union", WORDS_PAGE_KIND_UNION, NULL},
    [ORGANISATION_KIND_ASSOCIATION] = {"association", WORDS_PAGE_KIND_ASSOCIATION, NULL},
};

static const struct show_option reasons[] = {
    {"dissolved", WORDS_PAGE_WHY_DISSOLVED, NULL},
    {"merged", WORDS_PAGE_WHY_MERGED, NULL},
    {"left_programme", WORDS_PAGE_WHY_LEFT_PROGRAMME, NULL},
    {"data_error", WORDS_PAGE_WHY_DATA_ERROR, NULL},
    {"other", WORDS_PAGE_REASON_OTHER, NULL},
};
/* clang-format on */

const struct show_options organisation_kinds = {sizeof kinds / sizeof kinds[0], kinds};
const struct show_options organisation_reasons = {sizeof reasons / sizeof reasons[0], reasons};

bool programme_has_mailbox(const struct call *call, const struct programme *row, unsigned slot)
{
    for (size_t i = 0; i < rows_of(call, slot); i++) {
        const struct organisation *one = row_of(call, slot, i);

        if (one->state == ORGANISATION_STATE_OPEN && one->kind == ORGANISATION_KIND_ASSOCIATION)
            return true;
    }
    return row->mailbox;
}

enum words_key organisation_says(const struct organisation *row)
{
    return row->state == ORGANISATION_STATE_OPEN ? WORDS_PAGE_ORGANISATION_OPEN
                                                 : WORDS_PAGE_ORGANISATION_CLOSED;
}

size_t programme_languages(struct show_option *options)
{
    for (unsigned i = 0; i < WORDS_LANGUAGES; i++)
        options[i] = (struct show_option){show_language((enum language)i), WORDS_KEYS,
                                          show_own_name((enum language)i)};
    return WORDS_LANGUAGES;
}
