/* What was answered, in memory of the call's own. */
#include "rows.h"

#include <stdlib.h>
#include <string.h>

#include "base/crypto.h"
#include "contract/organisation.h"
#include "core/descriptor.h"
#include "core/life.h"

const struct called *name_of(const struct call *call, struct id person)
{
    for (size_t i = 0; i < call->names_sent; i++)
        if (id_equal(call->names[i].person, person) && call->names[i].name[0] != '\0')
            return &call->names[i];
    return NULL;
}

const char *words_of(const struct call *call, enum question_what what)
{
    return call->words[what] == NULL ? NULL : call->words[what]->words;
}

const void *row_of(const struct call *call, unsigned slot, size_t i)
{
    const struct rows *rows = &call->rows[slot];

    return i < rows->count ? rows->at + i * rows->record->row->size : NULL;
}

size_t rows_of(const struct call *call, unsigned slot)
{
    return call->rows[slot].count;
}

const char *organisation_name(const struct call *call, unsigned slot, struct id organisation)
{
    for (size_t i = 0; i < rows_of(call, slot); i++) {
        const struct organisation *row = row_of(call, slot, i);

        if (id_equal(row->id, organisation)) return row->name;
    }
    return NULL;
}

int64_t row_version(const struct call *call, unsigned slot)
{
    const struct descriptor *row = call->rows[slot].record->row;

    for (size_t i = 0; i < row->count; i++)
        if (strcmp(row->fields[i].name, "version") == 0)
            return *(const int64_t *)(const void *)(call->rows[slot].at + row->fields[i].offset);
    return 0;
}

/* The command's place in its contract; false: there is none. */
static bool place_of(const struct rows *rows, const char *command, size_t *place)
{
    const struct contract *contract = rows->contract;

    for (*place = 0; *place < contract->command_count; ++*place) {
        const char *name = contract->commands[*place].body->name;

        if (strcmp(strchr(name, '.') + 1, command) == 0) return true;
    }
    return false;
}

bool may_do(const struct call *call, unsigned slot, const char *command)
{
    const struct rows *rows = &call->rows[slot];
    size_t place;

    return rows->has_may && place_of(rows, command, &place) && (rows->may >> place & 1) != 0;
}

bool may_record(const struct call *call, unsigned slot, const char *command, const char *voice)
{
    const struct rows *rows = &call->rows[slot];
    size_t place;

    if (rows->record == NULL || !place_of(rows, command, &place)) return false;
    for (size_t of = 0; of < LIFE_VOICES; of++)
        if (strcmp(voice_words[of], voice) == 0) return (rows->voices[of] >> place & 1) != 0;
    return false;
}

bool step_is_mine(const struct call *call, struct id by, struct instant until)
{
    return id_equal(call->flight.who.actor, by) && call->pages->door.front.now_ms < until.ms;
}

bool step_is_my_word(const struct call *call, enum voice of, struct instant until)
{
    static const enum actor_role roles[] = {
        [VOICE_MENTOR] = ACTOR_ROLE_MENTOR,
        [VOICE_PARTICIPANT] = ACTOR_ROLE_PARTICIPANT,
        [VOICE_HOST] = ACTOR_ROLE_HOST,
        [VOICE_SUPERVISOR] = ACTOR_ROLE_SUPERVISOR,
    };

    return call->flight.who.role == roles[of] && call->pages->door.front.now_ms < until.ms;
}

void rows_drop(struct call *call, unsigned slot)
{
    struct rows *rows = &call->rows[slot];

    if (rows->at != NULL) crypto_wipe(rows->at, rows->count * rows->record->row->size);
    free(rows->at);
    *rows = (struct rows){.record = NULL};
}

void rows_forget(struct call *call)
{
    for (unsigned i = 0; i < CALL_ROWS; i++)
        rows_drop(call, i);
    if (call->names != NULL) crypto_wipe(call->names, CALL_NAMES * sizeof *call->names);
    free(call->names);
    call->names = NULL;
    call->names_sent = 0;
    for (size_t i = 0; i < CALL_WORDS; i++) {
        if (call->words[i] != NULL) crypto_wipe(call->words[i], sizeof *call->words[i]);
        free(call->words[i]);
        call->words[i] = NULL;
    }
}
