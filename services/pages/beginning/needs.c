/* What is there is asked for as the admin sees it: so nothing here tells anybody more than the pages that it leads to. */
#include "beginning/needs.h"

#include "asking.h"
#include "contract/endpoint.h"
#include "contract/mentor.h"
#include "contract/organisation.h"
#include "contract/partner.h"
#include "contract/person.h"
#include "contract/programme.h"
#include "core/input.h"
#include "programme/organising.h"
#include "rows.h"

enum {
    PROGRAMME = 0,
    ORGANISATIONS = 1,
    PARTNERS = 2,
    ENDPOINTS = 3,
    MENTORS = 4,
    REFERRALS = 5,
    PEOPLE = 6, /* and the slots behind it: of an organisation each */
};

/* Whose people matter here: who decides, and who refers. */
static bool is_asked_for(const struct organisation *row)
{
    return row->state == ORGANISATION_STATE_OPEN &&
           (row->kind == ORGANISATION_KIND_ASSOCIATION || row->kind == ORGANISATION_KIND_AGENCY);
}

static void ask_people(struct call *call)
{
    unsigned slot = PEOPLE;

    for (size_t i = 0; i < rows_of(call, ORGANISATIONS) && slot < CALL_ROWS; i++) {
        const struct organisation *row = row_of(call, ORGANISATIONS, i);

        if (is_asked_for(row)) ask_list_of(call, slot++, "person", "organisation", row->id);
    }
}

void needs_ask(struct call *call)
{
    if (call->step == 0) {
        ask_one(call, PROGRAMME, "programme", call->flight.who.programme, true);
        ask_list(call, ORGANISATIONS, "organisation", NULL, NULL);
        ask_list(call, PARTNERS, "partner", "state", partner_state_words[PARTNER_STATE_ACTIVE]);
        ask_list(call, ENDPOINTS, "endpoint", "state", endpoint_state_words[ENDPOINT_STATE_ACTIVE]);
        ask_list(call, MENTORS, "mentor", "state", mentor_state_words[MENTOR_STATE_ACTIVE]);
        ask_any(call, REFERRALS, "referral");
    }
    if (call->step == 1) ask_people(call);
}

/* What is there. */

static bool was_looked_at(const struct call *call, enum programme_looked_at what)
{
    const struct programme *row = row_of(call, PROGRAMME, 0);

    for (uint32_t i = 0; i < row->looked.count; i++)
        if (row->looked.at[i] == what) return true;
    return false;
}

static bool has_kind(const struct call *call, enum organisation_kind kind)
{
    for (size_t i = 0; i < rows_of(call, ORGANISATIONS); i++) {
        const struct organisation *row = row_of(call, ORGANISATIONS, i);

        if (row->state == ORGANISATION_STATE_OPEN && row->kind == kind) return true;
    }
    return false;
}

/* Somebody whose part it is today. */
static bool has_part(const struct call *call, enum person_part part)
{
    const struct date today = page_today(call);

    for (unsigned slot = PEOPLE; slot < CALL_ROWS; slot++)
        for (size_t i = 0; i < rows_of(call, slot); i++) {
            const struct person *row = row_of(call, slot, i);

            for (uint32_t n = 0; row->state == PERSON_STATE_ACTIVE && n < row->roles.count; n++)
                if (row->roles.at[n].part == part && row->roles.at[n].from.day <= today.day)
                    return true;
        }
    return false;
}

static bool has_places(const struct call *call)
{
    for (size_t i = 0; i < rows_of(call, MENTORS); i++) {
        const struct mentor *row = row_of(call, MENTORS, i);

        if (row->has_capacity && row->capacity > 0) return true;
    }
    return false;
}

/* Where somebody may be placed, an agency decides whether that ends. */
static bool has_host(const struct call *call)
{
    return has_kind(call, ORGANISATION_KIND_MUSEUM_ASSOCIATION) ||
           has_kind(call, ORGANISATION_KIND_EMPLOYER) || has_kind(call, ORGANISATION_KIND_FARM) ||
           has_kind(call, ORGANISATION_KIND_SOCIAL_ENTERPRISE);
}

/* What comes of it. */

static void add(struct need needs[NEEDS_MAX], size_t *count, enum words_key what,
                enum words_key why, const char *path, bool is_done)
{
    needs[(*count)++] = (struct need){what, why, path, is_done};
}

size_t needs_find(const struct call *call, struct need needs[NEEDS_MAX])
{
    const struct programme *row = row_of(call, PROGRAMME, 0);
    size_t count = 0;

    add(needs, &count, WORDS_PAGE_BEGINNING_MAILBOX, WORDS_PAGE_BEGINNING_MAILBOX_WHY, "/programme",
        programme_has_mailbox(call, row, ORGANISATIONS));
    add(needs, &count, WORDS_PAGE_BEGINNING_RULES, WORDS_PAGE_BEGINNING_RULES_WHY, "/programme",
        was_looked_at(call, PROGRAMME_LOOKED_AT_RULES));
    add(needs, &count, WORDS_PAGE_BEGINNING_TEXTS, WORDS_PAGE_BEGINNING_TEXTS_WHY, "/programme",
        was_looked_at(call, PROGRAMME_LOOKED_AT_TEXTS));
    add(needs, &count, WORDS_PAGE_BEGINNING_ASSOCIATION, WORDS_PAGE_BEGINNING_ASSOCIATION_WHY,
        "/organisations", has_kind(call, ORGANISATION_KIND_ASSOCIATION));
    add(needs, &count, WORDS_PAGE_BEGINNING_COORDINATOR, WORDS_PAGE_BEGINNING_COORDINATOR_WHY,
        "/people/new", has_part(call, PERSON_PART_COORDINATOR));
    add(needs, &count, WORDS_PAGE_BEGINNING_MENTORS, WORDS_PAGE_BEGINNING_MENTORS_WHY, "/mentors",
        has_places(call));
    add(needs, &count, WORDS_PAGE_BEGINNING_AGENCY, WORDS_PAGE_BEGINNING_AGENCY_WHY,
        "/organisations", has_kind(call, ORGANISATION_KIND_AGENCY));
    add(needs, &count, WORDS_PAGE_BEGINNING_PARTNER, WORDS_PAGE_BEGINNING_PARTNER_WHY, "/partners",
        rows_of(call, PARTNERS) > 0);
    add(needs, &count, WORDS_PAGE_BEGINNING_ANSWERS, WORDS_PAGE_BEGINNING_ANSWERS_WHY, "/partners",
        rows_of(call, ENDPOINTS) > 0 || has_part(call, PERSON_PART_COUNSELLOR));
    if (has_host(call))
        add(needs, &count, WORDS_PAGE_BEGINNING_DECIDER, WORDS_PAGE_BEGINNING_DECIDER_WHY,
            "/people/new", has_part(call, PERSON_PART_DECISION_MAKER));
    add(needs, &count, WORDS_PAGE_BEGINNING_REFERRAL, WORDS_PAGE_BEGINNING_REFERRAL_WHY,
        "/referrals", rows_of(call, REFERRALS) > 0);
    return count;
}
