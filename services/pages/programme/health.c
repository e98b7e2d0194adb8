/* What is late or stuck in a programme, as its admin may know it; and how the services are, which are everybody's: of other programmes
 * nothing is said. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "answer.h"
#include "asking.h"
#include "contract/organisation.h"
#include "contract/programme.h"
#include "contract/recipient.h"
#include "core/error.h"
#include "core/input.h"
#include "pages/health.h"
#include "programme/organising.h"
#include "rows.h"

enum {
    PROGRAMME = 0,
    GIVEN_UP = 1,
    QUEUED = 2,
    PARTNERS = 3,
    ENDPOINTS = 4,
    UNREACHED = 5,
    ORGANISATIONS = 6,
    SLOTS = 7,
    LOOK_DAYS = 30,
    LINES = 400,
    PATH_SIZE = 64,
};

static void ask_names(struct call *call)
{
    for (size_t i = 0; i < rows_of(call, UNREACHED); i++)
        ask_listed(call, ((const struct recipient *)row_of(call, UNREACHED, i))->id,
                   PERSON_PURPOSE_COORDINATION);
}

static void ask(struct call *call)
{
    const struct instant now = {call->pages->door.front.now_ms};

    if (call->step == 1) ask_names(call);
    if (call->step > 0) return;
    ask_one(call, PROGRAMME, "programme", call->flight.who.programme, true);
    ask_list_since(call, GIVEN_UP, "delivery", "state",
                   delivery_state_words[DELIVERY_STATE_GIVEN_UP],
                   instant_add_days(now, -LOOK_DAYS));
    ask_list(call, QUEUED, "delivery", "state", delivery_state_words[DELIVERY_STATE_QUEUED]);
    ask_list(call, PARTNERS, "partner", "state", partner_state_words[PARTNER_STATE_DISABLED]);
    ask_list(call, ENDPOINTS, "endpoint", "state", endpoint_state_words[ENDPOINT_STATE_GONE]);
    ask_list(call, UNREACHED, "recipient", "state", recipient_state_words[RECIPIENT_STATE_LOST]);
    ask_list(call, ORGANISATIONS, "organisation", NULL, NULL);
    ask_services(call);
}

/* What is wrong, and where it is seen to. */

struct health {
    struct health_troubles at[LINES];
    char paths[LINES][PATH_SIZE];
    size_t count;
};

static struct health_troubles *add(struct health *health, enum words_key what, const char *folder,
                                   const struct id *id)
{
    struct health_troubles *line;
    char *path, text[ID_TEXT_SIZE] = "";

    if (health->count == LINES) return NULL;
    line = &health->at[health->count];
    path = health->paths[health->count++];
    if (id != NULL) id_write(*id, text);
    snprintf(path, PATH_SIZE, "%s%s", folder, text);
    *line = (struct health_troubles){.path = path, .what = what, .why = WORDS_KEYS};
    return line;
}

static void add_since(struct health *health, enum words_key what, const char *folder,
                      const struct id *id, const char *name, struct instant since)
{
    struct health_troubles *line = add(health, what, folder, id);

    if (line == NULL) return;
    line->name = name;
    line->since = since;
}

static void add_programme(const struct call *call, struct health *health)
{
    const struct programme *row = row_of(call, PROGRAMME, 0);

    if (!programme_has_mailbox(call, row, ORGANISATIONS))
        add(health, WORDS_PAGE_HEALTH_NO_MAILBOX, "/programme", NULL);
    if (row->has_unreached_since)
        add_since(health, WORDS_PAGE_HEALTH_UNREACHED, "/programme", NULL, NULL,
                  row->unreached_since);
    if (row->has_uncleared_since)
        add_since(health, WORDS_PAGE_HEALTH_UNCLEARED, "/people", NULL, NULL, row->uncleared_since);
}

static void add_organisations(const struct call *call, struct health *health)
{
    for (size_t i = 0; i < rows_of(call, ORGANISATIONS); i++) {
        const struct organisation *row = row_of(call, ORGANISATIONS, i);

        if (row->state == ORGANISATION_STATE_OPEN && row->has_unreached_since)
            add_since(health, WORDS_PAGE_HEALTH_ORGANISATION_UNREACHED, "/organisations/", &row->id,
                      row->name, row->unreached_since);
    }
}

/* Organisations and the programme stand there as what they are. */
static bool is_person(const struct call *call, struct id id)
{
    return !id_equal(id, call->flight.who.programme) &&
           organisation_name(call, ORGANISATIONS, id) == NULL;
}

static void add_people(const struct call *call, struct health *health)
{
    for (size_t i = 0; i < rows_of(call, UNREACHED); i++) {
        const struct recipient *row = row_of(call, UNREACHED, i);
        const struct called *called = name_of(call, row->id);

        if (is_person(call, row->id))
            add_since(health, WORDS_PAGE_HEALTH_PERSON_UNREACHED, "/people/", &row->id,
                      called == NULL ? NULL : called->name,
                      row->has_at ? row->at : (struct instant){0});
    }
}

static void add_systems(const struct call *call, struct health *health)
{
    for (size_t i = 0; i < rows_of(call, PARTNERS); i++) {
        const struct partner *row = row_of(call, PARTNERS, i);

        add_since(health, WORDS_PAGE_HEALTH_PARTNER_DISABLED, "/partners/", &row->id, row->name,
                  (struct instant){0});
    }
    for (size_t i = 0; i < rows_of(call, ENDPOINTS); i++) {
        const struct endpoint *row = row_of(call, ENDPOINTS, i);

        add_since(health, WORDS_PAGE_HEALTH_ENDPOINT_GONE, "/endpoints/", &row->id, row->url,
                  row->has_disabled_at ? row->disabled_at : (struct instant){0});
    }
}

/* That was tried in vain. A test tells whoever sent it, and nobody waits for it; what was taken back needs nobody's help. */
static bool is_in_vain(const struct delivery *row)
{
    return !row->test && row->has_reason && row->reason != DELIVERY_REASON_TAKEN_BACK &&
           row->reason != DELIVERY_REASON_OVERTAKEN && row->reason != DELIVERY_REASON_NOT_HEARD &&
           row->reason != DELIVERY_REASON_NO_READER;
}

static void add_deliveries(const struct call *call, unsigned slot, enum words_key mail,
                           enum words_key hook, struct health *health)
{
    for (size_t i = rows_of(call, slot); i-- > 0;) {
        const struct delivery *row = row_of(call, slot, i);
        const bool is_mail = row->channel == MESSAGE_CHANNEL_EMAIL;
        struct health_troubles *line;

        if (!is_in_vain(row)) continue;
        if ((line = add(health, is_mail ? mail : hook, "/deliveries/", &row->id)) == NULL) return;
        line->since = row->queued;
        line->why = delivery_says_why(row);
    }
}

/* Services. */

/* clang-format off */
static const struct {
    const char *name;
    enum words_key label;
} services[] = {
    {"registry", WORDS_PAGE_HEALTH_REGISTRY},
    {"mentor-assignment", WORDS_PAGE_HEALTH_MENTORS},
    {"placement-lifecycle", WORDS_PAGE_HEALTH_PLACEMENTS},
    {"notification", WORDS_PAGE_HEALTH_NOTIFICATION},
};
/* clang-format on */

static enum words_key service_says(const struct serviced *service)
{
    if (!service->answers) return WORDS_PAGE_HEALTH_AWAY;
    if (service->waits) return WORDS_PAGE_HEALTH_WAITS;
    if (service->room == STATUS_FULL) return WORDS_PAGE_HEALTH_FULL;
    if (service->mail_fails) return WORDS_PAGE_HEALTH_MAIL_FAILS;
    if (service->room == STATUS_NEARLY_FULL) return WORDS_PAGE_HEALTH_NEARLY_FULL;
    return WORDS_PAGE_HEALTH_WELL_SERVICE;
}

static size_t find_services(const struct call *call, struct health_services at[CALL_SERVICES])
{
    const struct front *front = &call->pages->door.front;

    for (size_t i = 0; i < front->upstream_count; i++) {
        at[i] = (struct health_services){.name = front->upstreams[i].name,
                                         .label = WORDS_KEYS,
                                         .what = service_says(&call->services[i])};
        for (size_t n = 0; n < sizeof services / sizeof services[0]; n++)
            if (strcmp(services[n].name, front->upstreams[i].name) == 0)
                at[i].label = services[n].label;
    }
    return front->upstream_count;
}

static void show(struct call *call)
{
    struct health *health = calloc(1, sizeof *health);
    struct health_services lines[CALL_SERVICES];
    struct health_view view = {.services = {find_services(call, lines), lines}};

    if (health == NULL) bug("out of memory");
    add_programme(call, health);
    add_organisations(call, health);
    add_people(call, health);
    add_systems(call, health);
    add_deliveries(call, QUEUED, WORDS_PAGE_HEALTH_MAIL_LATE, WORDS_PAGE_HEALTH_HOOK_LATE, health);
    add_deliveries(call, GIVEN_UP, WORDS_PAGE_HEALTH_MAIL_GIVEN_UP, WORDS_PAGE_HEALTH_HOOK_GIVEN_UP,
                   health);
    view.troubles.at = health->at;
    view.troubles.count = health->count;
    view.has_more = health->count == LINES;
    for (unsigned slot = 0; slot < SLOTS; slot++)
        view.has_more |= call->rows[slot].has_more;
    pages_answer(call, 200, WORDS_PAGE_HEALTH_TITLE, health_show, &view);
    free(health);
}

const struct page health_page = {.path = "/health", .roles = ROLE_PA, .ask = ask, .show = show};
