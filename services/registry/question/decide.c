/* What may be asked and answered, and who may read it. */
#include "question/question.h"

#include "core/life.h"
#include "fold/aggregate.h"
#include "tenancy.h"

/* clang-format off */
static const struct step steps[] = {
    {QUESTION_STATE_OPEN,     QUESTION_ASK,    QUESTION_STATE_WAITING,  ROLE_ME},
    {QUESTION_STATE_ANSWERED, QUESTION_ASK,    QUESTION_STATE_WAITING,  ROLE_ME},
    {QUESTION_STATE_WAITING,  QUESTION_ANSWER, QUESTION_STATE_ANSWERED, ROLE_CO},
    {QUESTION_STATE_WAITING,  QUESTION_READ,   QUESTION_STATE_WAITING,  ROLE_ME | ROLE_CO},
    {QUESTION_STATE_ANSWERED, QUESTION_READ,   QUESTION_STATE_ANSWERED, ROLE_ME | ROLE_CO},
    {QUESTION_STATE_CLOSED,   QUESTION_FORGET, QUESTION_STATE_CLOSED,   ROLE_TM},
};

static const struct move moves[] = {
    {QUESTION_STATE_NONE,     QUESTION_AFTER_MENTORSHIP_OFFERED,    QUESTION_STATE_OPEN,    "a mentor is asked"},
    {QUESTION_STATE_OPEN,     QUESTION_AFTER_MENTORSHIP_INFO_ASKED, QUESTION_STATE_WAITING, "the mentor names a topic only"},
    {QUESTION_STATE_ANSWERED, QUESTION_AFTER_MENTORSHIP_INFO_ASKED, QUESTION_STATE_WAITING, "the mentor names a topic only"},
    {QUESTION_STATE_OPEN,     QUESTION_AFTER_MENTORSHIP_ENDED,      QUESTION_STATE_CLOSED,  "the mentorship is over"},
    {QUESTION_STATE_WAITING,  QUESTION_AFTER_MENTORSHIP_ENDED,      QUESTION_STATE_CLOSED,  "the mentorship is over"},
    {QUESTION_STATE_ANSWERED, QUESTION_AFTER_MENTORSHIP_ENDED,      QUESTION_STATE_CLOSED,  "the mentorship is over"},
};
/* clang-format on */

const struct life question_life = {
    .contract = &question_contract,
    .steps = steps,
    .step_count = sizeof steps / sizeof steps[0],
    .moves = moves,
    .move_count = sizeof moves / sizeof moves[0],
};

/* For whom they are a mentor. */
static struct id club_of(const struct person *mentor)
{
    for (uint32_t i = 0; i < mentor->roles.count; i++)
        if (mentor->roles.at[i].part == PERSON_PART_MENTOR) return mentor->roles.at[i].organisation;
    return (struct id){{0}};
}

/* The mentor's own, and for a club's coordinator their mentors'. */
static bool is_theirs(const struct question_case *c, const struct actor *actor)
{
    if (actor->role == ROLE_TM) return true;
    if (actor->role == ROLE_ME) return id_equal(actor->id, c->row.mentor);
    return life_coordinates(actor, club_of(&c->mentor));
}

static bool may_be_near(const struct question_case *c, const struct head *head, struct error *err)
{
    struct guarded guarded = {0};

    guarded_add(&guarded, person_is_protected(c->participant.protection), c->row.participant);
    guarded_add(&guarded, person_is_protected(c->mentor.protection), c->row.mentor);
    return life_is_near_all(head, &guarded, err);
}

/* That somebody reads takes nothing from anybody, so it matters not what they had seen before; and why they may not is said in words
 * of its own. */
bool question_may(const struct question_case *c, const struct question_input *in, struct error *err)
{
    const int64_t version = in->type == QUESTION_READ ? in->head.version : c->row.version;
    const struct step *step;
    struct error how;

    if (!life_tenant(&in->head, c->row.programme, err)) return false;
    step = life_step(&question_life, c->row.state, version, in->type, &in->head, &how);
    if (!life_allows(&question_life, in->type, &in->head, err)) return false;
    if (c->row.state != QUESTION_STATE_NONE && !is_theirs(c, &in->head.actor))
        return refuse(err, &life_forbidden);
    if (in->type != QUESTION_READ && !may_be_near(c, &in->head, err)) return false;
    return step != NULL || life_tell(&how, err);
}

static struct question_event *say(const struct question_case *c, enum question_event_type type,
                                  struct question_events *out)
{
    struct question_event *said = question_emit(out, type, c->row.id);

    said->question_whose = (struct question_whose){
        .referral = c->row.referral, .participant = c->row.participant, .mentor = c->row.mentor};
    return said;
}

static bool is_gone(const struct question_case *c)
{
    return c->participant.state != PERSON_STATE_ACTIVE;
}

static bool ask(const struct question_case *c, const struct question_input *in,
                struct question_events *out, struct error *err)
{
    struct question_asked *said;

    if (is_gone(c)) return refuse(err, &question_erased);
    if (person_is_restricted(&c->participant)) return refuse(err, &question_restricted);

    said = &say(c, QUESTION_ASKED, out)->question_asked;
    said->topic = in->question_ask.topic;
    said->at = in->head.at;
    said->sealed = in->head.sealed;
    return true;
}

static bool answer(const struct question_case *c, const struct question_input *in,
                   struct question_events *out, struct error *err)
{
    struct question_answered *said;

    if (is_gone(c)) return refuse(err, &question_erased);
    if (person_is_restricted(&c->participant)) return refuse(err, &question_restricted);

    said = &say(c, QUESTION_ANSWERED, out)->question_answered;
    said->at = in->head.at;
    said->by = in->head.actor.id;
    said->sealed = in->head.sealed;
    return true;
}

static bool is_there(const struct question *row, enum question_what what)
{
    return what == QUESTION_WHAT_QUESTION ? row->has_question : row->has_answer;
}

/* A mentor asks to be of use to the participant, a coordinator coordinates. */
static void say_read(enum question_what what, const struct head *head,
                     struct question_was_read *said)
{
    const bool is_mentor = head->actor.role == ROLE_ME;

    said->what = what;
    said->has_role = said->has_purpose = said->has_reading = said->has_at = true;
    said->role = role_word(head->actor.role);
    said->purpose = is_mentor ? PERSON_PURPOSE_GUIDANCE : PERSON_PURPOSE_COORDINATION;
    said->reading = head->ids[0];
    said->at = head->at;
    said->has_reader = is_somebody(head->actor.id);
    said->reader = head->actor.id;
    said->has_organisation = is_somebody(head->actor.organisation);
    said->organisation = head->actor.organisation;
    said->has_credential = is_somebody(head->credential);
    said->credential = head->credential;
}

static bool read(const struct question_case *c, const struct question_input *in,
                 struct question_events *out, struct error *err)
{
    const enum question_what what = in->question_read.what;

    if (is_gone(c) || !is_there(&c->row, what)) return refuse(err, &question_no_words);
    if (!person_is_near(&c->participant, &c->reader, &in->head) ||
        !person_is_near(&c->mentor, &c->reader, &in->head))
        return refuse(err, &question_protected);
    if (person_is_restricted(&c->participant)) return refuse(err, &question_restricted);

    say_read(what, &in->head, &say(c, QUESTION_WAS_READ, out)->question_was_read);
    return true;
}

/* Once; mentor-assignment takes steps back for as long. */
static void close(const struct question_case *c, const struct head *head,
                  struct question_events *out)
{
    if (!question_has_words(&c->row) || c->row.has_kept_until) return;
    say(c, QUESTION_CLOSED, out)->question_closed.kept_until =
        (struct instant){head->at.ms + QUESTION_KEPT_MS};
}

static bool forget(const struct question_case *c, struct instant now, struct question_events *out,
                   struct error *err)
{
    unsigned command;
    const struct instant due = question_due(&c->row, &command);

    if (due.ms == 0 || now.ms < due.ms) return refuse(err, &question_not_due);
    say(c, QUESTION_FORGOTTEN, out);
    return true;
}

bool question_decide(const struct question_case *c, const struct question_input *in,
                     struct question_events *out, struct error *err)
{
    if (question_is_command(in->type) && !question_may(c, in, err)) return false;

    switch (in->type) {
    case QUESTION_ASK: return ask(c, in, out, err);
    case QUESTION_ANSWER: return answer(c, in, out, err);
    case QUESTION_READ: return read(c, in, out, err);
    case QUESTION_FORGET: return forget(c, in->head.at, out, err);
    case QUESTION_ON_MENTORSHIP_DECLINED:
    case QUESTION_ON_MENTORSHIP_EXPIRED:
    case QUESTION_ON_MENTORSHIP_COMPLETED:
    case QUESTION_ON_MENTORSHIP_ENDED:
    case QUESTION_ON_MENTORSHIP_WITHDRAWN:
    case QUESTION_ON_MENTORSHIP_SUPERSEDED: close(c, &in->head, out); return true;
    case QUESTION_ON_MENTORSHIP_OFFERED:
    case QUESTION_ON_MENTORSHIP_INFO_ASKED:
    case QUESTION_ON_MENTORSHIP_UNDONE: return true; /* evolve says all there is to it */
    }
    bug("question_decide: input type %u", in->type);
}

void question_conceal(const struct question_case *c, const struct question_input *in,
                      struct concealed *what)
{
    if (in->type != QUESTION_ASK && in->type != QUESTION_ANSWER) return;
    what->owner = c->row.participant;
    what->descriptor = &question_words_descriptor;
    what->value = in->type == QUESTION_ASK ? &in->question_ask.said : &in->question_answer.said;
}

void question_open(const struct question_case *c, const struct question_input *in, struct id *owner,
                   struct sealed *sealed)
{
    *owner = c->row.participant;
    *sealed = in->question_read.what == QUESTION_WHAT_QUESTION ? c->row.question : c->row.answer;
}
