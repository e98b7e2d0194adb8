/* What somebody asks is said once, and answered or taken back once. */
#include "person/erasure.h"

#include "person/asking.h"

static bool has_asked(const struct person_case *c, struct error *err)
{
    return c->row.has_erasure_asked_at || refuse(err, &person_erasure_not_asked);
}

bool person_ask_to_be_erased(const struct person_case *c, const struct person_input *in,
                             struct person_events *out, struct error *err)
{
    const struct asking asking = asking_begin(&in->head);
    struct person_erasure_asked *said;

    if (c->row.has_erasure_asked_at) return refuse(err, &person_erasure_asked_already);
    if (!asking_check(c, &in->head, err)) return false;

    said = &person_emit(out, PERSON_ERASURE_ASKED, c->row.id)->person_erasure_asked;
    said->at = asking.at;
    said->due = asking.due;
    said->remind = asking.remind;
    asking_record(c, &in->head, PERSON_SAID_ASK_ERASURE, out);
    return true;
}

bool person_withdraw_erasure_of(const struct person_case *c, const struct person_input *in,
                                struct person_events *out, struct error *err)
{
    if (!has_asked(c, err) || !asking_check_since(c, &in->head, true, c->row.erasure_asked_at, err))
        return false;

    person_emit(out, PERSON_ERASURE_WITHDRAWN, c->row.id);
    asking_record(c, &in->head, PERSON_SAID_WITHDRAW_ERASURE, out);
    return true;
}

bool person_refuse_erasure_of(const struct person_case *c, enum person_erasure_reason reason,
                              struct person_events *out, struct error *err)
{
    if (!has_asked(c, err)) return false;

    person_emit(out, PERSON_ERASURE_REFUSED, c->row.id)->person_erasure_refused.reason = reason;
    return true;
}

bool person_remind_of_erasure(const struct person_case *c, const struct head *head,
                              struct person_events *out, struct error *err)
{
    if (!c->row.has_erasure_remind || c->row.erasure_remind.ms > head->at.ms)
        return refuse(err, &person_nothing_to_remind);

    person_emit(out, PERSON_ERASURE_REMINDED, c->row.id)->person_erasure_reminded.due =
        c->row.erasure_due;
    return true;
}
