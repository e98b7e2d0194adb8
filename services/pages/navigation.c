/* One table of ways. */
#include "navigation.h"

#include <string.h>

#include "core/input.h"
#include "naming.h"
#include "pages.h"
#include "placements/placements.h"

static const struct way {
    const char *path;
    enum words_key label;
    unsigned roles;
} ways[] = {
    {"/", WORDS_PAGE_NAV_TODAY, ~0u},
    {"/referrals", WORDS_PAGE_NAV_REFERRALS, ROLE_CO | ROLE_PA | ROLE_CN},
    {"/mentors", WORDS_PAGE_NAV_MENTORS, ROLE_CO | ROLE_PA},
    {"/mentorships", WORDS_PAGE_NAV_MENTORSHIPS, ROLE_CO | ROLE_PA | ROLE_ME | ROLE_PT | ROLE_CN},
    {"/placements", WORDS_PAGE_NAV_PLACEMENTS, PLACEMENTS_SEEN_BY},
    {"/people", WORDS_PAGE_NAV_PEOPLE, ROLE_PA},
    {"/organisations", WORDS_PAGE_NAV_ORGANISATIONS, ROLE_PA},
    {"/partners", WORDS_PAGE_NAV_PARTNERS, ROLE_PA},
    {"/tokens", WORDS_PAGE_NAV_TOKENS, ROLE_PA},
    {"/programme", WORDS_PAGE_NAV_PROGRAMME, ROLE_PA},
    {"/health", WORDS_PAGE_NAV_HEALTH, ROLE_PA},
    {"/audit", WORDS_PAGE_NAV_AUDIT, ROLE_PA | ROLE_DP},
    {"/me", WORDS_PAGE_NAV_ME, ~(unsigned)ROLE_PA},
};

size_t navigation_find(const struct call *call, struct frame_links links[NAVIGATION_MAX])
{
    size_t count = 0;

    if (!call->is_signed_in || call->has_about) return 0;
    for (size_t i = 0; i < sizeof ways / sizeof ways[0]; i++)
        if ((ways[i].roles >> call->flight.who.role & 1) != 0)
            links[count++] = (struct frame_links){
                .path = ways[i].path,
                .label = ways[i].label,
                .is_here = strcmp(call->request->path, ways[i].path) == 0,
            };
    return count;
}

size_t navigation_roles(const struct call *call, struct frame_roles roles[NAVIGATION_ROLES_MAX])
{
    size_t count = 0;

    if (!call->is_signed_in || call->has_about) return 0;
    for (unsigned i = 0; i < NAVIGATION_ROLES_MAX; i++)
        if ((call->roles >> i & 1) != 0 && i != (unsigned)call->flight.who.role)
            roles[count++] = (struct frame_roles){.code = actor_role_words[i],
                                                  .name = name_role((enum actor_role)i)};
    return count;
}

size_t navigation_languages(const struct call *call,
                            struct frame_languages languages[WORDS_LANGUAGES])
{
    size_t count = 0;

    for (unsigned i = 0; i < WORDS_LANGUAGES; i++)
        if ((enum language)i != call->language)
            languages[count++] = (struct frame_languages){
                .code = language_words[i],
                .direction = show_direction((enum language)i),
                .name = show_own_name((enum language)i),
            };
    return count;
}
