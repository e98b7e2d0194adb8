/* What a mentor's places may come to. */
#include "mentor/mentor.h"

#include "core/life.h"
#include "core/patch.h"

/* SYS: the operator, who sets a programme up from a file. */
/* clang-format off */
static const struct step steps[] = {
    {MENTOR_STATE_NEW,    MENTOR_SET_CAPACITY, MENTOR_STATE_ACTIVE, ROLE_CO | ROLE_SYS},
    {MENTOR_STATE_ACTIVE, MENTOR_SET_CAPACITY, MENTOR_STATE_ACTIVE, ROLE_CO | ROLE_ME | ROLE_SYS},
    {MENTOR_STATE_PAUSED, MENTOR_SET_CAPACITY, MENTOR_STATE_PAUSED, ROLE_CO | ROLE_ME | ROLE_SYS},
    {MENTOR_STATE_ACTIVE, MENTOR_PAUSE,        MENTOR_STATE_PAUSED, ROLE_CO | ROLE_ME},
    {MENTOR_STATE_PAUSED, MENTOR_RESUME,       MENTOR_STATE_ACTIVE, ROLE_CO | ROLE_ME},
    {MENTOR_STATE_NEW,    MENTOR_DESCRIBE,     MENTOR_STATE_NEW,    ROLE_CO | ROLE_ME | ROLE_SYS},
    {MENTOR_STATE_ACTIVE, MENTOR_DESCRIBE,     MENTOR_STATE_ACTIVE, ROLE_CO | ROLE_ME | ROLE_SYS},
    {MENTOR_STATE_PAUSED, MENTOR_DESCRIBE,     MENTOR_STATE_PAUSED, ROLE_CO | ROLE_ME | ROLE_SYS},
};

static const struct move moves[] = {
    {MENTOR_STATE_NONE,   MENTOR_AFTER_PERSON_ROLE_GRANTED, MENTOR_STATE_NEW,    "somebody becomes a mentor"},
    {MENTOR_STATE_NEW,    MENTOR_AFTER_PERSON_ROLE_ENDED,   MENTOR_STATE_GONE,   "the part ends, or the person is erased"},
    {MENTOR_STATE_ACTIVE, MENTOR_AFTER_PERSON_ROLE_ENDED,   MENTOR_STATE_GONE,   "the part ends, or the person is erased"},
    {MENTOR_STATE_PAUSED, MENTOR_AFTER_PERSON_ROLE_ENDED,   MENTOR_STATE_GONE,   "the part ends, or the person is erased"},
    {MENTOR_STATE_GONE,   MENTOR_AFTER_PERSON_ROLE_GRANTED, MENTOR_STATE_ACTIVE, "they become one again"},
    {MENTOR_STATE_GONE,   MENTOR_AFTER_PERSON_ROLE_GRANTED, MENTOR_STATE_PAUSED, "that the part ended is taken back, and they were paused"},
    {MENTOR_STATE_GONE,   MENTOR_AFTER_PERSON_ROLE_GRANTED, MENTOR_STATE_NEW,    "they become one again, and never had places"},
};
/* clang-format on */

const struct life mentor_life = {
    .contract = &mentor_contract,
    .steps = steps,
    .step_count = sizeof steps / sizeof steps[0],
    .moves = moves,
    .move_count = sizeof moves / sizeof moves[0],
};

/* Nobody is sent away: what is over the new capacity is said, and no offer is made until it is not. */
static bool set_capacity(const struct mentor_case *c, int64_t capacity, struct mentor_events *out)
{
    mentor_emit(out, MENTOR_CAPACITY_SET, c->row.id)->mentor_capacity_set.capacity = capacity;
    if (c->taken > capacity)
        mentor_emit(out, MENTOR_OVER_CAPACITY, c->row.id)->mentor_over_capacity.taken = c->taken;
    return true;
}

/* Of who is under protection nothing is told that a match goes by. */
static bool describe(const struct mentor_case *c, const struct mentor_describe *ask,
                     struct mentor_events *out, struct error *err)
{
    struct mentor_described *said;

    if (c->row.protection != PROTECTION_NONE) return refuse(err, &mentor_unsaid);
    if (c->row.no_wishes && (ask->availability.count > 0 || ask->offers.count > 0))
        return refuse(err, &mentor_no_consent);

    said = &mentor_emit(out, MENTOR_DESCRIBED, c->row.id)->mentor_described;
    patch_carry(&mentor_descriptor, &c->row, &mentor_described_descriptor, said);
    patch_apply(&mentor_describe_descriptor, ask, &mentor_described_descriptor, said);
    return true;
}

/* Who is a mentor no more has not to be asked. */
static void on_person_shown(const struct mentor_case *c, struct mentor_events *out)
{
    if (c->row.wishes_gone && c->row.state != MENTOR_STATE_GONE)
        mentor_emit(out, MENTOR_OFFERS_MISSED, c->row.id);
}

/* Mentors act on their own places, an organisation's coordinator on its mentors'. */
static bool is_theirs(const struct mentor *row, const struct actor *actor)
{
    if (actor->role == ROLE_ME) return id_equal(actor->id, row->id);
    return life_coordinates(actor, row->organisation);
}

static bool may(const struct mentor_case *c, const struct mentor_input *in, struct error *err)
{
    const struct head *head = &in->head;
    struct guarded guarded = {0};
    const struct step *step;
    struct error how;

    if (!life_tenant(head, c->row.programme, err)) return false;
    step = life_step(&mentor_life, c->row.state, c->row.version, in->type, head, &how);
    if (!life_allows(&mentor_life, in->type, head, err)) return false;
    if (c->row.state != MENTOR_STATE_NONE && !is_theirs(&c->row, &head->actor))
        return refuse(err, &life_forbidden);
    mentor_guard(&c->row, &guarded);
    if (!life_is_near_all(head, &guarded, err)) return false;
    return step != NULL || life_tell(&how, err);
}

bool mentor_decide(const struct mentor_case *c, const struct mentor_input *in,
                   struct mentor_events *out, struct error *err)
{
    if (mentor_is_command(in->type) && !may(c, in, err)) return false;

    switch (in->type) {
    case MENTOR_SET_CAPACITY: return set_capacity(c, in->mentor_set_capacity.capacity, out);
    case MENTOR_PAUSE: return mentor_emit(out, MENTOR_PAUSED, c->row.id);
    case MENTOR_RESUME: return mentor_emit(out, MENTOR_RESUMED, c->row.id);
    case MENTOR_DESCRIBE: return describe(c, &in->mentor_describe, out, err);
    case MENTOR_ON_PERSON_SHOWN: on_person_shown(c, out); return true;
    case MENTOR_ON_PERSON_ROLE_GRANTED: /* evolve says all there is to these */
    case MENTOR_ON_PERSON_CLEARANCE_CONFIRMED:
    case MENTOR_ON_PERSON_ROLE_ENDED:
    case MENTOR_ON_PERSON_PROTECTION_CHANGED:
    case MENTOR_ON_PERSON_HIDDEN:
    case MENTOR_ON_PERSON_THINNED:
    case MENTOR_ON_PERSON_ERASED:
    case MENTOR_ON_PERSON_RESTRICTED:
    case MENTOR_ON_PERSON_RESTRICTION_LIFTED:
    case MENTOR_ON_PERSON_CONSENT_GIVEN:
    case MENTOR_ON_PERSON_CONSENT_WITHDRAWN: return true;
    }
    bug("mentor_decide: input type %u", in->type);
}
