/* The numbers of this service's tables and indexes: the first byte of their keys. They are part of
 * what is on disk; a number that is no longer used is not given to another. */
#pragma once

enum {
    MESSAGES = 1,
    DELIVERIES,
    MATTERS,
    TENANTS,
    OUTLETS,
    REQUESTS,
    AFFILIATIONS,
    RECIPIENTS,
    CLEARANCES,
    SECRECIES,
    PROGRESSES,
};

enum {
    DELIVERIES_DUE = 1,
    OUTLETS_BY_PARTNER,
    DELIVERIES_BY_PARTNER,
    DELIVERIES_BY_TO,
    MESSAGES_BY_TO,
    MESSAGES_BY_PROGRAMME,
    DELIVERIES_BY_PROGRAMME,
    RECIPIENTS_BY_PROGRAMME,
    MATTERS_BY_PERSON,
    CLEARANCES_OF_PROGRAMME,
    DELIVERIES_WAITING,
    MESSAGES_ABOUT,
    OUTLETS_WAITING,
    DELIVERIES_TO_GO,
};
