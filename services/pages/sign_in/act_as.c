/* Who takes part as several things goes on as another of them. */
#include "sign_in/sign_in.h"

#include <string.h>

#include "acting.h"
#include "answer.h"
#include "contract/session.h"
#include "core/input.h"

static void on_acted(void *cookie, const struct reply *reply)
{
    struct call *call = cookie;

    if (!reply->is_accepted && reply->error.kind != ERROR_REFUSED &&
        reply->error.kind != ERROR_INVALID) {
        pages_fail(call, &reply->error);
        return;
    }
    credentials_renew(call->pages->sessions, call->session_key);
    pages_redirect(call, "/", NULL); /* which says as what they are here */
}

static bool read_role(const char *text, enum actor_role *role)
{
    for (unsigned i = 0; text != NULL && i <= ACTOR_ROLE_SYS; i++)
        if (strcmp(text, actor_role_words[i]) == 0) {
            *role = (enum actor_role)i;
            return true;
        }
    return false;
}

static void post(struct call *call)
{
    const struct id session = call->flight.who.credential;
    struct session_act_as body;

    if (!call->is_signed_in || call->has_about ||
        !read_role(form_value(call->form, "role"), &body.role)) {
        pages_redirect(call, call->is_signed_in ? "/" : "/sign-in", NULL);
        return;
    }
    flight_name_anew(&call->flight, &call->pages->door.front);
    act_say_value(call, call->command, &session, &body, on_acted);
}

static const struct page_post posts[] = {
    {"", "session.act_as"},
    {NULL, NULL},
};

const struct page act_as_page = {.path = "/act-as", .posts = posts, .post = post};
