/* Forms become commands: by the command's descriptor, with every check that JSON goes through. */
#include "acting.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "answer.h"
#include "base/crypto.h"
#include "core/descriptor.h"
#include "core/input.h"
#include "front/flight.h"
#include "front/making.h"
#include "naming.h"
#include "refused.h"
#include "saying.h"

enum { SCOPE_SIZE = sizeof(struct id) + 80 + HTTP_TARGET_MAX + ID_TEXT_SIZE + 24 };

/* clang-format off */
static const struct show_option tolds[] = {
    {"telephone", WORDS_PAGE_TOLD_TELEPHONE, NULL},
    {"in_person", WORDS_PAGE_TOLD_IN_PERSON, NULL},
    {"letter", WORDS_PAGE_TOLD_LETTER, NULL},
    {"message", WORDS_PAGE_TOLD_MESSAGE, NULL},
    {"other", WORDS_PAGE_TOLD_OTHER, NULL},
};
/* clang-format on */

const struct show_options act_tolds = {sizeof tolds / sizeof tolds[0], tolds};

/* Where a form comes from. */

/* What a browser says of where a request was made: by itself, or by the page's address. What says neither is no browser of today,
 * and whoever may have been led here by another's page. */
static bool is_own(const struct call *call)
{
    const char *site = http_header(call->request, "Sec-Fetch-Site");
    const char *origin = http_header(call->request, "Origin");

    if (site != NULL) return strcmp(site, "same-origin") == 0;
    return origin != NULL && strcmp(origin, call->pages->url) == 0;
}

/* As browsers send them: in parts where there may be a file. False: as no form. */
static bool is_form(const struct call *call, bool *is_in_parts)
{
    *is_in_parts = call->page->takes_files && http_is_type(call->request, "multipart/form-data");
    return *is_in_parts || http_is_type(call->request, "application/x-www-form-urlencoded");
}

static bool parse(struct call *call, bool is_in_parts, struct error *err)
{
    const char *body = (const char *)call->request->body;
    const size_t size = call->request->body_size;

    return is_in_parts ? form_parse_parts(http_header(call->request, "Content-Type"), body, size,
                                          call->form, err)
                       : form_parse(body, size, call->form, err);
}

bool act_read_form(struct call *call)
{
    struct error err;
    bool is_in_parts;

    if (!is_own(call)) {
        pages_problem(call, 403, WORDS_PAGE_PROBLEM_FOREIGN_TITLE, WORDS_PAGE_PROBLEM_FOREIGN_TEXT);
        return false;
    }
    if (!is_form(call, &is_in_parts)) {
        pages_problem(call, 415, WORDS_PAGE_PROBLEM_FORM_TITLE, WORDS_PAGE_PROBLEM_FORM_TEXT);
        return false;
    }
    if ((call->form = malloc(sizeof *call->form)) == NULL) bug("out of memory");
    if (parse(call, is_in_parts, &err)) {
        call->form->understand = name_understand;
        call->form->cookie = call;
        return true;
    }
    pages_problem(call, 400, WORDS_PAGE_PROBLEM_FORM_TITLE, WORDS_PAGE_PROBLEM_FORM_TEXT);
    return false;
}

/* Its name: the same form sent twice is one command. */

static void name_command(struct call *call, const char *type, unsigned place)
{
    const char *key = form_value(call->form, "_key");
    uint8_t scope[SCOPE_SIZE];
    struct id id;
    int size;

    if (key == NULL || !id_read(key, strlen(key), &id)) {
        flight_name_anew(&call->flight, &call->pages->door.front);
        return;
    }
    size = snprintf((char *)scope + sizeof(struct id), sizeof scope - sizeof(struct id), "%s %s %s",
                    type, call->request->path, key);
    if (place > 0)
        size += snprintf((char *)scope + sizeof(struct id) + size,
                         sizeof scope - sizeof(struct id) - (size_t)size, " %u", place);
    memcpy(scope, call->flight.who.credential.bytes, sizeof(struct id));
    flight_name(&call->flight, scope, sizeof(struct id) + (size_t)size);
    call->flight.print.size = sizeof call->flight.print.at;
    crypto_fingerprint(NULL, 0, call->request->body, call->request->body_size,
                       call->flight.print.at);
}

/* Whether a command is of the record that the page's version is of: another's has versions of its own. */
static bool is_of_page(const struct call *call, const char *type)
{
    const char *record = call->page->record;
    const size_t size = record == NULL ? 0 : strlen(record);

    return size > 0 && strncmp(type, record, size) == 0 && type[size] == '.';
}

static int64_t version_of(const struct call *call)
{
    const char *version = form_value(call->form, "_version");
    char *end;
    long number;

    if (version == NULL) return VERSION_ANY;
    number = strtol(version, &end, 10);
    return *end == '\0' && number > 0 ? number : VERSION_ANY;
}

/* What comes of it. */

void act_refuse(struct call *call, const struct error *err)
{
    refused_note(call, err, call->command);
    call->is_refused = true;
    call->error = *err;
    call->pages->go_on(call);
}

/* On to where it shows. A path that ends with a slash is of the thing itself: of a new one, or the one in the path. */
static void on_answered(void *cookie, const struct reply *reply)
{
    struct call *call = cookie;
    const size_t size = strlen(call->then);
    char path[sizeof call->then + ID_TEXT_SIZE + sizeof call->act + 8], id[ID_TEXT_SIZE] = "";

    if (!reply->is_accepted) {
        act_refuse(call, &reply->error);
        return;
    }
    if (size > 1 && call->then[size - 1] == '/') id_write(reply->accepted.aggregate, id);
    snprintf(path, sizeof path, "%s%s?done=%s", call->then, id, call->act);
    pages_redirect(call, path, NULL);
}

void act_say_value(struct call *call, const char *type, const struct id *about, const void *body,
                   void (*answered)(void *call, const struct reply *reply))
{
    struct upstream *upstream;
    const struct command *command = say_find(call->pages, type, &upstream);
    struct flight *flight = &call->flight;

    call->command = command->body->name;
    if (about != NULL) flight->id = *about;
    flight->answered = answered;
    flight->cookie = call;
    flight_say(flight, &call->pages->door.front, upstream, command, body,
               about == NULL || call->form == NULL || !is_of_page(call, type) ? VERSION_ANY
                                                                              : version_of(call));
}

void act_say_value_part(struct call *call, const char *type, const struct id *about,
                        const void *body, unsigned place,
                        void (*answered)(void *call, const struct reply *reply))
{
    name_command(call, type, place);
    act_say_value(call, type, about, body, answered);
}

bool act_say_part(struct call *call, const char *type, const struct id *about,
                  const struct form *said, unsigned place,
                  void (*answered)(void *call, const struct reply *reply), struct error *err)
{
    struct upstream *upstream;
    const struct command *command = say_find(call->pages, type, &upstream);

    if (!form_read(said, command->body, page_today(call), call->pages->value, err)) return false;
    call->is_made = making_fill(command->body, call->pages->value, call->made);
    act_say_value_part(call, type, about, call->pages->value, place, answered);
    crypto_wipe(call->pages->value, command->body->size);
    return true;
}

void act_say(struct call *call, const char *type, const struct id *about, const char *then)
{
    struct error err;

    snprintf(call->then, sizeof call->then, "%s", then);
    if (!act_say_part(call, type, about, call->form, 0, on_answered, &err)) act_refuse(call, &err);
}

static bool has_act(const struct page *page, const char *act)
{
    for (const char *const *at = page->acts; at != NULL && *at != NULL; at++)
        if (strcmp(*at, act) == 0) return true;
    return false;
}

static const struct page_post *find_post(const struct page *page, const char *act)
{
    for (const struct page_post *at = page->posts; at != NULL && at->act != NULL; at++)
        if (strcmp(at->act, act) == 0) return at;
    return NULL;
}

bool act_is_of(const struct page *page, const char *act)
{
    return has_act(page, act) || find_post(page, act) != NULL;
}

void act_serve(struct call *call)
{
    const struct page *page = call->page;
    const struct page_post *post = find_post(page, call->act);
    char type[80], then[CALL_THEN_SIZE];

    if (post != NULL) {
        call->command = post->command;
        page->post(call);
        return;
    }
    snprintf(type, sizeof type, "%s.%s", page->record, call->act);
    snprintf(then, sizeof then, "%.*s", (int)strcspn(page->path, "{"), page->path);
    act_say(call, type, &call->id, then);
}
