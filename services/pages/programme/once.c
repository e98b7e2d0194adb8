/* A secret, in the one answer that shows it. */
#include <stdio.h>

#include "acting.h"
#include "answer.h"
#include "bus/peer.h"
#include "pages/shown_once.h"
#include "programme/programme.h"

void once_answer(struct call *call, const struct reply *reply, const struct once *once)
{
    char id[ID_TEXT_SIZE], path[CALL_THEN_SIZE], hook[HOOK_SIZE];
    const bool is_first = call->is_made && !call->flight.is_joined && !reply->accepted.has_again;
    const struct shown_once_view view = {
        .lead = once->lead,
        .secret = is_first ? call->made : NULL,
        .hook = once->has_hook ? hook : NULL,
        .path = path,
        .next = once->next,
    };

    if (!reply->is_accepted) {
        act_refuse(call, &reply->error);
        return;
    }
    id_write(reply->accepted.aggregate, id);
    snprintf(path, sizeof path, "%s%s", once->path, id);
    programme_hook(call, reply->accepted.aggregate, hook);
    pages_answer(call, 200, once->title, shown_once_show, &view);
}
