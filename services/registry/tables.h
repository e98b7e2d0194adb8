/* The numbers of the registry's tables and indexes. They are part of the keys on disk: a number that
 * is no longer used is not given to another. */
#pragma once

enum registry_table {
    PROGRAMMES = 1,
    ORGANISATIONS,
    PERSONS,
    REFERRALS,
    LINKS,
    PARTNERS,
    TOKENS,
    ENDPOINTS,
};

enum registry_index {
    PROGRAMMES_BY_SLUG = 1,
    ORGANISATIONS_BY_STATE,
    PERSONS_BY_ORGANISATION,
    REFERRALS_BY_EXTERNAL_ID,
    REFERRALS_BY_STATE,
    LINKS_BY_REFERRAL,
    LINKS_BY_PARTICIPANT,
    PARTNERS_BY_STATE,
    TOKENS_BY_HASH,
    ENDPOINTS_BY_PARTNER,
    TOKENS_BY_PERSON,
    REFERRALS_BY_ORGANISATION,
    REFERRALS_BY_PERSON,
    PERSONS_BY_AGENCY,
    LINKS_BY_OTHER,
    LINKS_BY_HOST,
    REFERRALS_BY_NAME,
    PARTNERS_BY_ORGANISATION,
    ORGANISATIONS_BY_PARENT,
    TOKENS_OF_PERSON,
    LINKS_OF_REFERRAL,
};
