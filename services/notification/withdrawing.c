#include "withdrawing.h"

#include <string.h>

#include "base/log.h"
#include "core/error.h"
#include "delivery/delivery.h"
#include "matter/matter.h"
#include "message/message.h"
#include "secrecy/secrecy.h"
#include "store/table.h"

/* Of a case, to a mailbox: so it would not be sent any more. What says that somebody cleared takes over tells nothing. */
static bool is_hidden(struct txn *txn, struct id id, bool *is, struct error *err)
{
    struct message message;
    struct matter matter;

    *is = false;
    if (!table_get(txn, &messages, id, &message, err)) return false;
    if (!message_is_of_case(&message) || !message_is_to_mailbox(&message)) return true;
    if (!table_get(txn, &matters, message.referral, &matter, err)) return false;
    *is = matter.hidden;
    return true;
}

static bool is_due(struct txn *txn, struct id id, bool *is, struct error *err)
{
    struct delivery delivery;
    struct secrecy secrecy;
    bool is_of_hidden;

    if (!table_get(txn, &deliveries, id, &delivery, err) ||
        !table_get(txn, &secrecies, delivery.to, &secrecy, err) ||
        !is_hidden(txn, id, &is_of_hidden, err))
        return false;
    *is = secrecy.has_kept || is_of_hidden;
    return true;
}

/* It ends with the delivery's id where the Message-ID is another. */
static bool read_delivery(const char *name, struct id *id)
{
    const size_t size = strlen(name), text = ID_TEXT_SIZE - 1;

    if (size > text && name[size - text - 1] == '.' && id_read(name + size - text, text, id))
        return true;
    return size > text && name[text] == '@' && id_read(name, text, id);
}

bool withdrawing_is_due(void *cookie, const char *name)
{
    struct error err;
    struct id id;
    bool is = false;

    if (!read_delivery(name, &id)) return false;
    if (!is_due(cookie, id, &is, &err)) log_failure(LOG_ERROR, "withdrawing", &err);
    return is;
}
