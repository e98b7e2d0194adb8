/* Every life-cycle holds together: what stands in its tables is there, is reached, and is what evolve
 * makes of it; and every command of every contract has its steps. */
#include "test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "contract/all.h"
#include "core/error.h"
#include "core/fill.h"
#include "core/input.h"
#include "core/pack.h"
#include "lives.h"
#include "services/lives_list.h"

enum { ROLES = sizeof actor_role_words / sizeof actor_role_words[0] - 1 };

#define EVOLVE(x)                                        \
    static void evolve_##x(void *row, const void *event) \
    {                                                    \
        x##_evolve(row, event);                          \
    }
EACH_LIFE(EVOLVE)

#define ROW(x) {&x##_life, evolve_##x},

static const struct {
    const struct life *life;
    void (*evolve)(void *row, const void *event);
} all[] = {EACH_LIFE(ROW)};

static void (*evolve_of(const struct life *life))(void *row, const void *event)
{
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
        if (all[i].life == life) return all[i].evolve;
    fail_msg("%s is not in this test", life->contract->name);
    return NULL;
}

static bool is_step(const struct life *life, unsigned from, unsigned command)
{
    for (size_t i = 0; i < life->step_count; i++)
        if (life->steps[i].from == from && life->steps[i].command == command) return true;
    return false;
}

static void test_whoever_takes_commands_has_a_life(void **unused)
{
    (void)unused;
    for (size_t c = 0; c < contract_count; c++) {
        size_t found = 0;

        for (size_t i = 0; lives[i] != NULL; i++)
            found += lives[i]->contract == contracts[c];
        if (found != (contracts[c]->command_count > 0)) fail_msg("%s", contracts[c]->name);
    }
}

static void test_every_role_has_letters(void **unused)
{
    (void)unused;
    for (unsigned i = 0; i < ROLES; i++) {
        assert_non_null(life_letters[i]);
        for (unsigned n = 0; n < i; n++)
            assert_string_not_equal(life_letters[n], life_letters[i]);
    }
}

static void check_step(const struct life *life, size_t i)
{
    const struct step *step = &life->steps[i];
    const unsigned states = lives_states(life) == 0 ? 1 : lives_states(life);
    const char *name = life->contract->name;

    if (step->command >= life->contract->command_count) fail_msg("%s: step %zu", name, i);
    if (step->from >= states || step->to >= states) fail_msg("%s: states of step %zu", name, i);
    if (step->who == 0 || step->who >> ROLES != 0) fail_msg("%s: who of step %zu", name, i);
    for (size_t n = 0; n < i; n++)
        if (life->steps[n].from == step->from && life->steps[n].command == step->command)
            fail_msg("%s: %s from %s twice", name, lives_command(life, step->command),
                     lives_state(life, step->from));
}

static void test_a_step_is_of_states_and_commands_that_there_are_and_there_once(void **unused)
{
    (void)unused;
    for (size_t i = 0; lives[i] != NULL; i++)
        for (size_t n = 0; n < lives[i]->step_count; n++)
            check_step(lives[i], n);
}

/* A creation is a step from none; who changes something names it. */
static void test_every_command_has_a_step_and_creations_one_from_none(void **unused)
{
    (void)unused;
    for (size_t i = 0; lives[i] != NULL; i++) {
        const struct contract *contract = lives[i]->contract;

        for (unsigned c = 0; c < contract->command_count; c++) {
            bool has_any = false;

            for (unsigned s = 0; s == 0 || s < lives_states(lives[i]); s++)
                has_any |= is_step(lives[i], s, c);
            if (!has_any) fail_msg("%s has no step", contract->commands[c].body->name);
            if (contract->commands[c].is_creation != is_step(lives[i], 0, c))
                fail_msg("%s creates, or does not", contract->commands[c].body->name);
        }
    }
}

/* "a coordinator's", as a refusal says it. */
static void name_owner(unsigned role, char name[64])
{
    const char *word = actor_role_words[role];

    snprintf(name, 64, "%s %s's", strchr("aeiou", word[0]) != NULL ? "an" : "a", word);
    for (char *at = name; *at != '\0'; at++)
        if (*at == '_') *at = ' ';
}

/* That all who may are named, and nobody else; our own only where no person may. */
static void check_named(const char *command, unsigned who, const struct error *err)
{
    const unsigned people = who & ~(unsigned)(ROLE_TM | ROLE_SYS);
    char name[64];

    assert_ptr_equal(err->code, life_forbidden.code);
    assert_int_equal(err->kind, ERROR_FORBIDDEN);
    if (strlen(err->text) >= sizeof err->text - 1) fail_msg("%s: cut off: %s", command, err->text);
    for (unsigned role = 0; role < ACTOR_ROLE_TM; role++) {
        name_owner(role, name);
        if ((strstr(err->text, name) != NULL) != (people >> role & 1))
            fail_msg("%s: %s and \"%s\"", command, name, err->text);
    }
    if (people == 0 && strstr(err->text, (who & ROLE_SYS) != 0 ? "program's" : "nobody's") == NULL)
        fail_msg("%s: \"%s\"", command, err->text);
}

static unsigned who_ever(const struct life *life, unsigned command)
{
    unsigned who = 0;

    for (size_t i = 0; i < life->step_count; i++)
        if (life->steps[i].command == command) who |= life->steps[i].who;
    return who;
}

static void check_refused(const struct life *life, const struct step *step)
{
    const char *command = life->contract->commands[step->command].body->name;
    const unsigned ever = who_ever(life, step->command);

    for (unsigned role = 0; role < ACTOR_ROLE_TM; role++) { /* who can be told anything */
        const struct head head = {.version = VERSION_ANY, .actor = {.role = 1u << role}};
        struct error err = {.kind = ERROR_NONE};
        const struct step *found =
            life_step(life, step->from, VERSION_ANY, step->command, &head, &err);

        if ((found == step) != (step->who >> role & 1)) fail_msg("%s: who may", command);
        if (found == NULL) check_named(command, ever >> role & 1 ? step->who : ever, &err);
    }
}

static void test_whoever_may_not_is_told_who_may(void **unused)
{
    (void)unused;
    for (size_t i = 0; lives[i] != NULL; i++)
        for (size_t n = 0; n < lives[i]->step_count; n++)
            check_refused(lives[i], &lives[i]->steps[n]);
}

static void test_the_roles_are_told_as_people_say_it(void **unused)
{
    struct error err;

    (void)unused;
    assert_false(life_forbid(ROLE_CO | ROLE_SYS, &err));
    assert_string_equal(err.text, "This is a coordinator's to do.");
    assert_false(life_forbid(ROLE_CO | ROLE_ME | ROLE_AG | ROLE_TM, &err));
    assert_string_equal(err.text,
                        "This is a coordinator's, a mentor's or an agency system's to do.");
    assert_false(life_forbid(ROLE_TM | ROLE_SYS, &err));
    assert_string_equal(err.text, "This is the operator's program's to do.");
    assert_false(life_forbid(ROLE_TM, &err));
    assert_string_equal(err.text, "This follows by itself: it is nobody's to ask for.");
}

/* What is said of who may write down for whom is what happens to who does. */
static void check_recorded(const struct life *life, unsigned state, unsigned role, enum voice of)
{
    const uint64_t may = life_may_record(life, state, 1u << role, of);
    const struct head head = {.version = VERSION_ANY,
                              .actor = {.role = 1u << role},
                              .has_behalf = true,
                              .behalf = {.of = of}};
    struct error err;

    for (unsigned c = 0; c < life->contract->command_count; c++) {
        const bool is_taken = life_step(life, state, VERSION_ANY, c, &head, &err) != NULL &&
                              life_behalf(life->contract->commands[c].body) != NULL;

        if (is_taken != (may >> c & 1))
            fail_msg("%s in %s by %s for %s", life->contract->commands[c].body->name,
                     lives_state(life, state), actor_role_words[role], voice_words[of]);
        if (is_taken && (life_scribes(life, c, of) >> role & 1) == 0)
            fail_msg("%s: nobody is told that %s may for %s",
                     life->contract->commands[c].body->name, actor_role_words[role],
                     voice_words[of]);
    }
}

static void test_who_may_write_down_for_whom_is_what_is_said_of_it(void **unused)
{
    (void)unused;
    for (size_t i = 0; lives[i] != NULL; i++)
        for (unsigned s = 0; s == 0 || s < lives_states(lives[i]); s++)
            for (unsigned role = 0; role < ROLES; role++)
                for (unsigned of = 0; of < LIFE_VOICES; of++)
                    check_recorded(lives[i], s, role, (enum voice)of);
    assert_int_equal(life_scribes(&mentorship_life, MENTORSHIP_ACCEPT, VOICE_MENTOR), ROLE_CO);
    assert_int_equal(life_scribes(&mentorship_life, MENTORSHIP_ACCEPT, VOICE_PARTICIPANT), 0);
    assert_int_equal(life_scribes(&mentorship_life, MENTORSHIP_HOLD, VOICE_PARTICIPANT),
                     ROLE_CO | ROLE_CN);
    assert_int_equal(life_scribes(&mentorship_life, MENTORSHIP_UNDO, VOICE_MENTOR), 0);
    assert_int_equal(life_scribes(&placement_life, PLACEMENT_LOG_DAY, VOICE_SUPERVISOR),
                     ROLE_CO | ROLE_HO);
    assert_int_equal(life_scribes(&person_life, PERSON_ASK_ERASURE, VOICE_SUPERVISOR),
                     ROLE_CO | ROLE_HO | ROLE_PA);
}

static void check_told(enum role role, const enum voice *of, unsigned command, const char *text)
{
    const struct head head = {.version = VERSION_ANY,
                              .actor = {.role = role},
                              .has_behalf = of != NULL,
                              .behalf = {.of = of == NULL ? VOICE_MENTOR : *of}};
    struct error err;

    assert_null(
        life_step(&mentorship_life, MENTORSHIP_STATE_OFFERED, VERSION_ANY, command, &head, &err));
    assert_ptr_equal(err.code, life_forbidden.code);
    assert_string_equal(err.text, text);
}

static void test_whoever_may_not_is_told_who_may_write_it_down(void **unused)
{
    const enum voice mentor = VOICE_MENTOR, participant = VOICE_PARTICIPANT;

    (void)unused;
    check_told(ROLE_CO, NULL, MENTORSHIP_ACCEPT,
               "This is a mentor's to do. What a mentor told you can be written down for them "
               "(behalf).");
    check_told(ROLE_CO, &participant, MENTORSHIP_ACCEPT,
               "This is a mentor's to do. What a mentor told you can be written down for them "
               "(behalf).");
    check_told(ROLE_HO, NULL, MENTORSHIP_ACCEPT,
               "This is a mentor's to do. It can be written down for them by a coordinator "
               "(behalf).");
    check_told(ROLE_CN, NULL, MENTORSHIP_LOG_MEETING,
               "This is a mentor's or a participant's to do. What a participant told you can be "
               "written down for them (behalf).");
    check_told(ROLE_CN, &mentor, MENTORSHIP_ACCEPT,
               "What they said, to write it down, is a coordinator's to do.");
    check_told(ROLE_ME, &participant, MENTORSHIP_HOLD,
               "What they said, to write it down, is a coordinator's or a counsellor's to do.");
    check_told(ROLE_HO, NULL, MENTORSHIP_UNDO,
               "This is a coordinator's, a mentor's, a participant's or a counsellor's to do.");
}

/* States, a bit each. */

static unsigned next_of(const struct life *life, unsigned states)
{
    unsigned next = states;

    for (size_t i = 0; i < life->step_count; i++)
        if ((states >> life->steps[i].from & 1) != 0) next |= 1u << life->steps[i].to;
    for (size_t i = 0; i < life->move_count; i++)
        if ((states >> life->moves[i].from & 1) != 0) next |= 1u << life->moves[i].to;
    return next;
}

static unsigned reached_from(const struct life *life, unsigned states)
{
    while (next_of(life, states) != states)
        states = next_of(life, states);
    return states;
}

static unsigned ends_of(const struct life *life)
{
    unsigned ends = 0;

    for (unsigned s = 0; s < lives_states(life); s++)
        if (next_of(life, 1u << s) == 1u << s) ends |= 1u << s;
    return ends;
}

static void test_every_state_is_reached_from_none_and_leads_to_an_end(void **unused)
{
    (void)unused;
    for (size_t i = 0; lives[i] != NULL; i++) {
        const unsigned reached = reached_from(lives[i], 1);
        const char *name = lives[i]->contract->name;

        if (lives_states(lives[i]) == 0) continue;
        assert_string_equal(lives_state(lives[i], 0), "none"); /* what a row of zeroes is in */
        for (unsigned s = 0; s < lives_states(lives[i]); s++) {
            if ((reached >> s & 1) == 0) fail_msg("%s: %s", name, lives_state(lives[i], s));
            if (lives[i] == &mentor_life) continue;    /* who is gone may come again */
            if (lives[i] == &mentee_life) continue;    /* who was closed may be taken up again */
            if (lives[i] == &delivery_life) continue;  /* what was sent may be sent again */
            if (lives[i] == &referral_life) continue;  /* what was closed may be taken up again */
            if (lives[i] == &placement_life) continue; /* what ended by mistake goes on */
            if (lives[i] == &organisation_life)
                continue;                            /* what was closed by mistake is open again */
            if (lives[i] == &posting_life) continue; /* what was put away by mistake comes back */
            if (lives[i] == &partner_life)
                continue; /* who was disabled by mistake is heard again */
            if (lives[i] == &endpoint_life) continue; /* and spoken to */
            if ((reached_from(lives[i], 1u << s) & ends_of(lives[i])) == 0)
                fail_msg("%s: no end from %s", name, lives_state(lives[i], s));
        }
    }
}

/* What evolve makes of a state: tried with rows and events of every shape that matters to it. */

static const struct field *field_of(const struct descriptor *row, const char *name)
{
    for (size_t i = 0; i < row->count; i++)
        if (strcmp(row->fields[i].name, name) == 0) return &row->fields[i];
    fail_msg("%s has no %s", row->name, name);
    return NULL;
}

static const struct descriptor *event_of(const struct contract *contract, unsigned event)
{
    return event < contract->event_count
               ? contract->events[event]
               : contract->subscriptions[event - contract->event_count].event;
}

static void set_flags(const struct descriptor *of, char *value, bool to)
{
    for (size_t i = 0; i < of->count; i++)
        if (of->fields[i].present != NO_FLAG) *(bool *)(value + of->fields[i].present) = to;
}

/* One thing in each: the first that there is. */
static void set_lists(const struct descriptor *of, char *value)
{
    static const uint32_t one = 1;

    for (size_t i = 0; i < of->count; i++)
        if (of->fields[i].type == FIELD_LIST)
            memcpy(value + of->fields[i].offset, &one, sizeof one);
}

struct shape {
    bool row_has, event_has;
    const struct field *missing; /* of the row: all but this one; or NULL */
    const struct field *word;    /* of the event: this one says value; or NULL */
    unsigned value;
};

static unsigned evolved(const struct life *life, unsigned from, unsigned event,
                        const struct shape *shape)
{
    const struct contract *contract = life->contract;
    const struct descriptor *row = contract->records[0].row, *body = event_of(contract, event);
    const struct field *state = field_of(row, "state");
    char *was = calloc(1, row->size), *said = calloc(1, contract->event_size);
    unsigned to;

    set_flags(row, was, shape->row_has);
    if (shape->missing != NULL) *(bool *)(was + shape->missing->present) = false;
    memcpy(was + state->offset, &from, sizeof from);
    memcpy(said, &event, sizeof event);
    set_flags(body, said + contract->event_body, shape->event_has);
    if (shape->event_has) set_lists(body, said + contract->event_body);
    if (shape->word != NULL)
        memcpy(said + contract->event_body + shape->word->offset, &shape->value, sizeof(unsigned));
    evolve_of(life)(was, said);
    memcpy(&to, was + state->offset, sizeof to);
    free(was);
    free(said);
    return to;
}

/* The states that an event can make of one, a bit each: from a row of which nothing is missing but one
 * thing, and from others, with every word that the event can say. */
static unsigned made_of(const struct life *life, unsigned from, unsigned event)
{
    const struct descriptor *row = life->contract->records[0].row;
    const struct descriptor *body = event_of(life->contract, event);
    unsigned made = 0;

    for (size_t f = 0; f < row->count; f++) {
        struct shape shape = {.row_has = true, .missing = &row->fields[f]};

        if (row->fields[f].present == NO_FLAG) continue;
        made |= 1u << evolved(life, from, event, &shape);
        shape.event_has = true;
        made |= 1u << evolved(life, from, event, &shape);
    }

    for (unsigned flags = 0; flags < 4; flags++) {
        struct shape shape = {.row_has = flags & 1, .event_has = flags >> 1};

        made |= 1u << evolved(life, from, event, &shape);
        for (size_t f = 0; f < body->count; f++) {
            if (body->fields[f].type != FIELD_WORD) continue;
            shape.word = &body->fields[f];
            for (shape.value = 0; shape.value < body->fields[f].max; shape.value++)
                made |= 1u << evolved(life, from, event, &shape);
        }
    }
    return made;
}

static void test_a_move_is_what_evolve_makes_of_its_event(void **unused)
{
    (void)unused;
    for (size_t i = 0; lives[i] != NULL; i++)
        for (size_t n = 0; n < lives[i]->move_count; n++) {
            const struct move *move = &lives[i]->moves[n];

            if ((made_of(lives[i], move->from, move->event) >> move->to & 1) == 0)
                fail_msg("%s: no %s of %s by %s", lives[i]->contract->name,
                         lives_state(lives[i], move->to), lives_state(lives[i], move->from),
                         lives_event(lives[i], move->event));
        }
}

static void test_a_step_leads_where_some_event_of_its_own_does(void **unused)
{
    (void)unused;
    for (size_t i = 0; lives[i] != NULL; i++) {
        if (lives_states(lives[i]) == 0) continue;
        for (const struct step *step = lives[i]->steps;
             step < lives[i]->steps + lives[i]->step_count; step++) {
            unsigned made = 0;

            for (unsigned event = 0; event < lives[i]->contract->event_count; event++)
                made |= made_of(lives[i], step->from, event);
            if ((made >> step->to & 1) == 0)
                fail_msg("%s: nothing makes %s of %s", lives[i]->contract->name,
                         lives_state(lives[i], step->to), lives_state(lives[i], step->from));
        }
    }
}

/* The other way round: what evolve makes of a state is somewhere a step or a move. */
static void test_whatever_an_event_leads_to_is_in_the_tables(void **unused)
{
    (void)unused;
    for (size_t i = 0; lives[i] != NULL; i++) {
        const struct life *life = lives[i];
        const struct contract *contract = life->contract;
        unsigned known = 0;

        for (size_t n = 0; n < life->step_count; n++)
            known |= 1u << life->steps[n].to;
        for (size_t n = 0; n < life->move_count; n++)
            known |= 1u << life->moves[n].to;
        for (unsigned s = 0; s < lives_states(life); s++)
            for (unsigned e = 0; e < contract->event_count + contract->subscription_count; e++)
                if ((made_of(life, s, e) & ~known & ~(1u << s)) != 0)
                    fail_msg("%s: %s of %s", contract->name, lives_event(life, e),
                             lives_state(life, s));
    }
}

/* Everything that there can be, but lists have room, and numbers and times can be counted on. */
static void fill_some(const struct descriptor *of, char *value)
{
    fill(of, value, "x");
    for (size_t i = 0; i < of->count; i++) {
        const struct field *field = &of->fields[i];
        void *at = value + field->offset;
        const int64_t middle = field->min / 2 + field->max / 2;

        if (field->type == FIELD_LIST) *(uint32_t *)at = (uint32_t)field->min;
        if (field->type == FIELD_INT) *(int64_t *)at = middle;
        if (field->type == FIELD_INSTANT) ((struct instant *)at)->ms = middle;
        if (field->type == FIELD_DATE) ((struct date *)at)->day = middle;
        if (field->type == FIELD_OBJECT) fill_some(field->object, at);
    }
}

static void check_packs(const struct life *life, unsigned from, unsigned event, unsigned has)
{
    static char packed[1 << 20];
    const struct contract *contract = life->contract;
    const struct descriptor *of = contract->records[0].row, *body = event_of(contract, event);
    char *row = calloc(1, of->size), *said = calloc(1, contract->event_size);
    size_t size = sizeof packed;
    struct error err;

    fill_some(of, row);
    set_flags(of, row, has & 1);
    memcpy(row + field_of(of, "state")->offset, &from, sizeof from);
    memcpy(said, &event, sizeof event);
    fill_some(body, said + contract->event_body);
    set_flags(body, said + contract->event_body, has >> 1);
    evolve_of(life)(row, said);
    if (!pack(of, row, packed, &size, &err))
        fail_msg(
            "%s after %s in %s cannot be packed: %s (evolve must keep what the record requires)",
            contract->name, lives_event(life, event), lives_state(life, from), err.text);
    free(row);
    free(said);
}

/* Not from none: a first event that is none's own is a story's matter. */
static void test_what_evolve_leaves_can_be_packed(void **unused)
{
    (void)unused;
    for (size_t i = 0; lives[i] != NULL; i++) {
        const struct contract *contract = lives[i]->contract;

        for (unsigned s = 1; s < lives_states(lives[i]); s++)
            for (unsigned e = 0; e < contract->event_count + contract->subscription_count; e++)
                for (unsigned has = 0; has < 4; has++)
                    check_packs(lives[i], s, e, has);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_whoever_takes_commands_has_a_life),
        cmocka_unit_test(test_every_role_has_letters),
        cmocka_unit_test(test_a_step_is_of_states_and_commands_that_there_are_and_there_once),
        cmocka_unit_test(test_every_command_has_a_step_and_creations_one_from_none),
        cmocka_unit_test(test_whoever_may_not_is_told_who_may),
        cmocka_unit_test(test_the_roles_are_told_as_people_say_it),
        cmocka_unit_test(test_who_may_write_down_for_whom_is_what_is_said_of_it),
        cmocka_unit_test(test_whoever_may_not_is_told_who_may_write_it_down),
        cmocka_unit_test(test_every_state_is_reached_from_none_and_leads_to_an_end),
        cmocka_unit_test(test_a_move_is_what_evolve_makes_of_its_event),
        cmocka_unit_test(test_a_step_leads_where_some_event_of_its_own_does),
        cmocka_unit_test(test_whatever_an_event_leads_to_is_in_the_tables),
        cmocka_unit_test(test_what_evolve_leaves_can_be_packed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
