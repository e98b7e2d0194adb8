/* Ids of both sheets: who is named is there, and an id in both sheets is said to be one person or two. */
#pragma once

#include "match/people.h"

enum ids_world {
    IDS_UNSAID,    /* no id may be in both sheets */
    IDS_SAME,      /* the same id is the same person */
    IDS_DIFFERENT, /* each sheet counts for itself */
};

/* False if a fault was said, on standard error; that two ids of a sheet are nearly one is said, and none. */
bool ids_check(struct match_people *participants, const struct match_people *mentors,
               enum ids_world world);
