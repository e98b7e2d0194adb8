/* What forms about a new mentor choose from. */
#include "contract/organisation.h"
#include "mentors/mentors.h"
#include "rows.h"

size_t mentors_organisations(const struct call *call, unsigned slot,
                             struct show_option options[MENTORS_ORGANISATIONS_MAX],
                             char ids[MENTORS_ORGANISATIONS_MAX][ID_TEXT_SIZE])
{
    const struct who *who = &call->flight.who;
    const bool is_bound = who->role == ACTOR_ROLE_COORDINATOR && who->has_organisation;
    size_t count = 0;

    for (size_t i = 0; i < rows_of(call, slot) && count < MENTORS_ORGANISATIONS_MAX; i++) {
        const struct organisation *row = row_of(call, slot, i);

        if (row->state != ORGANISATION_STATE_OPEN || row->kind == ORGANISATION_KIND_AGENCY)
            continue;
        if (is_bound && !id_equal(row->id, who->organisation))
            continue; /* others' are not theirs to add to */
        id_write(row->id, ids[count]);
        options[count] = (struct show_option){ids[count], WORDS_KEYS, row->name};
        count++;
    }
    return count;
}

void mentors_languages(struct show_option options[WORDS_LANGUAGES])
{
    for (unsigned i = 0; i < WORDS_LANGUAGES; i++)
        options[i] = (struct show_option){show_language((enum language)i), WORDS_KEYS,
                                          show_own_name((enum language)i)};
}
