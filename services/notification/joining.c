/* Mails that are one, among all that are under way. */
#include "joining.h"

#include <string.h>

static bool is_joint(const struct sending *sending, struct id joint)
{
    return sending->stage != STAGE_FREE && sending->delivery.channel == MESSAGE_CHANNEL_EMAIL &&
           id_equal(sending->joint, joint);
}

bool joining_is_found_out(const struct sending *carrier)
{
    const struct sender *sender = carrier->sender;

    for (size_t i = 0; i < SENDINGS; i++)
        if (is_joint(&sender->sendings[i], carrier->joint) &&
            sender->sendings[i].stage == STAGE_ASKING)
            return false;
    return true;
}

void joining_carry(struct sending *carrier)
{
    size_t count = 1;

    for (size_t i = 0; i < SENDINGS && count < WORDING_PARTS; i++) {
        struct sending *sending = &carrier->sender->sendings[i];

        if (sending == carrier || sending->stage != STAGE_JOINING ||
            !is_joint(sending, carrier->joint))
            continue;
        sending->carrier = carrier;
        sending->stage = STAGE_SENDING;
        count++;
    }
}

static void settle(struct sending *sending)
{
    const struct sending *carrier = sending->carrier;

    if (carrier->stage == STAGE_FREE) { /* put off, and so is this */
        sending_free(sending);
        return;
    }
    if (carrier->stage != STAGE_ENDED) return;
    sending->carrier = NULL;
    sending->stage = STAGE_ENDED;
    sending->is_delivered = carrier->is_delivered;
    sending->delivered = carrier->delivered;
    sending->failed = carrier->failed;
}

void joining_settle(struct sender *sender)
{
    for (size_t i = 0; i < SENDINGS; i++)
        if (sender->sendings[i].carrier != NULL) settle(&sender->sendings[i]);
}

size_t joining_parts(struct sending *carrier, struct sending *parts[WORDING_PARTS])
{
    struct sender *sender = carrier->sender;
    size_t count = 0;

    for (size_t i = 0; i < SENDINGS && count < WORDING_PARTS; i++) {
        struct sending *sending = &sender->sendings[i];
        size_t place = count;

        if (sending != carrier && sending->carrier != carrier) continue;
        for (; place > 0 && memcmp(&sending->delivery.id, &parts[place - 1]->delivery.id,
                                   sizeof sending->delivery.id) < 0;
             place--)
            parts[place] = parts[place - 1];
        parts[place] = sending;
        count++;
    }
    return count;
}

static bool is_same_mailbox(const struct answered *one, const struct answered *other)
{
    return one->is_there == other->is_there && one->mailbox == other->mailbox &&
           id_equal(one->whose, other->whose);
}

/* Who reads the mailbox does not write to it. */
static bool is_own_mailbox(const struct sending *carrier, const struct answered *answered)
{
    return answered->mailbox == carrier->mailbox && id_equal(answered->whose, carrier->reader);
}

struct answered joining_answered(struct sending *carrier)
{
    static const struct answered nobody;
    struct sending *parts[WORDING_PARTS];
    const size_t count = joining_parts(carrier, parts);
    const struct answered *found = &carrier->responsible;

    for (size_t i = 0; i < count; i++)
        if (!is_same_mailbox(&parts[i]->responsible, found)) found = &carrier->own;
    if (!found->is_there) found = &carrier->own;
    return carrier->is_protected || is_own_mailbox(carrier, found) ? nobody : *found;
}
