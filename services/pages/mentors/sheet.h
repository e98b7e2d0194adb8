/* Mentors from a spreadsheet: each row is somebody new, as the form for one would say it, and what is wrong with it is what is wrong
 * with that. */
#pragma once

#include "contract/person.h"
#include "naming.h"
#include "pages.h"

enum { MENTOR_SHEET_ROWS = 200, MENTOR_SHEET_FAULTS = 50, MENTOR_NAME_SIZE = 2 * 4 * 80 + 2 };

/* What a column is of, in the order in which they are named to people. */
enum mentor_column {
    MENTOR_COLUMN_GIVEN_NAME,
    MENTOR_COLUMN_FAMILY_NAME,
    MENTOR_COLUMN_EMAIL,
    MENTOR_COLUMN_PHONE,
    MENTOR_COLUMN_LANGUAGES,
    MENTOR_COLUMN_MUNICIPALITY,
    MENTOR_COLUMN_OCCUPATION,
    MENTOR_COLUMN_LANGUAGE,
    MENTOR_COLUMN_PLACES, /* the last: not of everybody's sheets */
    MENTOR_COLUMNS
};

/* What will happen to a row, and what has. */
enum mentor_row_fate {
    MENTOR_ROW_NEW,       /* will be added */
    MENTOR_ROW_THERE,     /* is there: nothing happens */
    MENTOR_ROW_CALLED,    /* somebody is there who is called so, and more is not said: likewise */
    MENTOR_ROW_NO_MENTOR, /* is there, and no mentor: likewise */
    MENTOR_ROW_PLACES, /* is there, and nobody has said how many places they have: they get those */
    MENTOR_ROW_ADDED,  /* is added */
    MENTOR_ROW_PLACELESS, /* is added, but for their places */
    MENTOR_ROW_PLACED,    /* was there, and has the places now */
    MENTOR_ROW_REFUSED,   /* was not taken */
};

struct mentor_sheet_row {
    size_t number; /* as a spreadsheet counts */
    bool is_faulty;
    struct person_register person;
    char name[MENTOR_NAME_SIZE];
    char *folded; /* that, to compare */
    bool has_places;
    int64_t places;
    enum mentor_row_fate fate;
    struct id id; /* of who is there, or was added */
    char why[ERROR_TEXT_MAX];
    char languages[NAMES_SIZE]; /* for people */
};

/* What has to be put right. */
struct mentor_sheet_fault {
    size_t number;                  /* of the row */
    const char *who;                /* it is about; lives as long as the sheet, or NULL */
    enum words_key column;          /* WORDS_KEYS: it is about the row, or the column */
    char unknown[MENTOR_NAME_SIZE]; /* that is called so; "": none */
    enum words_key what;            /* or, WORDS_KEYS, what another row says too, */
    size_t other;                   /* or, 0, */
    char said[ERROR_TEXT_MAX];      /* what is said of the command's field */
};

struct mentor_sheet {
    enum words_key trouble; /* WORDS_KEYS: as such it can be read */
    size_t count, fault_count;
    bool has_more_faults;
    struct mentor_sheet_row rows[MENTOR_SHEET_ROWS];
    struct mentor_sheet_fault
        faults[MENTOR_SHEET_FAULTS + 1]; /* and room for one that is not kept */
};

/* How many of the columns there are for who asks, from the first on. */
unsigned mentor_columns(const struct call *call);
/* What the column is called. */
enum words_key mentor_column_label(enum mentor_column column);

/* Take apart what a form has of a sheet: of that organisation, and where the sheet does not say, with mails in that language; both as the
 * form has them. It lives until it is freed. */
struct mentor_sheet *mentor_sheet_read(const struct call *call, const char *text,
                                       const char *organisation, const char *language);
/* It is wiped. */
void mentor_sheet_free(struct mentor_sheet *sheet);

/* Somebody's name as letters_fold has it: the row says no more of who it is, and is called so. */
bool mentor_row_is_called(const struct mentor_sheet_row *row, const char *folded);
