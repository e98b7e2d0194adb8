/* Those who wait, the latest first; they are few. */
#include "later.h"

void call_later(struct call *call, void (*go)(struct call *call))
{
    call->later_go = go;
    call->later_ms = call->pages->door.front.steady_ms + LATER_MS;
    call->later = call->pages->later;
    call->pages->later = call;
}

void calls_go_on(struct pages *pages)
{
    struct call *waiting = pages->later;

    pages->later = NULL;
    while (waiting != NULL) {
        struct call *call = waiting;

        waiting = call->later;
        if (call->later_ms <= pages->door.front.steady_ms) {
            call->later_go(call);
        } else {
            call->later = pages->later;
            pages->later = call;
        }
    }
}
