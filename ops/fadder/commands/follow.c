/* fadder follow: what a service says, as lines of JSON. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ask/ask.h"
#include "base/clock.h"
#include "bus/bus.h"
#include "bus/line.h"
#include "contract/all.h"
#include "contract/journal.h"
#include "contract/person.h"
#include "core/descriptor.h"
#include "core/error.h"
#include "core/json.h"
#include "core/pack.h"
#include "journal/journal.h"
#include "operator/command.h"
#include "operator/home.h"
#include "operator/options.h"
#include "operator/shown.h"

enum { LOOK_MS = 500, LINE_MAX_BYTES = 65536, AWAY_MS = 3000 };

struct following {
    const char *service;
    int64_t from;
    bool wants_foreign, is_once;
};

static const struct descriptor *event_descriptor(const char *type)
{
    for (size_t i = 0; i < contract_count; i++)
        for (size_t n = 0; n < contracts[i]->event_count; n++)
            if (strcmp(contracts[i]->events[n]->name, type) == 0) return contracts[i]->events[n];
    return NULL;
}

/* Places. From protection `marked` on nobody is told where a person is, also of what was said before
 * the protection rose: so the registry is asked how it is now. */

static const struct field *find_id_field(const struct descriptor *descriptor, const char *name)
{
    for (size_t i = 0; i < descriptor->count; i++)
        if (descriptor->fields[i].type == FIELD_ID && strcmp(descriptor->fields[i].name, name) == 0)
            return &descriptor->fields[i];
    return NULL;
}

static struct id person_of(const struct journal_event *envelope,
                           const struct descriptor *descriptor, const void *body)
{
    static const char *const names[] = {"person", "participant", "mentor"};
    struct id id = envelope->aggregate;

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        const struct field *field = find_id_field(descriptor, names[i]);

        if (field == NULL) continue;
        memcpy(&id, (const char *)body + field->offset, sizeof id);
        break;
    }
    return id;
}

static bool is_open(struct id id)
{
    const struct ask_for nobody = {0};
    struct person person;
    struct error err;

    return ask_row(&nobody, find_record("person", NULL), id, &person, &err) &&
           person.protection == PROTECTION_NONE;
}

static void mask_places(const struct journal_event *envelope, const struct descriptor *descriptor,
                        void *body)
{
    char *at = body;
    bool was_asked = false, may_show = false;

    for (size_t i = 0; i < descriptor->count; i++) {
        const struct field *field = &descriptor->fields[i];

        if ((field->flags & FIELD_PLACE) == 0 || field->present == NO_FLAG || !at[field->present])
            continue;
        if (!was_asked) may_show = is_open(person_of(envelope, descriptor, body));
        was_asked = true;
        if (!may_show) at[field->present] = 0;
    }
}

static bool print_event(const struct following *following, uint64_t batch, struct bytes row,
                        struct error *err)
{
    char line[LINE_MAX_BYTES];
    _Alignas(16) char body[1 << 16];
    struct journal_event envelope;
    const struct descriptor *descriptor;
    struct bytes packed;
    size_t size = sizeof line;

    if (!row_read(row, &envelope, &packed, err)) return false;
    if (!following->wants_foreign && strcmp(envelope.service, following->service) != 0) return true;
    if ((descriptor = event_descriptor(envelope.type)) == NULL || descriptor->size > sizeof body)
        return error_set(err, ERROR_INVALID, "newer",
                         "%s is not known here: a newer version said it. Use that one's fadder.",
                         envelope.type);
    if (!unpack(descriptor, packed.at, packed.size, body, err)) return false;
    mask_places(&envelope, descriptor, body);
    if (!json_write(&journal_event_descriptor, &envelope, line, &size, err)) return false;
    printf("{\"batch\":%llu,", (unsigned long long)batch);
    shown_json(line + 1, size - 2);
    size = sizeof line;
    if (descriptor->size > 0) {
        if (!json_write(descriptor, body, line, &size, err)) return false;
        printf(",\"data\":");
        shown_json(line, size);
    }
    printf("}\n");
    return true;
}

static bool print_batch(const struct following *following, const struct foreign *foreign,
                        struct error *err)
{
    if (foreign->after.batch < following->from) return true;
    for (uint32_t i = 0; i < foreign->count; i++)
        if (!print_event(following, (uint64_t)foreign->after.batch, foreign->rows[i].row, err))
            return false;
    return fflush(stdout) == 0;
}

/* Until there is trouble, or with --once until the end. */
static bool run(const struct following *following, struct line *line, struct error *err)
{
    struct foreign foreign;
    struct socket *socket = line_socket(line);
    const int64_t began_ms = clock_steady_ms();
    bool ready, was_said = false;
    uint64_t head;

    while (follower_trouble(line_follower(line)) == NULL) {
        line_turn(line, clock_steady_ms());
        while (follower_next(line_follower(line), &foreign)) {
            if (!print_batch(following, &foreign, err)) return false;
            follower_consumed(line_follower(line), &foreign, UINT32_MAX);
        }
        if (follower_head(line_follower(line), clock_steady_ms(), &head)) {
            if (following->is_once &&
                (uint64_t)follower_position(line_follower(line))->batch >= head)
                return true;
        } else if (clock_steady_ms() - began_ms > AWAY_MS && !was_said) {
            fprintf(stderr, "fadder follow: %s does not answer; waiting for it\n",
                    following->service);
            was_said = true;
        }
        bus_wait(&socket, 1, NULL, 0, LOOK_MS, &ready);
    }
    return error_set(err, ERROR_BROKEN, "follow", "%s",
                     follower_trouble(line_follower(line))->text);
}

int command_follow(int argc, char **argv)
{
    static const char *const all[] = {"*", NULL};
    const struct journal_position beginning = {0};
    struct option options[] = {
        {.name = "SERVICE", .what = "registry, mentor-assignment, …", .is_required = true},
        {.name = "--from", .value = "BATCH", .what = "the first batch to show; 1 where not said"},
        {.name = "--foreign", .what = "also what it took from others' journals"},
        {.name = "--once", .what = "end where the journal ends"},
    };
    struct following following = {0};
    struct line *line = NULL;
    struct bus *bus;
    struct error err;
    char name[PEER_NAME_MAX + 1], *end;
    int code;
    bool is_done;

    if (!options_read(
            argc, argv, "follow",
            "Prints a service's events as lines of JSON, and goes on as they happen until\n"
            "Ctrl-C. No personal data is in them; where people under protection are is left "
            "out.",
            options, sizeof options / sizeof options[0], &code))
        return code;
    following =
        (struct following){options[0].given, 1, options[2].given != NULL, options[3].given != NULL};
    if (!has_journal(following.service)) return options_refuse("follow", &options[0], journals_are);
    if (options[1].given != NULL) following.from = strtoll(options[1].given, &end, 10);
    if (options[1].given != NULL && (*end != '\0' || following.from < 1))
        return options_refuse("follow", &options[1], "it must be a batch's number, 1 or more");
    if (!home_enter(&err) || (bus = ask_bus(&err)) == NULL) return ask_failed("follow", &err);
    snprintf(name, sizeof name, "%s.follow",
             ask_name()); /* not the name that we ask with meanwhile */
    line = line_open(bus, name, following.service, all, &beginning, NULL, &err);
    is_done = line != NULL && run(&following, line, &err);
    line_close(line);
    if (!is_done) return ask_failed("follow", &err);
    ask_end();
    return EXIT_DONE;
}
