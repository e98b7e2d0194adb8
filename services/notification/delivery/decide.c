/* What follows from an attempt to deliver. */
#include "delivery/delivery.h"

#include "core/life.h"

enum { RETRIERS = ROLE_SYS | ROLE_PA | ROLE_CO | ROLE_AG };

/* clang-format off */
static const struct step steps[] = {
    {DELIVERY_STATE_QUEUED,    DELIVERY_REPORT_DELIVERED, DELIVERY_STATE_DELIVERED, ROLE_SYS},
    {DELIVERY_STATE_QUEUED,    DELIVERY_REPORT_FAILED,    DELIVERY_STATE_QUEUED,    ROLE_SYS},
    {DELIVERY_STATE_DELIVERED, DELIVERY_RETRY,            DELIVERY_STATE_QUEUED,    RETRIERS},
    {DELIVERY_STATE_GIVEN_UP,  DELIVERY_RETRY,            DELIVERY_STATE_QUEUED,    RETRIERS},
};

static const struct move moves[] = {
    {DELIVERY_STATE_NONE,   DELIVERY_AFTER_MESSAGE_QUEUED, DELIVERY_STATE_QUEUED,   "there is something to be said"},
    {DELIVERY_STATE_QUEUED, DELIVERY_GIVEN_UP,             DELIVERY_STATE_GIVEN_UP, "it was refused for good, or it was the last attempt, or its reader is erased, or what it tells of was taken back"},
};

enum { SECOND = 1000, MINUTE = 60 * SECOND, HOUR = 60 * MINUTE, RETRY_DAYS = 30 };

/* How long after an attempt the next one is due: Standard Webhooks' example, for mail too. The
 * first attempt is due at once. */
static const int64_t delays_ms[DELIVERY_ATTEMPTS - 1] = {
    5 * SECOND, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 5 * HOUR, 10 * HOUR, 14 * HOUR, 20 * HOUR, 24 * HOUR,
};
/* clang-format on */

enum { LATE_MS = HOUR, THROTTLED_MS = MINUTE };

const struct life delivery_life = {
    .contract = &delivery_contract,
    .steps = steps,
    .step_count = sizeof steps / sizeof steps[0],
    .moves = moves,
    .move_count = sizeof moves / sizeof moves[0],
};

static void report_delivered(const struct delivery_case *c, const struct delivery_input *in,
                             struct delivery_events *out)
{
    struct delivery_delivered *said =
        &delivery_emit(out, DELIVERY_DELIVERED, c->row.id)->delivery_delivered;

    said->has_code = in->delivery_report_delivered.has_code;
    said->code = in->delivery_report_delivered.code;
    said->late = in->head.at.ms - c->row.queued.ms >= LATE_MS;
}

/* Not before the other side wants it, and not too soon for one that has too much to do. */
static int64_t delay_ms(const struct delivery *row, const struct delivery_report_failed *report)
{
    int64_t delay = delays_ms[row->attempts - row->before] * report->jitter / 1000;

    if (report->result == DELIVERY_RESULT_THROTTLED && delay < THROTTLED_MS) delay = THROTTLED_MS;
    return delay > report->wait ? delay : report->wait;
}

/* Refused while the server took mails for others: both before one of these and after it. */
static bool is_alone(const struct delivery *row, const struct delivery_report_failed *report)
{
    return report->reader_refused && report->has_others_taken && row->has_reader_refused &&
           report->others_taken.ms >= row->reader_refused.ms;
}

/* The way broke: the answer may have been lost, and not what it was about. */
static bool is_unanswered(enum delivery_reason reason)
{
    return reason == DELIVERY_REASON_TIMEOUT || reason == DELIVERY_REASON_CONNECTION_RESET ||
           reason == DELIVERY_REASON_NETWORK_ERROR;
}

bool delivery_may_have_reached(const struct delivery *row)
{
    return row->state == DELIVERY_STATE_DELIVERED || row->unanswered;
}

static void try_again(const struct delivery_case *c, const struct delivery_input *in,
                      struct delivery_events *out)
{
    const struct delivery_report_failed *report = &in->delivery_report_failed;
    struct delivery_attempt_failed *said =
        &delivery_emit(out, DELIVERY_ATTEMPT_FAILED, c->row.id)->delivery_attempt_failed;

    said->reason = report->reason;
    said->has_code = report->has_code;
    said->code = report->code;
    said->has_cause = report->has_cause;
    said->cause = report->cause;
    said->due.ms = in->head.at.ms + delay_ms(&c->row, report);
    said->has_reader_refused = report->reader_refused;
    said->reader_refused = in->head.at;
    said->has_unanswered = said->unanswered = is_unanswered(report->reason);
    said->has_joint = report->has_joint;
    said->joint = report->joint;
}

static void give_up(const struct delivery_case *c, const struct delivery_report_failed *report,
                    struct delivery_events *out)
{
    struct delivery_given_up *said =
        &delivery_emit(out, DELIVERY_GIVEN_UP, c->row.id)->delivery_given_up;

    said->result = report->result;
    said->reason = report->reason;
    said->has_code = report->has_code;
    said->code = report->code;
    said->has_cause = report->has_cause;
    said->cause = report->cause;
    said->to = c->row.to;
    said->has_reader_alone = said->reader_alone = is_alone(&c->row, report);
    said->has_unanswered = said->unanswered = is_unanswered(report->reason);
}

/* Who is erased reads nothing: it waits for no server, so that nothing is left of them when the rest is gone. */
static const struct delivery_report_failed no_reader = {.result = DELIVERY_RESULT_REFUSED,
                                                        .reason = DELIVERY_REASON_NO_READER};

static bool is_to_nobody(const struct delivery_case *c, const struct delivery_input *in)
{
    return c->row.state == DELIVERY_STATE_QUEUED &&
           (in->type == DELIVERY_ON_PERSON_ERASED ||
            c->recipient.state == RECIPIENT_STATE_FORGOTTEN);
}

static void report_failed(const struct delivery_case *c, const struct delivery_input *in,
                          struct delivery_events *out)
{
    const struct delivery_report_failed *report = &in->delivery_report_failed;
    const bool is_last = c->row.test || c->row.attempts - c->row.before + 1 >= DELIVERY_ATTEMPTS;

    switch (report->result) {
    case DELIVERY_RESULT_LATER:
    case DELIVERY_RESULT_THROTTLED:
        if (!is_last)
            try_again(c, in, out);
        else
            give_up(c, report, out);
        return;
    case DELIVERY_RESULT_REFUSED:
    case DELIVERY_RESULT_GONE: give_up(c, report, out); return;
    }
    bug("delivery_decide: result %u", report->result);
}

/* Sending it again. */

/* Of the programme's, whoever is not of one organisation only; an agency's system, what was for it. */
static bool is_theirs(const struct delivery *row, const struct actor *actor)
{
    if (actor->role == ROLE_AG) return row->has_partner && id_equal(actor->id, row->partner);
    return life_coordinates(actor, (struct id){{0}});
}

static bool is_old(const struct delivery *row, struct instant now)
{
    return now.ms - row->queued.ms > (int64_t)RETRY_DAYS * 24 * HOUR;
}

static bool retry(const struct delivery_case *c, const struct delivery_input *in,
                  struct delivery_events *out, struct error *err)
{
    const struct delivery *row = &c->row;
    const bool is_mail = row->channel == MESSAGE_CHANNEL_EMAIL;

    if (is_mail && row->state == DELIVERY_STATE_DELIVERED) return refuse(err, &delivery_mail_taken);
    if (!is_mail && c->outlet.state != OUTLET_STATE_ACTIVE)
        return refuse(err, &delivery_endpoint_disabled);
    if (row->retries >= DELIVERY_RETRIES) return refuse(err, &delivery_too_often);
    if (is_old(row, in->head.at)) return refuse(err, &delivery_too_old);
    delivery_emit(out, DELIVERY_RETRIED, row->id)->delivery_retried.due = in->head.at;
    return true;
}

/* Before its version and state are looked at: whose it is not hears nothing of either. */
static bool may_retry(const struct delivery_case *c, const struct delivery_input *in,
                      struct error *err)
{
    if (!life_tenant(&in->head, c->row.programme, err)) return false;
    if (!life_allows(&delivery_life, in->type, &in->head, err)) return false;
    return is_theirs(&c->row, &in->head.actor) || refuse(err, &life_forbidden);
}

bool delivery_decide(const struct delivery_case *c, const struct delivery_input *in,
                     struct delivery_events *out, struct error *err)
{
    if (!delivery_is_command(in->type)) {
        if (is_to_nobody(c, in)) give_up(c, &no_reader, out);
        return true; /* else the row is there, and waits */
    }
    if (in->type == DELIVERY_RETRY && !may_retry(c, in, err)) return false;
    if (life_step(&delivery_life, c->row.state, c->row.version, in->type, &in->head, err) == NULL)
        return false;

    switch (in->type) {
    case DELIVERY_REPORT_DELIVERED: report_delivered(c, in, out); return true;
    case DELIVERY_REPORT_FAILED: report_failed(c, in, out); return true;
    case DELIVERY_RETRY: return retry(c, in, out, err);
    case DELIVERY_ON_MESSAGE_QUEUED:
    case DELIVERY_ON_PERSON_ERASED: break;
    }
    bug("delivery_decide: input type %u", in->type);
}
