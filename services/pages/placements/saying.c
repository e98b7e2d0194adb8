/* What a state is called to whom, and whose turn it is. */
#include "core/input.h"
#include "placements/placements.h"

#define WRITERS  (ROLE_SU | ROLE_HO)
#define READYING (ROLE_SU | ROLE_HO | ROLE_CO | ROLE_CN)

/* clang-format off */
static const struct saying {
    enum placement_state state;
    unsigned roles;
    enum words_key says;
    unsigned waiting; /* for whom */
} sayings[] = {
    {PLACEMENT_STATE_PLANNED,     ROLE_PT,  WORDS_PAGE_PLACEMENT_PLANNED_PARTICIPANT, 0},
    {PLACEMENT_STATE_PLANNED,     ~0u,      WORDS_PAGE_PLACEMENT_PLANNED, READYING},
    {PLACEMENT_STATE_READY,       ROLE_PT,  WORDS_PAGE_PLACEMENT_READY_PARTICIPANT, 0},
    {PLACEMENT_STATE_READY,       WRITERS,  WORDS_PAGE_PLACEMENT_READY_HOST, WRITERS},
    {PLACEMENT_STATE_READY,       ~0u,      WORDS_PAGE_PLACEMENT_READY, 0},
    {PLACEMENT_STATE_STARTED,     ROLE_PT,  WORDS_PAGE_PLACEMENT_STARTED_PARTICIPANT, 0},
    {PLACEMENT_STATE_STARTED,     WRITERS,  WORDS_PAGE_PLACEMENT_STARTED_HOST, 0},
    {PLACEMENT_STATE_STARTED,     ~0u,      WORDS_PAGE_PLACEMENT_STARTED, 0},
    {PLACEMENT_STATE_INTERRUPTED, ~0u,      WORDS_PAGE_PLACEMENT_INTERRUPTED, 0},
    {PLACEMENT_STATE_NO_SHOW,     ROLE_PT,  WORDS_PAGE_PLACEMENT_NO_SHOW_PARTICIPANT, 0},
    {PLACEMENT_STATE_NO_SHOW,     ~0u,      WORDS_PAGE_PLACEMENT_NO_SHOW, 0},
    {PLACEMENT_STATE_COMPLETED,   ROLE_PT,  WORDS_PAGE_PLACEMENT_COMPLETED_PARTICIPANT, 0},
    {PLACEMENT_STATE_COMPLETED,   WRITERS,  WORDS_PAGE_PLACEMENT_COMPLETED_HOST, WRITERS},
    {PLACEMENT_STATE_COMPLETED,   ~0u,      WORDS_PAGE_PLACEMENT_COMPLETED, 0},
    {PLACEMENT_STATE_ENDED_EARLY, ROLE_PT,  WORDS_PAGE_PLACEMENT_ENDED_PARTICIPANT, 0},
    {PLACEMENT_STATE_ENDED_EARLY, WRITERS,  WORDS_PAGE_PLACEMENT_ENDED_HOST, WRITERS},
    {PLACEMENT_STATE_ENDED_EARLY, ~0u,      WORDS_PAGE_PLACEMENT_ENDED, 0},
    {PLACEMENT_STATE_ASSESSED,    ~0u,      WORDS_PAGE_PLACEMENT_ASSESSED, 0},
    {PLACEMENT_STATE_CANCELLED,   ~0u,      WORDS_PAGE_PLACEMENT_CANCELLED, 0},
};
/* clang-format on */

static const struct saying *saying_of(const struct placement *row, enum actor_role role)
{
    for (size_t i = 0; i < sizeof sayings / sizeof sayings[0]; i++)
        if (sayings[i].state == row->state && (sayings[i].roles >> role & 1) != 0)
            return &sayings[i];
    return NULL;
}

static bool has_to_answer(const struct placement *row, enum actor_role role)
{
    return role == ACTOR_ROLE_PARTICIPANT && row->state == PLACEMENT_STATE_ASSESSED &&
           row->opinion == PLACEMENT_OPINION_NONE;
}

enum words_key placement_says(const struct placement *row, enum actor_role role)
{
    const struct saying *saying = saying_of(row, role);

    if (has_to_answer(row, role)) return WORDS_PAGE_PLACEMENT_ASSESSED_PARTICIPANT;
    return saying == NULL ? WORDS_PAGE_PLACEMENT_PLANNED : saying->says;
}

bool placement_asks_outcome(const struct placement *row, enum actor_role role)
{
    const unsigned roles = ROLE_CN | ROLE_CO | ROLE_PT;

    return (roles >> role & 1) != 0 && row->reminded_days > 0 && row->has_ended_on &&
           (!row->has_outcome_on || row->outcome_on.day < row->ended_on.day + row->reminded_days);
}

/* A week without a line: the days are forgotten, or it has not begun after all. */
static bool lacks_days(const struct placement *row, struct date today)
{
    enum { DAYS = 7 };

    return row->state == PLACEMENT_STATE_STARTED && row->days == 0 && row->has_started_on &&
           row->started_on.day + DAYS <= today.day;
}

/* Before its first day nobody has to say that it has begun. */
bool placement_waits_for(const struct placement *row, enum actor_role role, struct date today)
{
    const struct saying *saying = saying_of(row, role);

    if (has_to_answer(row, role)) return true;
    if (placement_asks_outcome(row, role)) return true;
    if (role == ACTOR_ROLE_SUPERVISOR && lacks_days(row, today)) return true;
    if (row->state == PLACEMENT_STATE_READY && row->from.day > today.day) return false;
    return saying != NULL && (saying->waiting >> role & 1) != 0;
}

struct date placement_deadline(const struct placement *row, enum actor_role role)
{
    const struct date none = {0};

    if (row->state == PLACEMENT_STATE_PLANNED) return row->from;
    if (((unsigned)WRITERS >> role & 1) != 0 && row->has_book_until) return row->book_until;
    return none;
}

bool placement_meets(const struct placement *row, enum placement_requirement kind)
{
    switch (kind) {
    case PLACEMENT_REQUIREMENT_AGREEMENT: return row->agreement;
    case PLACEMENT_REQUIREMENT_SUPERVISOR: return row->has_supervisor;
    case PLACEMENT_REQUIREMENT_DRAWING_ACCESS: return row->has_drawing_access;
    case PLACEMENT_REQUIREMENT_SAFETY_INTRODUCTION: return row->safety_introduction;
    case PLACEMENT_REQUIREMENT_INSURANCE: return row->insurance;
    }
    return false;
}

bool placement_goes_on(const struct placement *row)
{
    return row->state == PLACEMENT_STATE_PLANNED || row->state == PLACEMENT_STATE_READY ||
           row->state == PLACEMENT_STATE_STARTED || row->state == PLACEMENT_STATE_INTERRUPTED;
}
