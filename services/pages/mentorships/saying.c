/* What a state is called to whom, and whose turn it is. */
#include "core/input.h"
#include "mentorships/mentorships.h"

/* clang-format off */
static const struct saying {
    enum mentorship_state state;
    unsigned roles;
    enum words_key says;
    bool waits; /* for them */
} sayings[] = {
    {MENTORSHIP_STATE_PROPOSED,    ROLE_CO | ROLE_PA, WORDS_PAGE_MENTORSHIP_PROPOSED_COORDINATOR, true},
    {MENTORSHIP_STATE_OFFERED,     ROLE_ME,           WORDS_PAGE_MENTORSHIP_OFFERED_MENTOR, true},
    {MENTORSHIP_STATE_OFFERED,     ~0u,               WORDS_PAGE_MENTORSHIP_OFFERED, false},
    {MENTORSHIP_STATE_ACCEPTED,    ROLE_ME,           WORDS_PAGE_MENTORSHIP_ACCEPTED_MENTOR, true},
    {MENTORSHIP_STATE_ACCEPTED,    ROLE_PT,           WORDS_PAGE_MENTORSHIP_ACCEPTED_PARTICIPANT, true},
    {MENTORSHIP_STATE_ACCEPTED,    ~0u,               WORDS_PAGE_MENTORSHIP_ACCEPTED, false},
    {MENTORSHIP_STATE_AGREED,      ROLE_ME,           WORDS_PAGE_MENTORSHIP_AGREED_MENTOR, true},
    {MENTORSHIP_STATE_AGREED,      ROLE_PT,           WORDS_PAGE_MENTORSHIP_AGREED_PARTICIPANT, false},
    {MENTORSHIP_STATE_AGREED,      ~0u,               WORDS_PAGE_MENTORSHIP_AGREED, false},
    {MENTORSHIP_STATE_ACTIVE,      ~0u,               WORDS_PAGE_MENTORSHIP_ACTIVE, false},
    {MENTORSHIP_STATE_ON_HOLD,     ~0u,               WORDS_PAGE_MENTORSHIP_ON_HOLD, false},
    {MENTORSHIP_STATE_COMPLETED,   ~0u,               WORDS_PAGE_MENTORSHIP_COMPLETED, false},
    {MENTORSHIP_STATE_DECLINED,    ~0u,               WORDS_PAGE_MENTORSHIP_DECLINED, false},
    {MENTORSHIP_STATE_WITHDRAWN,   ~0u,               WORDS_PAGE_MENTORSHIP_WITHDRAWN, false},
    {MENTORSHIP_STATE_EXPIRED,     ~0u,               WORDS_PAGE_MENTORSHIP_EXPIRED, false},
    {MENTORSHIP_STATE_ENDED_EARLY, ~0u,               WORDS_PAGE_MENTORSHIP_ENDED_EARLY, false},
    {MENTORSHIP_STATE_SUPERSEDED,  ~0u,               WORDS_PAGE_MENTORSHIP_SUPERSEDED, false},
};
/* clang-format on */

static const struct saying *saying_of(const struct mentorship *row, enum actor_role role)
{
    for (size_t i = 0; i < sizeof sayings / sizeof sayings[0]; i++)
        if (sayings[i].state == row->state && (sayings[i].roles >> role & 1) != 0)
            return &sayings[i];
    return NULL;
}

enum words_key mentorship_says(const struct mentorship *row, enum actor_role role)
{
    const struct saying *saying = saying_of(row, role);

    return saying == NULL ? WORDS_PAGE_MENTORSHIP_PROPOSED : saying->says;
}

/* Of what is accepted: as long as they have not signed themselves. A coordinator's turn it is too when a mentor waits for an answer. */
bool mentorship_waits_for(const struct mentorship *row, enum actor_role role)
{
    const struct saying *saying = saying_of(row, role);

    if (row->state == MENTORSHIP_STATE_ACCEPTED && role == ACTOR_ROLE_MENTOR)
        return !row->mentor_signed;
    if (row->state == MENTORSHIP_STATE_ACCEPTED && role == ACTOR_ROLE_PARTICIPANT)
        return !row->participant_signed;
    if (row->has_asked_at && role == ACTOR_ROLE_COORDINATOR) return true;
    return saying != NULL && saying->waits;
}

bool mentorship_has_place(const struct mentorship *row)
{
    return row->state == MENTORSHIP_STATE_OFFERED || row->state == MENTORSHIP_STATE_ACCEPTED ||
           row->state == MENTORSHIP_STATE_AGREED || row->state == MENTORSHIP_STATE_ACTIVE ||
           row->state == MENTORSHIP_STATE_ON_HOLD;
}

bool mentorship_is_open_to(const struct mentorship *row, enum actor_role role)
{
    if (role == ACTOR_ROLE_COORDINATOR || role == ACTOR_ROLE_PROGRAMME_ADMIN) return true;
    return (role == ACTOR_ROLE_MENTOR || role == ACTOR_ROLE_PARTICIPANT) && row->mentor_signed &&
           row->participant_signed;
}

struct id mentorship_other(const struct mentorship *row, enum actor_role role)
{
    return role == ACTOR_ROLE_PARTICIPANT ? row->mentor : row->participant;
}
