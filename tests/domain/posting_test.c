/* The life of a posting: what every input leads to in every state, who may, and some stories. */
#include "test.h"

#include <string.h>

#include "core/error.h"
#include "core/life.h"
#include "core/pack.h"
#include "domain/matrix.h"
#include "posting/posting.h"

enum {
    STATES = POSTING_STATE_ARCHIVED + 1,
    TODAY = 20000,
    HOUR_MS = 3600000
}; /* in winter days begin an hour earlier than in UTC */

#define DAY_MS INT64_C(86400000)

static const struct id work = {"programme"}, elsewhere = {"elsewhere"}, ours = {"ours"},
                       railway = {"railway"}, tramway = {"tramway"}, writer = {"writer"},
                       reader = {"reader"};
static const struct instant now = {TODAY * DAY_MS + 1000};

static struct posting_details details(void)
{
    return (struct posting_details){
        .title = "Plåtarbeten",
        .occupation = {OCCUPATION_SCHEME_SSYK, "7233"},
        .site = "Alkärrshallen",
        .object = {"DL 9342", POSTING_KIND_TRAM, POSTING_CONDITION_DISMANTLED, "Byta plåt."},
        .seats = 2,
        .from = {TODAY - 10},
        .until = {TODAY + 100},
        .languages = {1, {"sv"}},
    };
}

static struct posting_case given(enum posting_state state)
{
    struct posting_case c = {.rules = {.id = work, .version = 1}};

    if (state == POSTING_STATE_NONE) return c;
    c.row = (struct posting){
        .id = ours,
        .version = 4,
        .programme = work,
        .state = state,
        .host = railway,
        .author = {writer, ACTOR_ROLE_HOST},
        .editor = {writer, ACTOR_ROLE_HOST},
        .details = details(),
    };
    c.row.has_undo = true;
    c.row.undo = (struct posting_way_back){
        .by = reader,
        .until = {now.ms + HOUR_MS},
        .state = state == POSTING_STATE_PUBLISHED  ? POSTING_RESTORED_SUBMITTED
                 : state == POSTING_STATE_ARCHIVED ? POSTING_RESTORED_CLOSED
                                                   : POSTING_RESTORED_PUBLISHED};
    c.row.has_due = state == POSTING_STATE_PUBLISHED || state == POSTING_STATE_PAUSED;
    c.row.due = c.row.has_due ? now : (struct instant){0};
    return c;
}

static struct posting_input input(enum posting_input_type type, const struct posting_case *c)
{
    const bool is_late = type == POSTING_EXPIRE;
    struct posting_input in = {
        .type = type,
        .head = {.at = now,
                 .actor = {is_late ? ROLE_TM : ROLE_CO, reader, {{0}}},
                 .programme = work,
                 .id = c->row.id,
                 .version = c->row.version,
                 .ids = {ours}},
    };
    struct posting_details d = details();

    if (type == POSTING_CREATE) {
        in.posting_create = (struct posting_create){.host = railway,
                                                    .occupation = d.occupation,
                                                    .object = d.object,
                                                    .seats = d.seats,
                                                    .from = d.from,
                                                    .until = d.until,
                                                    .languages = d.languages};
        strcpy(in.posting_create.title, d.title);
        strcpy(in.posting_create.site, d.site);
    }
    if (type == POSTING_RETURN)
        in.posting_return.remarks =
            (struct posting_remarks){1, {{POSTING_PART_SITE, POSTING_FAULT_UNCLEAR}}};
    if (type == POSTING_ON_PLACEMENT_PLANNED) in.placement_planned.posting = ours;
    return in;
}

static const char *run(struct posting_case *c, const struct posting_input *in)
{
    static struct posting_events out;
    struct error err = {0};

    out.count = 0;
    if (in->type >= POSTING_ON_PLACEMENT_PLANNED) {
        const struct posting_event after = {.type = POSTING_AFTER_PLACEMENT_PLANNED +
                                                    (in->type - POSTING_ON_PLACEMENT_PLANNED)};

        posting_evolve(&c->row, &after);
    }
    if (!posting_decide(c, in, &out, &err)) {
        assert_int_equal(out.count, 0);
        return err.code;
    }
    for (size_t i = 0; i < out.count; i++) {
        posting_evolve(&c->row, &out.at[i]);
        c->row.id = out.at[i].id;
        c->row.programme = work;
        c->row.version++;
    }
    return NULL;
}

static const char *say(struct posting_case *c, enum posting_input_type type)
{
    const struct posting_input in = input(type, c);

    return run(c, &in);
}

static const char *say_as(struct posting_case *c, enum posting_input_type type, enum role role,
                          struct id actor, struct id organisation)
{
    struct posting_input in = input(type, c);

    in.head.actor = (struct actor){role, actor, organisation};
    return run(c, &in);
}

/* clang-format off */
enum { NON, DRA, SUB, RET, PUB, PAU, CLO, WDR, ARC, NO = -1 };

static const int lives[POSTING_INPUTS][STATES] = {
    /*                                         NON  DRA  SUB  RET  PUB  PAU  CLO  WDR  ARC */
    [POSTING_CREATE]                       = { DRA, NO,  NO,  NO,  NO,  NO,  NO,  NO,  NO  },
    [POSTING_CHANGE]                       = { NO,  DRA, SUB, RET, PUB, PAU, NO,  NO,  NO  },
    [POSTING_SUBMIT]                       = { NO,  SUB, NO,  SUB, NO,  NO,  NO,  NO,  NO  },
    [POSTING_RETURN]                       = { NO,  NO,  RET, NO,  NO,  NO,  NO,  NO,  NO  },
    [POSTING_PUBLISH]                      = { NO,  NO,  PUB, NO,  NO,  NO,  NO,  NO,  NO  },
    [POSTING_PAUSE]                        = { NO,  NO,  NO,  NO,  PAU, NO,  NO,  NO,  NO  },
    [POSTING_RESUME]                       = { NO,  NO,  NO,  NO,  NO,  PUB, NO,  NO,  NO  },
    [POSTING_CLOSE]                        = { NO,  NO,  NO,  NO,  CLO, CLO, NO,  NO,  NO  },
    [POSTING_WITHDRAW]                     = { NO,  WDR, WDR, WDR, WDR, WDR, NO,  NO,  NO  },
    [POSTING_ARCHIVE]                      = { NO,  NO,  NO,  NO,  NO,  NO,  ARC, ARC, NO  },
    [POSTING_UNDO]                         = { NO,  NO,  NO,  NO,  SUB, NO,  PUB, PUB, CLO },
    [POSTING_EXPIRE]                       = { NO,  NO,  NO,  NO,  CLO, CLO, NO,  NO,  NO  },
    [POSTING_ON_PLACEMENT_PLANNED]         = { NON, DRA, SUB, RET, PUB, PAU, CLO, WDR, ARC },
    [POSTING_ON_PLACEMENT_NO_SHOW_REPORTED]= { NON, DRA, SUB, RET, PUB, PAU, CLO, WDR, ARC },
    [POSTING_ON_PLACEMENT_ENDED]           = { NON, DRA, SUB, RET, PUB, PAU, CLO, WDR, ARC },
    [POSTING_ON_PLACEMENT_COMPLETED]       = { NON, DRA, SUB, RET, PUB, PAU, CLO, WDR, ARC },
    [POSTING_ON_PLACEMENT_CANCELLED]       = { NON, DRA, SUB, RET, PUB, PAU, CLO, WDR, ARC },
    [POSTING_ON_PLACEMENT_UNDONE]          = { NON, DRA, SUB, RET, PUB, PAU, CLO, WDR, ARC },
};

#define WRITERS (ROLE_HO | ROLE_CO | ROLE_PA)
#define EDITORS (ROLE_CO | ROLE_PA)

static const unsigned who_may[POSTING_EXPIRE + 1] = {
    [POSTING_CREATE] = WRITERS, [POSTING_CHANGE] = WRITERS,  [POSTING_SUBMIT] = WRITERS,
    [POSTING_RETURN] = EDITORS, [POSTING_PUBLISH] = EDITORS, [POSTING_PAUSE] = WRITERS,
    [POSTING_RESUME] = WRITERS, [POSTING_CLOSE] = WRITERS,   [POSTING_WITHDRAW] = WRITERS,
    [POSTING_ARCHIVE] = WRITERS, [POSTING_UNDO] = WRITERS,   [POSTING_EXPIRE] = ROLE_TM,
};
/* clang-format on */

static void every_input_in_every_state(void **unused)
{
    (void)unused;
    for (unsigned type = 0; type < POSTING_INPUTS; type++) {
        for (unsigned state = 0; state < STATES; state++) {
            struct posting_case c = given(state);
            const char *code = say(&c, type);
            const int next = lives[type][state];
            const struct refusal *why = state == NON ? &life_unknown : &life_not_now;

            if (type == POSTING_CREATE && state != NON) continue; /* creations have no row */
            matrix_code(&posting_contract, type, posting_state_words[state], code,
                        next == NO ? why->code : NULL);
            matrix_state(&posting_contract, type, posting_state_words[state],
                         posting_state_words[c.row.state],
                         posting_state_words[next == NO ? (int)state : next]);
        }
    }
}

static void every_role_for_every_step(void **unused)
{
    (void)unused;
    for (unsigned type = 0; type <= POSTING_EXPIRE; type++) {
        for (unsigned state = 0; state < STATES; state++) {
            for (unsigned role = ROLE_CO; role <= ROLE_SYS; role *= 2) {
                struct posting_case c = given(state), d = c, e = c;
                struct posting_input in = input(type, &c);
                const char *code;

                if (lives[type][state] == NO || (type == POSTING_CREATE && state != NON)) continue;
                code = say_as(&c, type, role, reader, railway);
                matrix_role_code(&posting_contract, type, posting_state_words[state], role, code,
                                 role & who_may[type] ? NULL : life_forbidden.code);
                if ((role & who_may[type]) == 0) continue;

                if (role == ROLE_HO || role == ROLE_CO) /* only their own organisation's */
                    assert_ptr_equal(say_as(&d, type, role, reader, tramway),
                                     type == POSTING_CREATE ? posting_not_host.code
                                                            : life_forbidden.code);
                assert_int_equal(posting_not_host.kind, ERROR_FORBIDDEN);
                in.head.actor = (struct actor){role, reader, railway};
                in.head.programme = elsewhere;
                if (role != ROLE_TM && type != POSTING_CREATE)
                    assert_ptr_equal(run(&e, &in), life_unknown.code);
            }
        }
    }
}

/* Each step from each state that it can be taken back to, and it is whole again. */
static void what_was_done_by_mistake_is_taken_back(void **unused)
{
    static const struct {
        enum posting_state from;
        enum posting_input_type step;
    } rows[] = {
        {POSTING_STATE_SUBMITTED, POSTING_PUBLISH},  {POSTING_STATE_PUBLISHED, POSTING_CLOSE},
        {POSTING_STATE_PAUSED, POSTING_CLOSE},       {POSTING_STATE_DRAFT, POSTING_WITHDRAW},
        {POSTING_STATE_SUBMITTED, POSTING_WITHDRAW}, {POSTING_STATE_RETURNED, POSTING_WITHDRAW},
        {POSTING_STATE_PUBLISHED, POSTING_WITHDRAW}, {POSTING_STATE_PAUSED, POSTING_WITHDRAW},
        {POSTING_STATE_CLOSED, POSTING_ARCHIVE},     {POSTING_STATE_WITHDRAWN, POSTING_ARCHIVE},
    };

    (void)unused;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct posting_case c = given(rows[i].from);
        struct posting before = c.row;

        c.row.has_reason = before.has_reason = rows[i].step == POSTING_ARCHIVE;
        c.row.reason = before.reason = before.has_reason ? POSTING_REASON_FILLED : 0;
        if (c.row.has_due) c.row.due.ms = before.due.ms = now.ms + 7 * DAY_MS;
        assert_null(say(&c, rows[i].step));
        assert_null(say(&c, POSTING_UNDO));
        before.version = c.row.version;
        before.has_undo = false;
        before.undo = c.row.undo;
        assert_memory_equal(&c.row, &before, sizeof before);
        assert_ptr_equal(say(&c, POSTING_UNDO), c.row.state == POSTING_STATE_DRAFT ||
                                                        c.row.state == POSTING_STATE_SUBMITTED ||
                                                        c.row.state == POSTING_STATE_RETURNED ||
                                                        c.row.state == POSTING_STATE_PAUSED
                                                    ? life_not_now.code
                                                    : posting_nothing_to_undo.code);
    }
}

static void only_by_who_did_it_within_an_hour_and_while_nobody_was_planned(void **unused)
{
    struct posting_case c = given(POSTING_STATE_SUBMITTED);
    struct posting_input in;

    (void)unused;
    assert_null(say(&c, POSTING_PUBLISH));
    assert_ptr_equal(say_as(&c, POSTING_UNDO, ROLE_CO, writer, (struct id){{0}}),
                     posting_undo_anothers.code);
    in = input(POSTING_UNDO, &c);
    in.head.at.ms += HOUR_MS + 1;
    assert_ptr_equal(run(&c, &in), posting_undo_too_late.code);
    assert_null(say(&c, POSTING_ON_PLACEMENT_CANCELLED)); /* of one before: nothing of ours */
    assert_true(c.row.has_undo);
    assert_null(say(&c, POSTING_ON_PLACEMENT_PLANNED));
    assert_ptr_equal(say(&c, POSTING_UNDO), posting_nothing_to_undo.code);
    c = given(POSTING_STATE_CLOSED); /* in the last hour of its last day */
    c.row.details.until.day = TODAY - 1;
    assert_ptr_equal(say(&c, POSTING_UNDO), posting_period_over.code);
}

static void what_is_written_is_kept_and_its_author_too(void **unused)
{
    struct posting_case c = given(POSTING_STATE_NONE);

    (void)unused;
    assert_null(say_as(&c, POSTING_CREATE, ROLE_HO, writer, railway));
    assert_string_equal(c.row.details.title, "Plåtarbeten");
    assert_string_equal(c.row.details.site, "Alkärrshallen");
    assert_string_equal(c.row.details.object.museum_number, "DL 9342");
    assert_int_equal(c.row.details.seats, 2);
    assert_false(c.row.full);
    assert_true(id_equal(c.row.host, railway));
    assert_true(id_equal(c.row.author.person, writer));
    assert_int_equal(c.row.author.role, ACTOR_ROLE_HOST);
}

static void what_makes_no_sense_is_refused(void **unused)
{
    struct posting_case c;
    struct posting_input in;

    (void)unused;
#define REFUSED(change, why)        \
    c = given(POSTING_STATE_NONE);  \
    in = input(POSTING_CREATE, &c); \
    change;                         \
    assert_ptr_equal(run(&c, &in), posting_##why.code)

    REFUSED(in.posting_create.seats = 0, no_seats);
    REFUSED(in.posting_create.until.day = in.posting_create.from.day - 1, period_backwards);
    REFUSED(c.rules.is_closed = true, programme_closed);
#undef REFUSED
    in = input(POSTING_CREATE, &c);
    in.head.programme = (struct id){{0}};
    assert_ptr_equal(run(&c, &in), life_unknown.code);
}

/* The longest texts that decide lets through, and everything else at its limit. */
static void the_longest_posting_fits_an_event(void **unused)
{
    static struct posting_created said;
    struct posting_case c = given(POSTING_STATE_NONE);
    struct posting_input in = input(POSTING_CREATE, &c);
    struct posting_details d = details();
    static char packed[4096];
    size_t size = sizeof packed;
    struct error err;

    (void)unused;
    in.posting_create.has_of_host = in.posting_create.has_of_participant = true;
    memset(in.posting_create.title, 'x', 80);
    memset(in.posting_create.site, 'x', 60);
    memset(in.posting_create.of_host, 'x', 800);
    strcpy(in.posting_create.object.museum_number, "");
    strcpy(in.posting_create.object.task, "");
    memset(in.posting_create.of_participant, 'x', 160);
    assert_null(run(&c, &in)); /* 1,100 bytes in all */
    c = given(POSTING_STATE_NONE);
    memset(in.posting_create.of_participant, 'x', 161);
    assert_ptr_equal(run(&c, &in), posting_too_long.code);

    said.details = d;
    said.details.has_municipality = said.details.has_of_host = true;
    said.details.has_of_participant = true;
    strcpy(said.details.municipality, "0180");
    strcpy(said.details.occupation.code, "abcdefghijklmnop");
    memset(said.details.title, 'x', 80);
    memset(said.details.site, 'x', 60);
    memset(said.details.object.museum_number, 'x', 24);
    memset(said.details.object.task, 'x', 200);
    for (int i = 0; i < 200; i++)
        memcpy(said.details.of_host + 2 * i, "å", 2);
    for (int i = 0; i < 168; i++) /* now they are 1,100 bytes */
        memcpy(said.details.of_participant + 2 * i, "å", 2);
    said.details.languages.count = 8;
    for (int i = 0; i < 8; i++)
        strcpy(said.details.languages.at[i], "som");
    assert_true(pack(&posting_created_descriptor, &said, packed, &size, &err));
    assert_true(size <= 1596); /* an event's row less its envelope */
}

static const char *change_as(struct posting_case *c, void (*change)(struct posting_change *),
                             enum role role, struct id actor)
{
    struct posting_input in = input(POSTING_CHANGE, c);

    in.head.actor = (struct actor){role, actor, railway};
    change(&in.posting_change);
    return run(c, &in);
}

static void three_seats(struct posting_change *ask)
{
    ask->has_seats = true;
    ask->seats = 3;
}

static void one_seat(struct posting_change *ask)
{
    ask->has_seats = true;
    ask->seats = 1;
}

static void new_title(struct posting_change *ask)
{
    ask->has_title = true;
    strcpy(ask->title, "Boggier");
}

static void new_task(struct posting_change *ask)
{
    ask->has_object = ask->object.has_task = true;
    strcpy(ask->object.task, "Måla.");
}

static void same_site(struct posting_change *ask)
{
    ask->has_site = true;
    strcpy(ask->site, "Alkärrshallen");
}

static void other_site(struct posting_change *ask)
{
    ask->has_site = true;
    strcpy(ask->site, "Hesselby");
}

static void other_code(struct posting_change *ask)
{
    ask->has_occupation = true;
    ask->occupation = (struct occupation){OCCUPATION_SCHEME_SSYK, "7522"};
}

static void other_scheme(struct posting_change *ask)
{
    ask->has_occupation = true;
    ask->occupation = (struct occupation){OCCUPATION_SCHEME_ISCO, "7233"};
}

static void later(struct posting_change *ask)
{
    ask->has_until = true;
    ask->until.day = TODAY + 200;
}

static void a_minor_change_keeps_the_state_and_a_major_one_is_approved_anew(void **unused)
{
    static const struct {
        void (*change)(struct posting_change *);
        bool is_major;
    } rows[] = {{three_seats, false}, {one_seat, false},  {new_title, false},   {same_site, false},
                {other_site, true},   {other_code, true}, {other_scheme, true}, {later, true}};
    static const enum posting_state states[] = {POSTING_STATE_DRAFT, POSTING_STATE_SUBMITTED,
                                                POSTING_STATE_RETURNED, POSTING_STATE_PUBLISHED,
                                                POSTING_STATE_PAUSED};

    (void)unused;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        for (size_t s = 0; s < sizeof states / sizeof states[0]; s++) {
            struct posting_case c = given(states[s]);
            const bool is_out = s >= 3;

            assert_null(change_as(&c, rows[i].change, ROLE_HO, writer));
            if (c.row.state != (is_out && rows[i].is_major ? POSTING_STATE_SUBMITTED : states[s]))
                fail_msg("change %zu in state %zu", i, s);
            assert_int_equal(c.row.has_due, is_out && !rows[i].is_major);
        }
    }
}

static void what_a_change_leaves_out_stays(void **unused)
{
    struct posting_case c = given(POSTING_STATE_DRAFT);

    (void)unused;
    assert_null(change_as(&c, new_title, ROLE_HO, writer));
    assert_string_equal(c.row.details.title, "Boggier");
    assert_string_equal(c.row.details.site, "Alkärrshallen");
    assert_string_equal(c.row.details.object.task, "Byta plåt.");
}

/* Of an object that is named too: nobody who says another task means that there is no tram any more. */
static void what_a_change_leaves_out_of_an_object_stays(void **unused)
{
    struct posting_case c = given(POSTING_STATE_PUBLISHED);

    (void)unused;
    assert_null(change_as(&c, new_task, ROLE_HO, writer));
    assert_string_equal(c.row.details.object.task, "Måla.");
    assert_string_equal(c.row.details.object.museum_number, "DL 9342");
    assert_int_equal(c.row.details.object.kind, POSTING_KIND_TRAM);
    assert_int_equal(c.row.details.object.condition, POSTING_CONDITION_DISMANTLED);
}

static void seats_never_fall_below_those_taken(void **unused)
{
    struct posting_case c = given(POSTING_STATE_PUBLISHED);

    (void)unused;
    c.taken = 2;
    assert_ptr_equal(change_as(&c, one_seat, ROLE_CO, reader), posting_seats_taken.code);
    c.taken = 1;
    assert_null(change_as(&c, one_seat, ROLE_CO, reader));
}

static void full_follows_from_seats_and_placements(void **unused)
{
    struct posting_case c = given(POSTING_STATE_PUBLISHED);

    (void)unused;
    assert_null(say(&c, POSTING_ON_PLACEMENT_PLANNED));
    assert_false(c.row.full);
    assert_null(say(&c, POSTING_ON_PLACEMENT_PLANNED));
    assert_true(c.row.full);
    assert_null(change_as(&c, three_seats, ROLE_CO, reader));
    assert_false(c.row.full);
    assert_null(say(&c, POSTING_ON_PLACEMENT_PLANNED));
    assert_true(c.row.full);
    for (unsigned type = POSTING_ON_PLACEMENT_NO_SHOW_REPORTED;
         type <= POSTING_ON_PLACEMENT_CANCELLED; type++) {
        const bool is_completed = type == POSTING_ON_PLACEMENT_COMPLETED;

        assert_null(say(&c, type));
        assert_int_equal(c.row.taken, 2);
        assert_false(c.row.full);
        assert_null(
            say(&c, is_completed ? POSTING_ON_PLACEMENT_PLANNED : POSTING_ON_PLACEMENT_UNDONE));
        assert_true(c.row.full);
    }
}

static void its_author_cannot_publish_it_nor_who_changed_it(void **unused)
{
    struct posting_case c = given(POSTING_STATE_SUBMITTED), d;

    (void)unused;
    c.row.author = c.row.editor = (struct posting_writer){writer, ACTOR_ROLE_COORDINATOR};
    d = c;
    assert_ptr_equal(say_as(&c, POSTING_PUBLISH, ROLE_CO, writer, railway),
                     posting_own_posting.code);
    assert_ptr_equal(say_as(&c, POSTING_PUBLISH, ROLE_PA, writer, railway), /* in another role */
                     posting_own_posting.code);
    assert_null(change_as(&c, new_title, ROLE_CO, reader));
    assert_ptr_equal(say_as(&c, POSTING_PUBLISH, ROLE_CO, reader, railway),
                     posting_own_posting.code);
    assert_ptr_equal(say_as(&c, POSTING_PUBLISH, ROLE_CO, writer, railway),
                     posting_own_posting.code);
    assert_null(say_as(&d, POSTING_PUBLISH, ROLE_CO, reader, railway));
}

static void those_without_a_name_are_told_apart_by_their_role(void **unused)
{
    const struct id nobody = {{0}};
    struct posting_case c = given(POSTING_STATE_SUBMITTED);

    (void)unused;
    c.row.author = c.row.editor = (struct posting_writer){nobody, ACTOR_ROLE_COORDINATOR};
    assert_ptr_equal(say_as(&c, POSTING_PUBLISH, ROLE_CO, nobody, nobody),
                     posting_own_posting.code);
    assert_null(say_as(&c, POSTING_PUBLISH, ROLE_PA, nobody, nobody));
}

static void what_was_returned_is_put_right_and_published(void **unused)
{
    struct posting_case c = given(POSTING_STATE_SUBMITTED);

    (void)unused;
    assert_null(say(&c, POSTING_RETURN));
    assert_int_equal(c.row.remarks.count, 1);
    assert_int_equal(c.row.remarks.at[0].part, POSTING_PART_SITE);
    assert_null(change_as(&c, other_site, ROLE_HO, writer));
    assert_int_equal(c.row.state, POSTING_STATE_RETURNED);
    assert_null(say_as(&c, POSTING_SUBMIT, ROLE_HO, writer, railway));
    assert_false(c.row.has_remarks);
    assert_null(say(&c, POSTING_PUBLISH));
}

static void its_period_is_over_the_day_after_its_last(void **unused)
{
    struct posting_case c = given(POSTING_STATE_SUBMITTED), past = c;
    struct posting_input in;
    unsigned command;

    (void)unused;
    assert_int_equal(posting_due(&c.row, &command).ms, 0);
    assert_null(say(&c, POSTING_PUBLISH));
    assert_null(say(&c, POSTING_PAUSE));
    assert_int_equal(posting_due(&c.row, &command).ms, (TODAY + 101) * DAY_MS - HOUR_MS);
    in = input(command, &c);
    in.head.at.ms = (TODAY + 101) * DAY_MS - HOUR_MS - 1;
    assert_ptr_equal(run(&c, &in), posting_not_due.code);
    in.head.at.ms++;
    assert_null(run(&c, &in));
    assert_int_equal(c.row.state, POSTING_STATE_CLOSED);
    assert_int_equal(c.row.reason, POSTING_REASON_PERIOD_OVER);
    assert_int_equal(posting_due(&c.row, &command).ms, 0);

    past.row.details.until.day = TODAY - 1;
    assert_ptr_equal(say(&past, POSTING_PUBLISH), posting_period_over.code);
}

static void nobody_loses_a_seat_behind_their_back(void **unused)
{
    struct posting_case c = given(POSTING_STATE_PUBLISHED);

    (void)unused;
    c.taken = 1;
    assert_ptr_equal(say(&c, POSTING_WITHDRAW), posting_seats_in_use.code);
    assert_null(say(&c, POSTING_CLOSE)); /* whoever is there stays */
}

static void no_seat_is_offered_before_the_programme_begins(void **unused)
{
    struct posting_case c = given(POSTING_STATE_NONE), d = given(POSTING_STATE_DRAFT);
    struct posting_input create = input(POSTING_CREATE, &c), change = input(POSTING_CHANGE, &d);

    (void)unused;
    c.rules.from.day = create.posting_create.from.day + 1;
    assert_ptr_equal(run(&c, &create), posting_before_first_day.code);
    c.rules.from.day--;
    assert_null(run(&c, &create));

    d.rules.from.day = d.row.details.from.day + 1;
    change.posting_change = (struct posting_change){.has_from = true, .from = d.row.details.from};
    assert_ptr_equal(run(&d, &change), posting_before_first_day.code);
    change.posting_change = (struct posting_change){.has_seats = true, .seats = 3};
    assert_null(run(&d, &change)); /* of one that is older nothing else is said */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_input_in_every_state),
        cmocka_unit_test(every_role_for_every_step),
        cmocka_unit_test(what_was_done_by_mistake_is_taken_back),
        cmocka_unit_test(only_by_who_did_it_within_an_hour_and_while_nobody_was_planned),
        cmocka_unit_test(what_is_written_is_kept_and_its_author_too),
        cmocka_unit_test(what_makes_no_sense_is_refused),
        cmocka_unit_test(the_longest_posting_fits_an_event),
        cmocka_unit_test(a_minor_change_keeps_the_state_and_a_major_one_is_approved_anew),
        cmocka_unit_test(what_a_change_leaves_out_stays),
        cmocka_unit_test(what_a_change_leaves_out_of_an_object_stays),
        cmocka_unit_test(seats_never_fall_below_those_taken),
        cmocka_unit_test(full_follows_from_seats_and_placements),
        cmocka_unit_test(its_author_cannot_publish_it_nor_who_changed_it),
        cmocka_unit_test(those_without_a_name_are_told_apart_by_their_role),
        cmocka_unit_test(what_was_returned_is_put_right_and_published),
        cmocka_unit_test(its_period_is_over_the_day_after_its_last),
        cmocka_unit_test(nobody_loses_a_seat_behind_their_back),
        cmocka_unit_test(no_seat_is_offered_before_the_programme_begins),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
