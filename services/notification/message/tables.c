/* Where messages are kept: a row for each, and those of each reader. */
#include "message/message.h"

#include "store/table.h"
#include "tables.h"

static const struct index by_to = {MESSAGES_BY_TO, {"to"}, NULL};
static const struct index about = {MESSAGES_ABOUT, {"about", "to"}, NULL};
static const struct index by_programme = {MESSAGES_BY_PROGRAMME, {"programme"}, NULL};

const struct table messages = {MESSAGES, &message_descriptor, {&by_to, &by_programme, &about}};

/* No message is about an event yet: it is decided once, under the name of what it happened to. */
bool message_find(struct txn *txn, const struct message_input *in, struct ids *found,
                  struct error *err)
{
    (void)txn;
    return ids_add(found, in->head.id, err);
}

bool message_find_about(struct txn *txn, struct id about_id, struct id to, const struct id *after,
                        struct ids *found, struct error *err)
{
    const struct message like = {.about = about_id, .to = to};

    return index_find(txn, &messages, &about, &like, 2, after, IDS_MAX, found, err);
}
