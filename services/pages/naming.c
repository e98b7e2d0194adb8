/* People write and read what things are called; what is kept are codes (common/codes). */
#include "naming.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "codes/called.h"
#include "codes/codes.h"
#include "core/descriptor.h"
#include "letters/letters.h"

enum words_key name_role(enum actor_role role)
{
    static const enum words_key words[] = {
        [ACTOR_ROLE_COORDINATOR] = WORDS_EXPORT_WORD_COORDINATOR,
        [ACTOR_ROLE_PROGRAMME_ADMIN] = WORDS_EXPORT_WORD_PROGRAMME_ADMIN,
        [ACTOR_ROLE_MENTOR] = WORDS_EXPORT_WORD_MENTOR,
        [ACTOR_ROLE_PARTICIPANT] = WORDS_EXPORT_WORD_PARTICIPANT,
        [ACTOR_ROLE_GUARDIAN] = WORDS_EXPORT_WORD_GUARDIAN,
        [ACTOR_ROLE_HOST] = WORDS_EXPORT_WORD_HOST,
        [ACTOR_ROLE_SUPERVISOR] = WORDS_EXPORT_WORD_SUPERVISOR,
        [ACTOR_ROLE_COUNSELLOR] = WORDS_EXPORT_WORD_COUNSELLOR,
        [ACTOR_ROLE_DECISION_MAKER] = WORDS_EXPORT_WORD_DECISION_MAKER,
        [ACTOR_ROLE_VOLUNTEER_COORDINATOR] = WORDS_EXPORT_WORD_VOLUNTEER_COORDINATOR,
        [ACTOR_ROLE_DATA_PROTECTION_OFFICER] = WORDS_EXPORT_WORD_DATA_PROTECTION_OFFICER,
        [ACTOR_ROLE_AGENCY_SYSTEM] = WORDS_EXPORT_WORD_AGENCY_SYSTEM,
        [ACTOR_ROLE_TM] = WORDS_EXPORT_WORD_TM,
        [ACTOR_ROLE_SYS] = WORDS_EXPORT_WORD_SYS,
    };

    return words[role];
}

/* A name that has no room is left out with those behind it: half of one is none. */
static void add(char text[NAMES_SIZE], const char *name)
{
    const size_t used = strlen(text);

    if (used + strlen(name) + sizeof ", " > NAMES_SIZE) return;
    snprintf(text + used, NAMES_SIZE - used, "%s%s", used > 0 ? ", " : "", name);
}

void name_languages(const struct call *call, const struct spokens *languages, char text[NAMES_SIZE])
{
    text[0] = '\0';
    for (uint32_t i = 0; i < languages->count; i++)
        add(text, called_language(languages->at[i], call->language));
}

void name_occupations(const struct call *call, const struct occupations *occupations,
                      char text[NAMES_SIZE])
{
    text[0] = '\0';
    for (uint32_t i = 0; i < occupations->count; i++)
        add(text,
            called_occupation(occupations->at[i].scheme, occupations->at[i].code, call->language));
}

const char *name_municipality(const struct call *call, const char *code)
{
    return called_municipality(call->flight.who.country, code);
}

/* Whether a name is what was typed, folded. */
static bool is_typed(void *typed, const char *name)
{
    char *folded = letters_fold(name);
    const bool is = strcmp(folded, typed) == 0;

    free(folded);
    return is;
}

static char *fold(const char *typed)
{
    size_t size;
    char *clean = letters_clean(typed, strlen(typed), &size), *folded;

    folded = letters_fold(clean);
    free(clean);
    return folded;
}

const char *name_understand(const void *cookie, const struct field *field, const char *typed)
{
    const struct call *call = cookie;
    const bool is_language =
        field->form == FORM_LANGUAGE && codes_language(typed, strlen(typed)) == NULL;
    const char *code = NULL;
    char *folded;

    if (!is_language && field->form != FORM_MUNICIPALITY) return typed;
    folded = fold(typed);
    code = is_language ? called_language_code(is_typed, folded)
                       : called_municipality_code(call->flight.who.country, is_typed, folded);
    free(folded);
    return code == NULL ? typed : code;
}
