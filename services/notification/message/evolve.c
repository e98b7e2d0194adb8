/* What a message is: said once, and so it stays. */
#include "message/message.h"

void message_evolve(struct message *row, const struct message_event *event)
{
    const struct message_queued *as = &event->message_queued;

    if (event->type != MESSAGE_QUEUED) return; /* others' events change no message */
    row->kind = as->kind;
    row->audience = as->audience;
    row->channel = as->channel;
    row->to = as->to;
    row->about = as->about;
    row->sequence = as->sequence;
    row->has_referral = as->has_referral;
    row->referral = as->referral;
    row->has_code = as->has_code;
    memcpy(row->code, as->code, sizeof row->code);
    row->has_asks = as->has_asks;
    row->asks = as->asks;
    row->has_corrects = as->has_corrects;
    row->corrects = as->corrects;
    row->has_until = as->has_until;
    row->until = as->until;
    row->has_lapses = as->has_lapses;
    row->lapses = as->lapses;
    row->has_progress = as->has_progress;
    row->progress = as->progress;
    row->has_due = as->has_due;
    row->due = as->due;
    row->at = as->at;
}

bool message_has_lapsed(const struct message *row, struct instant now)
{
    return row->has_lapses && row->lapses && row->has_until && row->until.ms <= now.ms;
}
