/* What has been given of what an agency was asked for. */
#include "referral/info.h"

#include "core/patch.h"
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

/* What is new of who it is. Its words are gone, and that they were there is left. */
static unsigned said_of(const struct referral_person_change *person)
{
    return if_so(person->has_email || person->has_phone || person->has_address,
                 REFERRAL_INFO_CONTACT) |
           if_so(person->has_birth_date, REFERRAL_INFO_BIRTH_DATE) |
           if_so(person->has_goals, REFERRAL_INFO_GOALS);
}

#define DIFFERS(a, b) (memcmp(&(a), &(b), sizeof(a)) != 0)

unsigned referral_info_brought(const struct referral *before, const struct referral *after,
                               const struct referral_receive *said)
{
    struct referral_person_change person = {0};

    patch_carry(&referral_person_descriptor, &said->person, &referral_person_change_descriptor,
                &person);
    return said_of(&person) |
           if_so(said->has_municipality && person_is_protected(after->protection),
                 REFERRAL_INFO_MUNICIPALITY) |
           if_so(after->has_municipality && DIFFERS(after->municipality, before->municipality),
                 REFERRAL_INFO_MUNICIPALITY) |
           if_so(said->languages.count > 0 && person_is_protected(after->protection),
                 REFERRAL_INFO_LANGUAGES) |
           if_so(said->occupations.count > 0 && person_is_protected(after->protection),
                 REFERRAL_INFO_OCCUPATIONS) |
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
