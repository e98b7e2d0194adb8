/* What may be said of a mentee. What happens to the referral is the registry's business. */
#include "mentee/mentee.h"

#include <string.h>

#include "core/life.h"
#include "core/patch.h"

/* clang-format off */
static const struct step steps[] = {
    {MENTEE_STATE_SEARCHING, MENTEE_WISH,   MENTEE_STATE_SEARCHING, ROLE_PT | ROLE_CO | ROLE_SYS},
    {MENTEE_STATE_MATCHED,   MENTEE_WISH,   MENTEE_STATE_MATCHED,   ROLE_PT | ROLE_CO | ROLE_SYS},
    {MENTEE_STATE_SEARCHING, MENTEE_DECLARE_CONFLICT, MENTEE_STATE_SEARCHING, ROLE_PT | ROLE_CO},
    {MENTEE_STATE_MATCHED,   MENTEE_DECLARE_CONFLICT, MENTEE_STATE_MATCHED,   ROLE_PT | ROLE_CO},
    {MENTEE_STATE_SEARCHING, MENTEE_LIFT_CONFLICT,  MENTEE_STATE_SEARCHING, ROLE_CO},
    {MENTEE_STATE_MATCHED,   MENTEE_LIFT_CONFLICT,  MENTEE_STATE_MATCHED,   ROLE_CO},
    {MENTEE_STATE_SEARCHING, MENTEE_EXPLAIN,        MENTEE_STATE_SEARCHING, ROLE_SYS},
};

static const struct move moves[] = {
    {MENTEE_STATE_NONE,      MENTEE_AFTER_REFERRAL_ACCEPTED,    MENTEE_STATE_SEARCHING, "a referral that wants a mentor is accepted"},
    {MENTEE_STATE_CLOSED,    MENTEE_AFTER_REFERRAL_ACCEPTED,    MENTEE_STATE_SEARCHING, "the referral is accepted again"},
    {MENTEE_STATE_CLOSED,    MENTEE_AFTER_REFERRAL_ACCEPTED,    MENTEE_STATE_COMPLETED, "it is accepted again, and a mentorship was completed"},
    {MENTEE_STATE_CLOSED,    MENTEE_AFTER_REFERRAL_ACCEPTED,    MENTEE_STATE_MATCHED,   "it is accepted again, and a mentorship had gone on"},
    {MENTEE_STATE_NONE,      MENTEE_AFTER_REFERRAL_UPDATED,     MENTEE_STATE_SEARCHING, "an accepted referral wants a mentor besides"},
    {MENTEE_STATE_CLOSED,    MENTEE_AFTER_REFERRAL_UPDATED,     MENTEE_STATE_SEARCHING, "the referral wants a mentor again"},
    {MENTEE_STATE_CLOSED,    MENTEE_AFTER_REFERRAL_UPDATED,     MENTEE_STATE_COMPLETED, "it wants a mentor again, and a mentorship was completed"},
    {MENTEE_STATE_CLOSED,    MENTEE_AFTER_REFERRAL_UPDATED,     MENTEE_STATE_MATCHED,   "it wants a mentor again, and a mentorship had gone on"},
    {MENTEE_STATE_SEARCHING, MENTEE_AFTER_MENTORSHIP_ACCEPTED,  MENTEE_STATE_MATCHED,   "a mentor says yes"},
    {MENTEE_STATE_MATCHED,   MENTEE_AFTER_MENTORSHIP_ENDED,     MENTEE_STATE_SEARCHING, "that mentorship expires, is withdrawn or ends early"},
    {MENTEE_STATE_MATCHED,   MENTEE_AFTER_MENTORSHIP_COMPLETED, MENTEE_STATE_COMPLETED, "that mentorship is completed"},
    {MENTEE_STATE_SEARCHING, MENTEE_AFTER_REFERRAL_CANCELLED,   MENTEE_STATE_CLOSED,    "the referral is over or wants no mentor any more, or the person is erased"},
    {MENTEE_STATE_MATCHED,   MENTEE_AFTER_REFERRAL_CANCELLED,   MENTEE_STATE_CLOSED,    "the referral is over or wants no mentor any more, or the person is erased"},
    {MENTEE_STATE_COMPLETED, MENTEE_AFTER_REFERRAL_CANCELLED,   MENTEE_STATE_CLOSED,    "the referral is over or wants no mentor any more, or the person is erased"},
};
/* clang-format on */

const struct life mentee_life = {
    .contract = &mentee_contract,
    .steps = steps,
    .step_count = sizeof steps / sizeof steps[0],
    .moves = moves,
    .move_count = sizeof moves / sizeof moves[0],
};

/* Participants speak for themselves, an organisation's coordinator for those for whom it is responsible. */
static bool is_theirs(const struct mentee *row, const struct actor *actor)
{
    if (actor->role == ROLE_PT) return id_equal(actor->id, row->person);
    return life_coordinates(actor, row->responsible);
}

static bool may(const struct mentee_case *c, const struct mentee_input *in, struct error *err)
{
    const struct head *head = &in->head;
    const struct step *step;
    struct error how;

    if (!life_tenant(head, c->row.programme, err)) return false;
    step = life_step(&mentee_life, c->row.state, c->row.version, in->type, head, &how);
    if (!life_allows(&mentee_life, in->type, head, err)) return false;
    if (c->row.state != MENTEE_STATE_NONE && !is_theirs(&c->row, &head->actor))
        return refuse(err, &life_forbidden);
    if (!life_is_near(head, c->row.protection != PROTECTION_NONE, c->row.person, err)) return false;
    return step != NULL || life_tell(&how, err);
}

/* Of who is under protection nothing is told that a match goes by. */
static bool wish(const struct mentee_case *c, const struct mentee_wish *ask,
                 struct mentee_events *out, struct error *err)
{
    struct mentee_wished *said;

    if (c->row.protection != PROTECTION_NONE) return refuse(err, &mentee_unsaid);
    if (c->row.no_wishes && (ask->wishes.count > 0 || ask->availability.count > 0))
        return refuse(err, &mentee_no_consent);

    said = &mentee_emit(out, MENTEE_WISHED, c->row.id)->mentee_wished;
    patch_carry(&mentee_descriptor, &c->row, &mentee_wished_descriptor, said);
    patch_apply(&mentee_wish_descriptor, ask, &mentee_wished_descriptor, said);
    return true;
}

static bool declare_conflict(const struct mentee_case *c, struct id mentor,
                             struct mentee_events *out, struct error *err)
{
    const uint32_t most = sizeof c->row.conflicts.at / sizeof c->row.conflicts.at[0];

    if (id_equal(mentor, c->row.person)) return refuse(err, &mentee_own_conflict);
    if (mentee_has_conflict(&c->row, mentor)) return refuse(err, &mentee_conflict_known);
    if (c->row.conflicts.count == most) return refuse(err, &mentee_too_many_conflicts);

    mentee_emit(out, MENTEE_CONFLICT_DECLARED, c->row.id)->mentee_conflict_declared.mentor = mentor;
    return true;
}

static bool lift_conflict(const struct mentee_case *c, struct id mentor, struct mentee_events *out,
                          struct error *err)
{
    if (!mentee_has_conflict(&c->row, mentor)) return refuse(err, &mentee_no_such_conflict);

    mentee_emit(out, MENTEE_CONFLICT_LIFTED, c->row.id)->mentee_conflict_lifted.mentor = mentor;
    return true;
}

/* Of a search that is over nobody has to be asked. */
static void on_person_shown(const struct mentee_case *c, struct mentee_events *out)
{
    const bool is_under_way =
        c->row.state == MENTEE_STATE_SEARCHING || c->row.state == MENTEE_STATE_MATCHED;

    if (c->row.wishes_gone && is_under_way)
        mentee_emit(out, MENTEE_WISHES_MISSED, c->row.id)->mentee_wishes_missed.participant =
            c->row.person;
}

/* Said again only when it is something else: the matcher looks often. */
static bool explain(const struct mentee_case *c, const struct mentee_why *why,
                    struct mentee_events *out, struct error *err)
{
    if (c->row.has_why && memcmp(&c->row.why, why, sizeof *why) == 0)
        return refuse(err, &mentee_explained_already);

    mentee_emit(out, MENTEE_EXPLAINED, c->row.id)->mentee_explained.why = *why;
    return true;
}

bool mentee_decide(const struct mentee_case *c, const struct mentee_input *in,
                   struct mentee_events *out, struct error *err)
{
    if (mentee_is_command(in->type) && !may(c, in, err)) return false;

    switch (in->type) {
    case MENTEE_WISH: return wish(c, &in->mentee_wish, out, err);
    case MENTEE_DECLARE_CONFLICT:
        return declare_conflict(c, in->mentee_declare_conflict.mentor, out, err);
    case MENTEE_LIFT_CONFLICT: return lift_conflict(c, in->mentee_lift_conflict.mentor, out, err);
    case MENTEE_EXPLAIN: return explain(c, &in->mentee_explain.why, out, err);
    case MENTEE_ON_PERSON_SHOWN: on_person_shown(c, out); return true;
    case MENTEE_ON_REFERRAL: /* evolve says all there is to these */
    case MENTEE_ON_PERSON_HIDDEN:
    case MENTEE_ON_PERSON_THINNED:
    case MENTEE_ON_PERSON_ERASED:
    case MENTEE_ON_PERSON_RESTRICTED:
    case MENTEE_ON_PERSON_RESTRICTION_LIFTED:
    case MENTEE_ON_PERSON_CONSENT_GIVEN:
    case MENTEE_ON_PERSON_CONSENT_WITHDRAWN:
    case MENTEE_ON_MENTORSHIP: return true;
    }
    bug("mentee_decide: input type %u", in->type);
}
