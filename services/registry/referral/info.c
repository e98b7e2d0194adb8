/* What has been given of what an agency was asked for. */
#include "referral/info.h"

#include "person/person.h"
#include "referral/settle.h"

enum { INFOS = REFERRAL_INFO_OTHER + 1 };

static unsigned bit(unsigned info)
{
    return 1u << info;
}

unsigned referral_info_in(const struct referral_asks *asks)
{
    unsigned set = 0;

    for (uint32_t i = 0; i < asks->count; i++)
        set |= bit(asks->at[i]);
    return set;
}

struct referral_asks referral_info_list(unsigned set)
{
    struct referral_asks list = {0};

    for (unsigned info = 0; info < INFOS; info++)
        if ((set & bit(info)) != 0) list.at[list.count++] = (enum referral_info)info;
    return list;
}

static unsigned if_so(bool is_so, enum referral_info info)
{
    return is_so ? bit(info) : 0;
}

/* What is said of who it is. Its words are gone, and that they were there is left. */
static unsigned said_of(const struct referral_person_change *person)
{
    return if_so(person->has_email || person->has_phone || person->has_address,
                 REFERRAL_INFO_CONTACT) |
           if_so(person->has_birth_date, REFERRAL_INFO_BIRTH_DATE) |
           if_so(person->has_goals, REFERRAL_INFO_GOALS);
}

#define DIFFERS(a, b) (memcmp(&(a), &(b), sizeof(a)) != 0)
#define IS_NEW(before, after, field) \
    ((after)->has_##field && (!(before)->has_##field || DIFFERS((after)->field, (before)->field)))

/* Who is under protection now had it told until now, and the vault took it from there. */
static const char *place_known(const struct referral *row, const struct person_details *before)
{
    if (before->has_municipality) return before->municipality;
    return row->has_place_kept ? row->place_kept : row->municipality;
}

static bool has_new_place(const struct referral *row, const struct person_details *before,
                          const struct person_details *after)
{
    return after->has_municipality && strcmp(after->municipality, place_known(row, before)) != 0;
}

static bool has_new_languages(const struct referral *row, const struct person_kept *before,
                              const struct person_kept *after)
{
    const struct spokens *known = before->has_languages ? &before->languages : &row->languages;

    return after->has_languages && after->languages.count > 0 && DIFFERS(after->languages, *known);
}

static bool has_new_occupations(const struct referral *row, const struct person_kept *before,
                                const struct person_kept *after)
{
    const struct occupations *known =
        before->has_occupations ? &before->occupations : &row->occupations;

    return after->has_occupations && after->occupations.count > 0 &&
           DIFFERS(after->occupations, *known);
}

unsigned referral_info_sealed(const struct referral *row, const struct person_details *before,
                              const struct person_details *after)
{
    return if_so(IS_NEW(before, after, email) || IS_NEW(before, after, phone) ||
                     IS_NEW(before, after, address),
                 REFERRAL_INFO_CONTACT) |
           if_so(IS_NEW(before, after, birth_date), REFERRAL_INFO_BIRTH_DATE) |
           if_so(IS_NEW(before, after, goals), REFERRAL_INFO_GOALS) |
           if_so(has_new_place(row, before, after), REFERRAL_INFO_MUNICIPALITY) |
           if_so(has_new_languages(row, &before->kept, &after->kept), REFERRAL_INFO_LANGUAGES) |
           if_so(has_new_occupations(row, &before->kept, &after->kept), REFERRAL_INFO_OCCUPATIONS);
}

unsigned referral_info_brought(const struct referral *before, const struct referral *after,
                               unsigned sealed)
{
    return sealed |
           if_so(after->has_municipality && DIFFERS(after->municipality, before->municipality),
                 REFERRAL_INFO_MUNICIPALITY) |
           if_so(after->languages.count > 0 && DIFFERS(after->languages, before->languages),
                 REFERRAL_INFO_LANGUAGES) |
           if_so(after->occupations.count > 0 && DIFFERS(after->occupations, before->occupations),
                 REFERRAL_INFO_OCCUPATIONS) |
           if_so(after->has_consented_on && DIFFERS(after->consented_on, before->consented_on),
                 REFERRAL_INFO_CONSENT);
}

unsigned referral_info_given(const struct referral *row, const struct referral_input *in)
{
    const struct referral_give_info *ask = &in->referral_give_info;
    const unsigned given = (ask->has_given ? referral_info_in(&ask->given) : 0) |
                           said_of(&ask->person) |
                           if_so(ask->has_municipality, REFERRAL_INFO_MUNICIPALITY) |
                           if_so(ask->has_languages, REFERRAL_INFO_LANGUAGES) |
                           if_so(ask->has_occupations, REFERRAL_INFO_OCCUPATIONS) |
                           if_so(ask->has_consented_on, REFERRAL_INFO_CONSENT);
    const bool is_empty = given == 0 && !ask->has_person;

    return is_empty ? referral_info_in(&row->missing) : given;
}

void referral_say_given(const struct referral *row, unsigned given, struct referral_events *out)
{
    const unsigned open = referral_info_in(&row->missing);
    struct referral_info_given *said =
        &referral_say(row, REFERRAL_INFO_GIVEN, out)->referral_info_given;

    said->has_given = (open & given) != 0;
    said->given = referral_info_list(open & given);
    said->has_missing = (open & ~given) != 0;
    said->missing = referral_info_list(open & ~given);
    said->has_outcome = true;
    said->outcome = said->has_missing ? REFERRAL_ANSWERED_PART : REFERRAL_ANSWERED_ALL;
}
