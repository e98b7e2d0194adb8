/* Placements: those that somebody may see, one of them, and its day book. */
#pragma once

#include "contract/person.h"
#include "contract/placement.h"
#include "core/input.h"
#include "pages.h"

extern const struct page placements_page, placements_file, placement_page, day_book_page;

enum {
    PLACEMENTS_SEEN_BY = ROLE_CO | ROLE_PA | ROLE_HO | ROLE_SU | ROLE_PT | ROLE_CN | ROLE_DM,
    DAYS_SEEN_BY = ROLE_CO | ROLE_PA | ROLE_HO | ROLE_SU | ROLE_PT | ROLE_CN,
    PLACEMENT_REQUIREMENTS_SHOWN = 5
};

/* How it stands, for who looks at it. */
enum words_key placement_says(const struct placement *row, enum actor_role role);
/* Whether who looks at it has to do something for it to go on; today: where it is. */
bool placement_waits_for(const struct placement *row, enum actor_role role, struct date today);
/* The last day for that; 0: there is none. */
struct date placement_deadline(const struct placement *row, enum actor_role role);
bool placement_meets(const struct placement *row, enum placement_requirement kind);
/* Whether they are asked what it has led to. */
bool placement_asks_outcome(const struct placement *row, enum actor_role role);
/* Whether it is under way, or is to be. */
bool placement_goes_on(const struct placement *row);

/* Ask for the participant's name, and who supervises, where who looks may know them. */
void placement_ask_names(struct call *call, const struct placement *row, bool with_supervisor);

/* What forms of placements offer. */
extern const struct show_options placement_activities;
enum { PLACEMENT_VOICES = 3 };
/* For whom a command may be written down; how many. */
size_t placement_voices(const struct call *call, unsigned slot, const char *command,
                        struct show_option at[PLACEMENT_VOICES]);
/* Of a form that somebody says for themself the fields of another's word stand empty: they say nothing. */
void placement_drop_behalf(struct form *form);
enum words_key placement_activity_word(enum placement_activity activity);
