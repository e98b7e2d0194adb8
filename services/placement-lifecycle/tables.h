/* The numbers of this service's tables and indexes: the first byte of their keys. They are part of
 * what is on disk; a number that is no longer used is not given to another. */
#pragma once

enum {
    POSTINGS = 1,
    PLACEMENTS,
    DAYS,
    TRAINEES,
    SUPERVISORS,
    MENTORINGS,
    PLACEMENT_RULES,
};

enum {
    POSTINGS_BY_STATE = 1,
    PLACEMENTS_BY_STATE,
    PLACEMENTS_BY_REFERRAL,
    PLACEMENTS_SEATS,
    PLACEMENTS_OPEN_BY_PARTICIPANT,
    PLACEMENTS_OPEN_BY_REFERRAL,
    PLACEMENTS_OPEN_BY_SUPERVISOR,
    DAYS_BY_PLACEMENT,
    TRAINEES_BY_STATE,
    TRAINEES_BY_PERSON,
    MENTORINGS_CURRENT,
};
