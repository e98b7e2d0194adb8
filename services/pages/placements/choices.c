/* What forms of placements offer, and the names that their pages ask for. */
#include <string.h>

#include "asking.h"
#include "contract/person.h"
#include "core/form.h"
#include "core/input.h"
#include "placements/placements.h"
#include "rows.h"

/* clang-format off */
static const struct show_option activities[] = {
    [PLACEMENT_ACTIVITY_WORK] = {"work", WORDS_PAGE_DAY_BOOK_WORK, NULL},
    [PLACEMENT_ACTIVITY_TRAINING] = {"training", WORDS_PAGE_DAY_BOOK_TRAINING, NULL},
    [PLACEMENT_ACTIVITY_LANGUAGE_TRAINING] = {"language_training", WORDS_PAGE_DAY_BOOK_LANGUAGE_TRAINING, NULL},
    [PLACEMENT_ACTIVITY_ABSENT_ILL] = {"absent_ill", WORDS_PAGE_DAY_BOOK_ABSENT_ILL, NULL},
    [PLACEMENT_ACTIVITY_ABSENT_EXCUSED] = {"absent_excused", WORDS_PAGE_DAY_BOOK_ABSENT_EXCUSED, NULL},
    [PLACEMENT_ACTIVITY_ABSENT_UNEXCUSED] = {"absent_unexcused", WORDS_PAGE_DAY_BOOK_ABSENT_UNEXCUSED, NULL},
    [PLACEMENT_ACTIVITY_ABSENT] = {"absent", WORDS_PAGE_DAY_BOOK_ABSENT, NULL},
};

static const struct show_option voices[PLACEMENT_VOICES] = {
    {"participant", WORDS_PAGE_PLACEMENT_PARTICIPANT, NULL},
    {"supervisor", WORDS_PAGE_PLACEMENT_SUPERVISOR, NULL},
    {"host", WORDS_PAGE_PLACEMENT_HOST, NULL},
};
/* clang-format on */

/* Nobody writes down that they do not know why. */
const struct show_options placement_activities = {PLACEMENT_ACTIVITY_ABSENT, activities};

enum words_key placement_activity_word(enum placement_activity activity)
{
    return activities[activity].label;
}

size_t placement_voices(const struct call *call, unsigned slot, const char *command,
                        struct show_option at[PLACEMENT_VOICES])
{
    size_t count = 0;

    for (size_t i = 0; i < PLACEMENT_VOICES; i++)
        if (may_record(call, slot, command, voices[i].value)) at[count++] = voices[i];
    return count;
}

void placement_drop_behalf(struct form *form)
{
    bool says_anything = false;

    for (size_t i = 0; i < form->count; i++)
        if (strncmp(form->at[i].name, "behalf.", 7) == 0 && form->at[i].value[0] != '\0')
            says_anything = true;
    for (size_t i = 0; !says_anything && i < form->count; i++)
        if (strncmp(form->at[i].name, "behalf.", 7) == 0) form->at[i].name = "_behalf";
}

/* A decision-maker decides without the name; a participant hears who supervises once the agreement is approved. */
void placement_ask_names(struct call *call, const struct placement *row, bool with_supervisor)
{
    const enum actor_role role = call->flight.who.role;
    const enum person_purpose purpose = ask_purpose(role);
    const unsigned of_participant = ROLE_CO | ROLE_PA | ROLE_HO | ROLE_SU | ROLE_CN;
    const unsigned of_supervisor = ROLE_CO | ROLE_PA | ROLE_PT;

    if ((of_participant >> role & 1) != 0) ask_person(call, row->participant, purpose, false);
    if (!with_supervisor || !row->has_supervisor || (of_supervisor >> role & 1) == 0) return;
    if (role != ACTOR_ROLE_PARTICIPANT || row->agreement)
        ask_person(call, row->supervisor, purpose, false);
}
