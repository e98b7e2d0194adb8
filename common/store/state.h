/* The maps of a service's state: all of it a fold of the journal (store.h: STORE_VIEW). */
#pragma once

enum state_map {
    STATE_ROWS,       /* table number, id -> row (table.h) */
    STATE_INDEXES,    /* index number, fields, id -> nothing (table.h) */
    STATE_ANSWERS,    /* command id -> what was answered (answers.c) */
    STATE_DEADLINES,  /* due, table, id -> since, or after whom (deadlines.c) */
    STATE_KEYS,       /* owner -> key of the vault that seals what is theirs (fold.c) */
    STATE_QUARANTINE, /* inputs that are set aside (quarantine.c) */
    STATE_STRIKES,    /* of whom what may be struck, and where it stands (strikes.c) */
    STATE_META,       /* "stands": where the journal stood; "from <service>": what was consumed;
                         "ring": which has the keys */
    STATE_MAPS
};

extern const char *const state_maps[STATE_MAPS + 1];
