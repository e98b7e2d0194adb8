/* What a question is after each event. Nothing is checked here: it has already happened. */
#include "question/question.h"

static void set_question(struct question *row, bool has, struct sealed sealed)
{
    row->has_question = has;
    row->question = sealed;
}

static void set_answer(struct question *row, bool has, struct sealed sealed)
{
    row->has_answer = has;
    row->answer = sealed;
}

static void offered(struct question *row, const struct mentorship_offered *said)
{
    row->state = QUESTION_STATE_OPEN;
    row->referral = said->referral;
    row->participant = said->participant;
    row->mentor = said->mentor;
}

static void wait(struct question *row, enum mentorship_topic topic, struct instant at)
{
    row->state = QUESTION_STATE_WAITING;
    row->has_topic = true;
    row->topic = topic;
    row->has_asked_at = true;
    row->asked_at = at;
    row->has_answered_at = row->has_answered_by = false;
    row->answered_at = (struct instant){0};
    row->answered_by = (struct id){{0}};
    set_answer(row, false, (struct sealed){0});
}

static void asked_in_words(struct question *row, const struct question_asked *said)
{
    wait(row, said->topic, said->at);
    set_question(row, true, said->sealed);
}

/* What was asked here is the mentorship's own question again. */
static void info_asked(struct question *row, const struct mentorship_info_asked *said)
{
    if (row->state == QUESTION_STATE_CLOSED || (said->has_in_words && said->in_words)) return;
    wait(row, said->topic, said->at);
    row->has_asked_at = said->has_at;
    set_question(row, false, (struct sealed){0});
}

static void answered(struct question *row, const struct question_answered *said)
{
    row->state = QUESTION_STATE_ANSWERED;
    row->has_answered_at = row->has_answered_by = true;
    row->answered_at = said->at;
    row->answered_by = said->by;
    set_answer(row, true, said->sealed);
}

static void keep_until(struct question *row, bool has, struct instant until)
{
    row->has_kept_until = has;
    row->kept_until = until;
}

static void forget(struct question *row)
{
    keep_until(row, false, (struct instant){0});
    set_question(row, false, (struct sealed){0});
    set_answer(row, false, (struct sealed){0});
}

bool question_has_words(const struct question *row)
{
    return row->has_question || row->has_answer;
}

/* Of one that an earlier version closed nothing says until when: that is over. */
struct instant question_due(const struct question *row, unsigned *command)
{
    *command = QUESTION_FORGET;
    if (row->state != QUESTION_STATE_CLOSED || !question_has_words(row)) return (struct instant){0};
    return row->has_kept_until ? row->kept_until
                               : (struct instant){row->asked_at.ms + QUESTION_KEPT_MS};
}

/* It is not over after all: as it was. */
static void open_again(struct question *row)
{
    if (row->state != QUESTION_STATE_CLOSED) return;
    keep_until(row, false, (struct instant){0});
    row->state = QUESTION_STATE_OPEN;
    if (row->has_asked_at)
        row->state = row->has_answered_at ? QUESTION_STATE_ANSWERED : QUESTION_STATE_WAITING;
}

void question_evolve(struct question *row, const struct question_event *event)
{
    switch (event->type) {
    case QUESTION_ASKED: asked_in_words(row, &event->question_asked); return;
    case QUESTION_ANSWERED: answered(row, &event->question_answered); return;
    case QUESTION_WAS_READ: return; /* for the journal only */
    case QUESTION_CLOSED: keep_until(row, true, event->question_closed.kept_until); return;
    case QUESTION_FORGOTTEN: forget(row); return;
    case QUESTION_AFTER_MENTORSHIP_OFFERED: offered(row, &event->mentorship_offered); return;
    case QUESTION_AFTER_MENTORSHIP_INFO_ASKED:
        info_asked(row, &event->mentorship_info_asked);
        return;
    case QUESTION_AFTER_MENTORSHIP_UNDONE: open_again(row); return;
    case QUESTION_AFTER_MENTORSHIP_DECLINED:
    case QUESTION_AFTER_MENTORSHIP_EXPIRED:
    case QUESTION_AFTER_MENTORSHIP_COMPLETED:
    case QUESTION_AFTER_MENTORSHIP_ENDED:
    case QUESTION_AFTER_MENTORSHIP_WITHDRAWN:
    case QUESTION_AFTER_MENTORSHIP_SUPERSEDED:
        row->state = QUESTION_STATE_CLOSED; /* nobody has to know any more, nor may */
        return;
    }
    bug("question_evolve: event type %u", event->type);
}
