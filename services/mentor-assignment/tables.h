/* The numbers of this service's tables and indexes: the first byte of their keys. They are part of
 * what is on disk; a number that is no longer used is not given to another. */
#pragma once

enum {
    MENTORS = 1,
    MENTEES,
    MATCHING_RULES,
    SUPERVISIONS,
    MENTORSHIPS,
    MUNICIPALITIES,
};

enum {
    MENTORS_BY_STATE = 1,
    MENTORS_AVAILABLE,
    MENTEES_BY_STATE,
    MENTEES_BY_PERSON,
    MENTEES_SEEKING,
    SUPERVISIONS_CURRENT,
    MENTORSHIPS_BY_STATE,
    MENTORSHIPS_BY_REFERRAL,
    MENTORSHIPS_PLACES,
    MENTORSHIPS_OPEN_BY_MENTOR,
    MENTORSHIPS_OPEN_BY_PARTICIPANT,
    MENTORSHIPS_OPEN_BY_REFERRAL,
    MENTORSHIPS_PAST,
    MUNICIPALITIES_BY_CODE,
    MENTORSHIPS_SUGGESTED,
    MENTORSHIPS_PAST_OF,
};
