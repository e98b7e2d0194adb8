/* What anybody at the doors of a service could say: every command of every contract, whole and
 * damaged, and questions and pulls of all sorts, under the gateway's own name. Nothing dies of it, and
 * the journals tell of exactly those commands that were answered as accepted. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "test.h"

#include "base/clock.h"
#include "base/random.h"
#include "bus/bus.h"
#include "bus/line.h"
#include "bus/peer.h"
#include "contract/all.h"
#include "contract/bus.h"
#include "contract/journal.h"
#include "core/date.h"
#include "core/error.h"
#include "core/fill.h"
#include "core/pack.h"
#include "journal/journal.h"
#include "service/talk.h"
#include "services/list.h"

enum { JOURNALED = SERVICES_JOURNALED_COUNT, ROUNDS = 250, QUERIES = 40, PULLS = 300, POOL = 64 };
enum { AGGREGATES = 64 };
enum { COMMANDS, READS, LOOKUPS, DOORS };

static const char *const names[] = {SERVICES_JOURNALED};
static const char *const doors[DOORS] = {"commands", "reads", "lookups"};
static pid_t pids[JOURNALED];
static struct socket *sockets[JOURNALED][DOORS];
static struct id programme;
static size_t persons, organisations, partners; /* their places among the contracts */

/* Sets of ids. */

struct set {
    size_t count, room;
    struct id *at;
};

static struct set sent, accepted, remembered, causes, happened;

static void add(struct set *set, struct id id)
{
    if (set->count == set->room) {
        set->room = set->room * 2 + 1024;
        assert_non_null(set->at = realloc(set->at, set->room * sizeof *set->at));
    }
    set->at[set->count++] = id;
}

static int compare(const void *a, const void *b)
{
    return memcmp(a, b, sizeof(struct id));
}

static void sort(struct set *set)
{
    if (set->count > 0) qsort(set->at, set->count, sizeof *set->at, compare);
}

static bool has(const struct set *sorted, struct id id)
{
    return sorted->count > 0 && bsearch(&id, sorted->at, sorted->count, sizeof id, compare) != NULL;
}

/* Dice. */

/* Whom and what there is, by aggregate; the newest push out the others. */
static struct {
    size_t count;
    struct id at[POOL];
} known[AGGREGATES];
static size_t asked_of; /* the aggregate that is being talked to */

static int64_t dice(int64_t sides)
{
    return random() % sides;
}

static struct id any_of(size_t aggregate)
{
    const size_t count = known[aggregate].count;

    if (count == 0) return random_id(clock_now_ms());
    if (dice(2)) return known[aggregate].at[(count - 1) % POOL]; /* the newest has most before it */
    return known[aggregate].at[dice((int64_t)(count < POOL ? count : POOL))];
}

static size_t find_contract(const char *name)
{
    size_t i = 0;

    while (i < contract_count && strcmp(contracts[i]->name, name) != 0)
        i++;
    return i;
}

/* Mostly of what the field is named for. */
static struct id any_id(const struct field *field)
{
    const size_t named = find_contract(field->name);

    if (named < contract_count && known[named].count > 0 && dice(8) != 0) return any_of(named);
    for (int i = 0; i < 8; i++) {
        const size_t aggregate = (size_t)dice((int64_t)contract_count);

        if (known[aggregate].count > 0) return any_of(aggregate);
    }
    return random_id(clock_now_ms());
}

static void any_text(const struct field *field, char *at)
{
    static const char *const characters[] = {"a", "B", "7", " ", "å", "日", "😀", "@"};
    static const char *const of_form[] = {
        [FORM_NAME] = "Ada",
        [FORM_MAILBOX] = "ada@example.org",
        [FORM_PHONE] = "+46701740606",
        [FORM_MUNICIPALITY] = "0180",
        [FORM_LANGUAGE] = "sv",
        [FORM_URL] = "https://example.org/hook",
        [FORM_SECRET] = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
    };
    const int64_t most = field->max < 40 || dice(8) == 0 ? field->max : 40;
    int64_t left = field->min + (most > field->min ? dice(most - field->min + 1) : 0);

    if (strcmp(field->name, "programme") == 0 && dice(8) != 0) {
        strcpy(at, "integration-works");
        return;
    }
    if (field->form != FORM_NONE && dice(4) != 0) {
        strcpy(at, of_form[field->form]);
        return;
    }
    if (field->pattern != NULL) {
        fill_pattern(field, at);
        return;
    }
    for (; left > 0; left--) {
        const char *character = characters[dice(8)];

        memcpy(at, character, strlen(character));
        at += strlen(character);
    }
    *at = '\0';
}

static int64_t any_number(const struct field *field)
{
    if (dice(8) == 0) return field->max;
    if (dice(8) == 0) return field->min;
    return field->max - field->min < 1 << 20 ? field->min + dice(field->max - field->min + 1)
                                             : field->min / 2 + dice(1 << 20);
}

static int64_t any_day(enum field_form form)
{
    const int64_t today = clock_now_ms() / 86400000;

    if (form == FORM_BIRTH || form == FORM_PARTICIPANT) return today - 12000 + dice(1000);
    return today - (form == FORM_PAST && dice(8) != 0 ? dice(30) : dice(60) - 30);
}

static struct partial_date any_part_of_a_date(enum field_form form)
{
    const uint32_t sizes[] = {4, 7, 10};
    struct partial_date date;
    char text[DATE_TEXT_SIZE];

    date_write((struct date){any_day(form)}, text);
    if (!partial_date_read(text, sizes[dice(3)], &date)) bug("no part of %s", text);
    return date;
}

static void any_value(const struct descriptor *descriptor, void *value);

static void any_field(const struct field *field, char *at)
{
    switch (field->type) {
    case FIELD_ID: *(struct id *)(void *)at = any_id(field); return;
    case FIELD_TEXT: any_text(field, at); return;
    case FIELD_WORD: *(unsigned *)(void *)at = (unsigned)dice(field->max); return;
    case FIELD_INSTANT:
        ((struct instant *)(void *)at)->ms = clock_now_ms() + dice(1000000000) - 500000000;
        return;
    case FIELD_DATE: ((struct date *)(void *)at)->day = any_day(field->form); return;
    case FIELD_PARTIAL_DATE:
        *(struct partial_date *)(void *)at = any_part_of_a_date(field->form);
        return;
    case FIELD_INT: *(int64_t *)(void *)at = any_number(field); return;
    case FIELD_BOOL: *(bool *)at = dice(2); return;
    case FIELD_BYTES:
        *(uint32_t *)(void *)at = (uint32_t)(field->min + dice(field->max - field->min + 1));
        random_bytes(at + field->first, *(uint32_t *)(void *)at);
        return;
    case FIELD_OBJECT:
        any_value(field->object, at);
        if (field->form == FORM_OCCUPATION && dice(4) != 0)
            *(struct occupation *)(void *)at = (struct occupation){OCCUPATION_SCHEME_SSYK, "7233"};
        return;
    case FIELD_LIST:
        *(uint32_t *)(void *)at = (uint32_t)(field->min + dice(field->max - field->min + 1));
        for (uint32_t i = 0; i < *(uint32_t *)(void *)at; i++)
            any_field(field->item, at + field->first + i * field->stride);
        return;
    }
}

static void any_value(const struct descriptor *descriptor, void *value)
{
    for (size_t i = 0; i < descriptor->count; i++) {
        const struct field *field = &descriptor->fields[i];
        char *at = value;

        if (field->present != NO_FLAG) {
            const bool is_there = dice(2);

            at[field->present] = is_there;
            if (!is_there) continue;
        }
        any_field(field, at + field->offset);
    }
}

static void damage(uint8_t *bytes, size_t *size)
{
    for (int64_t n = dice(3) + 1; n > 0 && *size > 0; n--)
        bytes[dice((int64_t)*size)] = (uint8_t)dice(256);
    if (dice(4) == 0) *size = (size_t)dice((int64_t)*size + 1);
}

/* Sending, and hearing what comes of it. */

static void learn(size_t aggregate, struct id id)
{
    known[aggregate].at[known[aggregate].count++ % POOL] = id;
}

static void hear_accepted(const struct bus_accepted *said)
{
    add(&accepted, said->id);
    learn(asked_of, said->aggregate);
}

static void hear(struct socket *socket, struct id *refused)
{
    struct message *message;

    while ((message = socket_receive(socket)) != NULL) {
        for (size_t i = 0; i < message_count(message); i++) {
            const struct frame frame = message_frame(message, i);
            const char *at = frame.at;
            static struct bus_refused no;
            struct bus_accepted yes;
            struct error err;

            if (frame.size > 0 && *at == 'A' &&
                unpack(&bus_accepted_descriptor, at + 1, frame.size - 1, &yes, &err))
                hear_accepted(&yes);
            if (frame.size > 0 && *at == 'R' &&
                unpack(&bus_refused_descriptor, at + 1, frame.size - 1, &no, &err))
                *refused = no.id;
        }
        message_destroy(message);
    }
}

/* A service answers in order: when it has refused this, it has answered all that came before. */
static void wait_for_answers(int service)
{
    static struct bus_command command;
    static uint8_t frame[4096];
    const int64_t until_ms = clock_steady_ms() + PATIENCE_MS;
    struct id refused = {{0}};
    size_t size = sizeof frame - 1;
    struct error err;
    bool ready[DOORS];

    memset(&command, 0, sizeof command);
    command.id = random_id(clock_now_ms());
    strcpy(command.type, "nobody.knows");
    command.print.size = 16;
    frame[0] = 'C';
    assert_true(pack(&bus_command_descriptor, &command, frame + 1, &size, &err));
    assert_true(socket_send(sockets[service][COMMANDS], NULL, &(struct frame){frame, size + 1}, 1));
    while (!id_equal(refused, command.id)) {
        assert_true(clock_steady_ms() < until_ms);
        assert_int_equal(waitpid(pids[service], NULL, WNOHANG), 0);
        bus_wait(sockets[service], DOORS, NULL, 0, 50, ready);
        for (int door = DOORS - 1; door >= COMMANDS;
             door--) /* the last word is what is waited for */
            hear(sockets[service][door], &refused);
    }
}

static void send_frame(int service, int door, uint8_t *frame, size_t size)
{
    static struct bus_command command;
    struct error err;

    if (size > 0 && door == COMMANDS && *frame == 'C' &&
        unpack(&bus_command_descriptor, frame + 1, size - 1, &command, &err))
        add(&sent, command.id);
    assert_true(socket_send(sockets[service][door], NULL, &(struct frame){frame, size}, 1));
}

/* How often: first much is begun, so that there is something to talk of; what ends it all is last. */
static int times_in(const struct command *command, int round)
{
    static const char *const first[] = {"receive", "accept", "create", "submit",      "publish",
                                        "propose", "offer",  "plan",   "set_capacity"};
    static const char *const last[] = {"programme.close", "partner.disable"};
    const char *name = command->body->name;

    for (size_t i = 0; i < sizeof last / sizeof last[0]; i++)
        if (strcmp(name, last[i]) == 0) return round == ROUNDS - 1;
    for (size_t i = 0; i < sizeof first / sizeof first[0]; i++)
        if (strcmp(strchr(name, '.') + 1, first[i]) == 0) return round < ROUNDS / 2 ? 6 : 1;
    return round >= ROUNDS / 2 || dice(16) == 0;
}

/* An envelope that has a chance to be admitted, and for the rest is anything. */
static void any_envelope(struct bus_command *said, const struct command *command)
{
    static const enum actor_role likely[] = {ACTOR_ROLE_PROGRAMME_ADMIN, ACTOR_ROLE_COORDINATOR,
                                             ACTOR_ROLE_AGENCY_SYSTEM, ACTOR_ROLE_COUNSELLOR};

    memset(said, 0, sizeof *said);
    any_value(&bus_command_descriptor, said);
    strcpy(said->type, command->body->name);
    said->id = random_id(clock_now_ms());
    said->version = dice(3) == 0 ? dice(3) : -1;
    if (dice(4) != 0) said->role = likely[dice(4)];
    if (dice(8) != 0) {
        said->has_aggregate = said->has_programme = said->has_actor = true;
        said->aggregate = any_of(asked_of);
        said->programme = programme;
        said->actor = any_of(said->role == ACTOR_ROLE_AGENCY_SYSTEM ? partners : persons);
        said->organisation = any_of(organisations);
        said->has_organisation = dice(3) == 0; /* who has none acts for the whole programme */
    }
}

static void say(int service, const struct command *command)
{
    static struct bus_command said;
    static _Alignas(16) char body[1 << 16];
    static uint8_t frame[16384];
    size_t size = sizeof said.body.at;
    struct error err;

    assert_true(command->body->size <= sizeof body);
    memset(body, 0, sizeof body);
    any_value(command->body, body);
    any_envelope(&said, command);
    if (!pack(command->body, body, said.body.at, &size, &err))
        size = 0; /* larger than a command can be */
    if (dice(4) == 0) damage(said.body.at, &size);
    said.body.size = (uint32_t)size;
    frame[0] = 'C';
    size = sizeof frame - 1;
    assert_true(pack(&bus_command_descriptor, &said, frame + 1, &size, &err));
    size++;
    if (dice(4) == 0) damage(frame, &size);
    send_frame(service, COMMANDS, frame, size);
    if (dice(16) == 0) send_frame(service, COMMANDS, frame, size); /* once more */
    if (dice(16) == 0) send_frame(service, READS, frame, size);    /* at the wrong door */
}

static void ask(int service, char letter, const struct descriptor *descriptor, void *value)
{
    static uint8_t frame[65536];
    size_t size = sizeof frame - 1;
    struct error err;

    frame[0] = (uint8_t)letter;
    assert_true(pack(descriptor, value, frame + 1, &size, &err));
    size++;
    if (dice(3) == 0) damage(frame, &size);
    send_frame(service, dice(8) == 0 ? COMMANDS : dice(2) == 0 ? READS : LOOKUPS, frame, size);
}

static int place_of(const char *service)
{
    for (int i = 0; i < JOURNALED; i++)
        if (strcmp(names[i], service) == 0) return i;
    return -1;
}

/* The journals. */

static void take_header(struct bytes packed)
{
    static struct journal_header header;
    struct error err;

    assert_true(unpack(&journal_header_descriptor, packed.at, packed.size, &header, &err));
    for (uint32_t i = 0; i < header.commands.count; i++)
        add(&remembered, header.commands.at[i].id);
}

typedef void take_event(const char *service, const struct journal_event *envelope);

static void read_journal(const char *service, take_event *take, bool takes_headers)
{
    static const char *const all[] = {"*", NULL};
    static struct foreign foreign;
    const struct journal_position from = {.within = 0};
    const int64_t until_ms = clock_steady_ms() + PATIENCE_MS;
    struct journal_event envelope;
    struct line *line;
    struct bytes body;
    struct error err;
    uint64_t head = 0;
    bool ready;

    assert_non_null(line =
                        line_open(talk_bus(), "operator.check", service, all, &from, NULL, &err));
    while (!follower_head(line_follower(line), clock_steady_ms(), &head) ||
           (uint64_t)follower_position(line_follower(line))->batch < head) {
        struct socket *socket = line_socket(line);

        assert_true(clock_steady_ms() < until_ms);
        line_turn(line, clock_steady_ms());
        while (follower_next(line_follower(line), &foreign)) {
            if (takes_headers) take_header(foreign.header);
            for (uint32_t i = 0; i < foreign.count; i++) {
                assert_true(row_read(foreign.rows[i].row, &envelope, &body, &err));
                take(service, &envelope);
            }
            follower_consumed(line_follower(line), &foreign, UINT32_MAX);
        }
        assert_null(follower_trouble(line_follower(line)));
        bus_wait(&socket, 1, NULL, 0, 20, &ready);
    }
    line_close(line);
}

static void learn_event(const char *service, const struct journal_event *envelope)
{
    const size_t size = strcspn(envelope->type, ".");

    if (strcmp(envelope->service, service) != 0) return;
    for (size_t i = 0; i < contract_count; i++)
        if (strncmp(contracts[i]->name, envelope->type, size) == 0 &&
            contracts[i]->name[size] == '\0')
            learn(i, envelope->aggregate);
}

static void learn_all(void)
{
    for (int i = 0; i < JOURNALED; i++)
        read_journal(names[i], learn_event, false);
}

static void take_id(const char *service, const struct journal_event *envelope)
{
    (void)service;
    add(&happened, envelope->id);
}

/* What caused it was accepted, or is a rule or a deadline of the service's own, or else an event. */
static void take_cause(const char *service, const struct journal_event *envelope)
{
    const bool is_own = envelope->role == ACTOR_ROLE_SYS || envelope->role == ACTOR_ROLE_TM;

    if (strcmp(envelope->service, service) != 0) return;
    if (!envelope->has_cause && !is_own) fail_msg("%s came of nothing", envelope->type);
    if (!envelope->has_cause || has(&accepted, envelope->cause)) return;
    if (has(&sent, envelope->cause))
        fail_msg("%s came of a command that was not answered as accepted", envelope->type);
    if (!is_own) add(&causes, envelope->cause);
}

/* The tests. */

static void every_command_of_every_contract_damaged_and_whole(void **unused)
{
    (void)unused;
    for (int round = 0; round < ROUNDS; round++) {
        if (round % (ROUNDS / 4) == 0) learn_all();
        for (size_t i = 0; i < contract_count; i++) {
            const int service = place_of(contracts[i]->service);

            if (service < 0) continue;
            asked_of = i;
            for (size_t n = 0; n < contracts[i]->command_count; n++)
                for (int times = times_in(&contracts[i]->commands[n], round); times > 0; times--)
                    say(dice(16) == 0 ? (int)dice(JOURNALED) : service, &contracts[i]->commands[n]);
            wait_for_answers(service);
        }
    }
    for (int i = 0; i < JOURNALED; i++)
        wait_for_answers(i);
    assert_true(accepted.count > 300 && accepted.count < sent.count);
}

static void questions_and_pulls_of_all_sorts(void **unused)
{
    static struct bus_query query;
    static struct bus_pull pull;
    struct bus_credit credit;
    const size_t before = accepted.count;

    (void)unused;
    for (size_t i = 0; i < contract_count; i++)
        for (size_t n = 0; n < contracts[i]->record_count * QUERIES; n++) {
            const struct record *record = &contracts[i]->records[n % contracts[i]->record_count];
            const int service = place_of(contracts[i]->service);

            if (service < 0) break;
            memset(&query, 0, sizeof query);
            any_value(&bus_query_descriptor, &query);
            if (dice(8) != 0) strcpy(query.record, record->row->name);
            if (record->filter_count > 0 && dice(2))
                strcpy(query.filter, record->filters[dice((int64_t)record->filter_count)]->name);
            if (dice(8) != 0) query.at_least = dice(3);
            ask(service, 'Q', &bus_query_descriptor, &query);
            if (n % QUERIES == 0) wait_for_answers(service);
        }
    for (int i = 0; i < PULLS; i++) {
        memset(&pull, 0, sizeof pull);
        any_value(&bus_pull_descriptor, &pull);
        if (dice(2)) pull.from = (struct bus_place){.hash = pull.from.hash};
        if (dice(2)) pull.has_until = false;
        if (dice(2)) strcpy(pull.types.at[0], "*"), pull.types.count = 1;
        ask(i % JOURNALED, 'L', &bus_pull_descriptor, &pull);
        any_value(&bus_credit_descriptor, &credit);
        ask(i % JOURNALED, "KYHD"[dice(4)], &bus_credit_descriptor, &credit);
        wait_for_answers(i % JOURNALED);
    }
    assert_int_equal(accepted.count, before);
}

static void the_journals_tell_of_what_was_answered_as_accepted(void **unused)
{
    (void)unused;
    sort(&sent);
    sort(&accepted);
    for (int i = 0; i < JOURNALED; i++)
        read_journal(names[i], take_cause, true);
    for (int i = 0; i < JOURNALED; i++)
        read_journal(names[i], take_id, false);
    sort(&happened);
    sort(&remembered);
    for (size_t i = 0; i < causes.count; i++)
        assert_true(has(&happened, causes.at[i]));
    for (size_t i = 0; i < remembered.count; i++) {
        if (i > 0) assert_false(id_equal(remembered.at[i], remembered.at[i - 1]));
        if (has(&sent, remembered.at[i])) assert_true(has(&accepted, remembered.at[i]));
    }
}

static pid_t start(int service, const char *option)
{
    char path[512];

    snprintf(path, sizeof path, "%s/fadder-%s", PROGRAMS, names[service]);
    return talk_start(path, option, NULL);
}

static int end_of(pid_t pid)
{
    int status;

    assert_int_equal(waitpid(pid, &status, 0), pid);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void every_state_is_what_its_journal_makes_and_all_end_well(void **unused)
{
    (void)unused;
    for (int i = 0; i < JOURNALED; i++)
        assert_int_equal(end_of(start(i, "--verify")), 0);
    for (int i = 0; i < JOURNALED; i++) {
        SEND_SIGNAL(pids[i], SIGTERM);
        assert_int_equal(end_of(pids[i]), 0);
        pids[i] = 0;
    }
}

static void dial(int service)
{
    char endpoint[128];
    struct error err;

    for (int door = 0; door < DOORS; door++) {
        service_endpoint(names[service], doors[door], endpoint);
        sockets[service][door] = bus_dial(talk_bus(), names[service], endpoint, "gateway", &err);
        assert_non_null(sockets[service][door]);
    }
}

/* What the demonstration's programme is made of. */
static void load(void)
{
    assert_int_equal(end_of(talk_start(PROGRAMS "/fadder", "load", DEMO)), 0);
}

static int set_up(void **unused)
{
    (void)unused;
    srandom(1);
    talk_begin();
    for (int i = 0; i < JOURNALED; i++)
        pids[i] = start(i, NULL);
    load();
    persons = find_contract("person");
    organisations = find_contract("organisation");
    partners = find_contract("partner");
    learn_all();
    programme = any_of(find_contract("programme"));
    for (int i = 0; i < JOURNALED; i++)
        dial(i);
    return 0;
}

static int tear_down(void **unused)
{
    (void)unused;
    for (int i = 0; i < JOURNALED; i++) {
        if (pids[i] > 0) {
            SEND_SIGNAL(pids[i], SIGKILL);
            waitpid(pids[i], NULL, 0);
        }
        for (int door = 0; door < DOORS; door++)
            socket_close(sockets[i][door]);
    }
    free(sent.at);
    free(accepted.at);
    free(remembered.at);
    free(causes.at);
    free(happened.at);
    talk_end();
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_command_of_every_contract_damaged_and_whole),
        cmocka_unit_test(questions_and_pulls_of_all_sorts),
        cmocka_unit_test(the_journals_tell_of_what_was_answered_as_accepted),
        cmocka_unit_test(every_state_is_what_its_journal_makes_and_all_end_well),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
