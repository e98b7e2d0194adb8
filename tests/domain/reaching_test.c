/* Through notification's own tables: whom mails do not reach, who is told, and until when. */
#include <stdio.h>
#include <string.h>

#include "test.h"

#include "domain/turn.h"

#include "affiliation/affiliation.h"
#include "clearance/clearance.h"
#include "delivery/delivery.h"
#include "matter/matter.h"
#include "message/message.h"
#include "outlet/outlet.h"
#include "recipient/recipient.h"
#include "request/request.h"
#include "secrecy/secrecy.h"
#include "taken.h"
#include "tenant/tenant.h"
#include "withdrawing.h"

static const struct aggregate *const aggregates[] = {
    &matter_aggregate,
    &tenant_aggregate,
    &outlet_aggregate,
    &request_aggregate,
    &affiliation_aggregate,
    &clearance_aggregate,
    &secrecy_aggregate,
    &recipient_aggregate,
    &message_aggregate,
    &delivery_aggregate,
    NULL,
};

static const struct actor sys = {ROLE_SYS, {{0}}, {{0}}};
static struct id club, mentor, person, host, agency;

/* The messages of a kind to an audience: the one that is said last, and how many there are. */
struct look {
    enum message_kind kind;
    enum message_audience audience;
    struct message last;
    int count;
};

static bool look_at(void *cookie, struct id id, const void *row)
{
    const struct message *message = row;
    struct look *look = cookie;

    (void)id;
    if (message->kind != look->kind || message->audience != look->audience) return true;
    look->last = *message;
    look->count++;
    return true;
}

static struct look said(enum message_kind kind, enum message_audience audience)
{
    struct look look = {.kind = kind, .audience = audience};
    struct error err;

    turn_begin();
    assert_true(table_scan(turn.txn, &messages, NULL, look_at, &look, &err));
    turn_end();
    return look;
}

static int told_of_losses(void)
{
    return said(MESSAGE_KIND_RECIPIENT_LOST, MESSAGE_AUDIENCE_COORDINATOR).count;
}

static enum recipient_state state_of(struct id id)
{
    struct recipient row;

    turn_get(&recipients, id, &row);
    return row.state;
}

/* Something is said to that audience; the delivery. */
static struct id say_to(enum message_audience audience)
{
    static int number;
    const struct mentorship_declined declined = {.mentor = mentor, .participant = person};
    const struct mentorship_completed completed = {.mentor = mentor, .participant = person};
    const struct placement_interrupted interrupted = {.host = host,
                                                      .referral = turn_id("referral", 1)};

    turn.now.ms += 1000;
    number++;
    if (audience == MESSAGE_AUDIENCE_MENTOR || audience == MESSAGE_AUDIENCE_PARTICIPANT) {
        turn_hear("mentorship.completed", turn_id("mentorship", number), &completed);
        return said(MESSAGE_KIND_MENTORSHIP_COMPLETED, audience).last.id;
    }
    if (audience == MESSAGE_AUDIENCE_HOST || audience == MESSAGE_AUDIENCE_AGENCY) {
        turn_hear("placement.interrupted", turn_id("placement", number), &interrupted);
        return said(MESSAGE_KIND_PLACEMENT_INTERRUPTED, audience).last.id;
    }
    turn_hear("mentorship.declined", turn_id("mentorship", number), &declined);
    return said(MESSAGE_KIND_MENTORSHIP_DECLINED, audience).last.id;
}

static void give_up(struct id delivery, enum delivery_reason reason, int cause)
{
    const struct delivery_report_failed failed = {.result = DELIVERY_RESULT_REFUSED,
                                                  .reason = reason,
                                                  .has_cause = cause >= 0,
                                                  .cause =
                                                      (enum delivery_cause)(cause < 0 ? 0 : cause),
                                                  .jitter = 1000};

    assert_null(turn_say(&delivery_aggregate, DELIVERY_REPORT_FAILED, sys, delivery, &failed));
}

static void refuse_mail_to(enum message_audience audience)
{
    give_up(say_to(audience), DELIVERY_REASON_SMTP, DELIVERY_CAUSE_RECIPIENT);
}

static void deliver(struct id delivery)
{
    const struct delivery_report_delivered delivered = {.has_code = true, .code = 250};

    assert_null(
        turn_say(&delivery_aggregate, DELIVERY_REPORT_DELIVERED, sys, delivery, &delivered));
}

static int set_up(void **unused)
{
    struct programme_created programme = {
        .name = "Invented", .languages = {1, {LANGUAGE_SV}}, .has_sealed = true};
    struct person_role_granted granted = {.part = PERSON_PART_MENTOR, .has_organisation = true};
    struct referral_received received = {.external_id = "AF-1", .has_organisation = true};

    (void)unused;
    turn_open(aggregates, "notification");
    turn.programme = turn_id("programme", 1);
    club = turn_id("club", 1);
    mentor = turn_id("mentor", 1);
    person = turn_id("person", 1);
    host = turn_id("host", 1);
    agency = received.organisation = turn_id("agency", 1);
    received.person = person;
    granted.organisation = club;
    turn_hear("programme.created", turn.programme, &programme);
    turn_hear("person.role_granted", mentor, &granted);
    turn_hear("referral.received", turn_id("referral", 1), &received);
    return 0;
}

static int tear_down(void **unused)
{
    (void)unused;
    turn_close();
    return 0;
}

static void coordinators_are_told_once_whose_address_was_given_up(void **unused)
{
    struct message message;

    (void)unused;
    refuse_mail_to(MESSAGE_AUDIENCE_PARTICIPANT);
    assert_int_equal(state_of(person), RECIPIENT_STATE_LOST);
    assert_int_equal(told_of_losses(), 1);
    message = said(MESSAGE_KIND_RECIPIENT_LOST, MESSAGE_AUDIENCE_COORDINATOR).last;
    assert_true(id_equal(message.about, person) && id_equal(message.to, turn.programme));
    assert_false(message.has_code); /* nor anything else of them */
    refuse_mail_to(MESSAGE_AUDIENCE_PARTICIPANT);
    assert_int_equal(told_of_losses(), 1);
}

static void who_is_found_can_be_lost_again(void **unused)
{
    const struct person_changed changed = {.language = LANGUAGE_SV};
    const struct referral_updated updated = {.person = person};
    struct person_changed as_before = {.language = LANGUAGE_SV, .has_new_mailbox = true};
    struct referral_updated repeated = {.person = person, .has_new_mailbox = true};

    (void)unused;
    refuse_mail_to(MESSAGE_AUDIENCE_PARTICIPANT);
    turn_hear("person.changed", person, &changed);
    assert_int_equal(state_of(person), RECIPIENT_STATE_FOUND);
    refuse_mail_to(MESSAGE_AUDIENCE_PARTICIPANT);
    assert_int_equal(told_of_losses(), 2);
    deliver(say_to(MESSAGE_AUDIENCE_PARTICIPANT));
    assert_int_equal(state_of(person), RECIPIENT_STATE_FOUND);
    refuse_mail_to(MESSAGE_AUDIENCE_PARTICIPANT);
    turn_hear("referral.updated", turn_id("referral", 1), &updated);
    assert_int_equal(state_of(person), RECIPIENT_STATE_FOUND);
    refuse_mail_to(MESSAGE_AUDIENCE_PARTICIPANT);
    turn_hear("person.changed", person, &as_before);
    turn_hear("referral.updated", turn_id("referral", 1), &repeated);
    assert_int_equal(state_of(person), RECIPIENT_STATE_LOST); /* mails go where they went */
    as_before.new_mailbox = true;
    turn_hear("person.changed", person, &as_before);
    assert_int_equal(state_of(person), RECIPIENT_STATE_FOUND);
    refuse_mail_to(MESSAGE_AUDIENCE_PARTICIPANT);
    repeated.new_mailbox = true;
    turn_hear("referral.updated", turn_id("referral", 1), &repeated);
    assert_int_equal(state_of(person), RECIPIENT_STATE_FOUND);
    deliver(say_to(MESSAGE_AUDIENCE_MENTOR));
    assert_int_equal(state_of(mentor),
                     RECIPIENT_STATE_NONE); /* who was always reached has no row */
}

/* A mail that was lost by the network, by us, for its size or by a policy says nothing of an address. */
static void only_what_is_about_the_address_counts(void **unused)
{
    static const struct {
        enum delivery_reason reason;
        int cause; /* -1: none */
        enum recipient_state state;
    } cases[] = {
        {DELIVERY_REASON_NO_READER, -1, RECIPIENT_STATE_NONE},
        {DELIVERY_REASON_TOO_LATE, -1, RECIPIENT_STATE_NONE},
        {DELIVERY_REASON_NOT_CLEARED, -1, RECIPIENT_STATE_NONE},
        {DELIVERY_REASON_TAKEN_BACK, -1, RECIPIENT_STATE_NONE},
        {DELIVERY_REASON_NOT_HEARD, -1, RECIPIENT_STATE_NONE},
        {DELIVERY_REASON_OVERTAKEN, -1, RECIPIENT_STATE_NONE},
        {DELIVERY_REASON_NO_WORDS, -1, RECIPIENT_STATE_MISSED},
        {DELIVERY_REASON_NOT_READABLE, -1, RECIPIENT_STATE_MISSED},
        {DELIVERY_REASON_CONNECTION_REFUSED, DELIVERY_CAUSE_ROUTE, RECIPIENT_STATE_MISSED},
        {DELIVERY_REASON_SMTP, -1, RECIPIENT_STATE_MISSED},
        {DELIVERY_REASON_SMTP, DELIVERY_CAUSE_MESSAGE, RECIPIENT_STATE_MISSED},
        {DELIVERY_REASON_SMTP, DELIVERY_CAUSE_SENDER, RECIPIENT_STATE_MISSED},
        {DELIVERY_REASON_SMTP, DELIVERY_CAUSE_POLICY, RECIPIENT_STATE_MISSED},
        {DELIVERY_REASON_SMTP, DELIVERY_CAUSE_RECIPIENT, RECIPIENT_STATE_LOST},
        {DELIVERY_REASON_NO_ADDRESS, -1, RECIPIENT_STATE_LOST},
        {DELIVERY_REASON_BAD_ADDRESS, -1, RECIPIENT_STATE_LOST},
    };
    const struct id before = person;

    (void)unused;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        person = turn_id("another person", (int)i);
        give_up(say_to(MESSAGE_AUDIENCE_PARTICIPANT), cases[i].reason, cases[i].cause);
        if (state_of(person) != cases[i].state)
            fail_msg("%s, %d", delivery_reason_words[cases[i].reason], cases[i].cause);
    }
    person = before;
}

/* A mail that its server refuses ten times, the first so many for whom it is for; others: taken then, in
 * hours from the first refusal; 0: none was. */
static void refuse_to_the_end(struct id delivery, int cause, unsigned of_reader, int64_t others)
{
    struct delivery_report_failed failed = {.result = DELIVERY_RESULT_LATER,
                                            .reason = DELIVERY_REASON_SMTP,
                                            .has_cause = cause >= 0,
                                            .cause = (enum delivery_cause)(cause < 0 ? 0 : cause),
                                            .others_taken.ms = turn.now.ms + others * 3600000,
                                            .jitter = 1000};

    for (unsigned i = 0; i < DELIVERY_ATTEMPTS; i++) {
        failed.has_reader_refused = failed.reader_refused = i < of_reader;
        failed.has_others_taken = others != 0 && turn.now.ms >= failed.others_taken.ms;
        assert_null(turn_say(&delivery_aggregate, DELIVERY_REPORT_FAILED, sys, delivery, &failed));
        turn.now.ms += 10 * 3600000;
    }
}

/* What a server refuses may be of its own making: it is the recipient's when others were reached between two
 * refusals of theirs. */
static void who_is_refused_while_others_are_not_is_lost(void **unused)
{
    enum { ALL = DELIVERY_ATTEMPTS };
    static const struct {
        int cause; /* -1: none */
        unsigned of_reader;
        int64_t others;
        enum recipient_state state;
    } cases[] = {
        {DELIVERY_CAUSE_POLICY, ALL, 0, RECIPIENT_STATE_MISSED},  /* all are refused */
        {DELIVERY_CAUSE_POLICY, ALL, -1, RECIPIENT_STATE_MISSED}, /* all are by now */
        {DELIVERY_CAUSE_POLICY, ALL, 1, RECIPIENT_STATE_LOST},
        {DELIVERY_CAUSE_POLICY, ALL, 89, RECIPIENT_STATE_LOST},  /* in the last hour */
        {DELIVERY_CAUSE_POLICY, 0, 1, RECIPIENT_STATE_MISSED},   /* that mail is */
        {DELIVERY_CAUSE_POLICY, 9, 1, RECIPIENT_STATE_MISSED},   /* it is in the end */
        {DELIVERY_CAUSE_SENDER, ALL, 1, RECIPIENT_STATE_MISSED}, /* we are */
        {-1, ALL, 1, RECIPIENT_STATE_LOST},                      /* their host is away */
        {-1, ALL, 0, RECIPIENT_STATE_MISSED},
        {DELIVERY_CAUSE_RECIPIENT, ALL, 0, RECIPIENT_STATE_LOST}, /* a full mailbox is theirs */
    };
    const struct id before = person;

    (void)unused;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        person = turn_id("another person", (int)i);
        refuse_to_the_end(say_to(MESSAGE_AUDIENCE_PARTICIPANT), cases[i].cause, cases[i].of_reader,
                          cases[i].others);
        if (state_of(person) != cases[i].state) fail_msg("case %zu: %u", i, state_of(person));
    }
    person = before;
}

static int told_of_misses(void)
{
    return said(MESSAGE_KIND_RECIPIENT_MISSED, MESSAGE_AUDIENCE_COORDINATOR).count;
}

static void no_mail_is_given_up_without_a_word(void **unused)
{
    struct message message;

    (void)unused;
    give_up(say_to(MESSAGE_AUDIENCE_PARTICIPANT), DELIVERY_REASON_SMTP, DELIVERY_CAUSE_POLICY);
    assert_int_equal(told_of_misses(), 1);
    message = said(MESSAGE_KIND_RECIPIENT_MISSED, MESSAGE_AUDIENCE_COORDINATOR).last;
    assert_true(id_equal(message.about, person) && id_equal(message.to, turn.programme));
    give_up(say_to(MESSAGE_AUDIENCE_PARTICIPANT), DELIVERY_REASON_SMTP, DELIVERY_CAUSE_POLICY);
    assert_int_equal(told_of_misses(), 1); /* they see to it already */
    refuse_mail_to(MESSAGE_AUDIENCE_PARTICIPANT);
    assert_int_equal(state_of(person), RECIPIENT_STATE_LOST);
    give_up(say_to(MESSAGE_AUDIENCE_PARTICIPANT), DELIVERY_REASON_SMTP, DELIVERY_CAUSE_POLICY);
    assert_int_equal(state_of(person), RECIPIENT_STATE_LOST);
    deliver(say_to(MESSAGE_AUDIENCE_PARTICIPANT));
    give_up(say_to(MESSAGE_AUDIENCE_PARTICIPANT), DELIVERY_REASON_SMTP, DELIVERY_CAUSE_POLICY);
    assert_int_equal(told_of_misses(), 2);
    deliver(say_to(MESSAGE_AUDIENCE_PARTICIPANT));
    assert_int_equal(state_of(person), RECIPIENT_STATE_FOUND);
    give_up(say_to(MESSAGE_AUDIENCE_COORDINATOR), DELIVERY_REASON_SMTP, DELIVERY_CAUSE_POLICY);
    assert_int_equal(told_of_misses(), 2); /* who would hear it */
}

static void only_a_mail_for_somebody_else_proves_anything(void **unused)
{
    struct taken taken = {{{{0}}}, {{0}}};

    (void)unused;
    assert_int_equal(taken_for_others(&taken, person, (struct instant){0}).ms, 0);
    taken_note(&taken, mentor, (struct instant){100});
    assert_int_equal(taken_for_others(&taken, person, (struct instant){0}).ms, 100);
    assert_int_equal(taken_for_others(&taken, mentor, (struct instant){200}).ms, 0);
    taken_note(&taken, person, (struct instant){200});
    taken_note(&taken, person, (struct instant){300});
    assert_int_equal(taken_for_others(&taken, person, (struct instant){301}).ms, 100);
    assert_int_equal(taken_for_others(&taken, person, (struct instant){300}).ms, 0);
    assert_int_equal(taken_for_others(&taken, host, (struct instant){300}).ms, 300);
    taken_note(&taken, host, (struct instant){400}); /* they were reached before that one too */
    assert_int_equal(taken_for_others(&taken, person, (struct instant){300}).ms, 0);
    assert_int_equal(taken_for_others(&taken, person, (struct instant){301}).ms, 400);
}

/* Sent again, it is tried anew; what was before does not count. */
static void a_schedule_that_begins_anew_proves_anew(void **unused)
{
    const struct id delivery = say_to(MESSAGE_AUDIENCE_PARTICIPANT);
    struct delivery row;

    (void)unused;
    refuse_to_the_end(delivery, DELIVERY_CAUSE_POLICY, DELIVERY_ATTEMPTS, 0);
    turn_get(&deliveries, delivery, &row);
    assert_true(row.has_reader_refused);
    assert_null(turn_say(&delivery_aggregate, DELIVERY_RETRY, sys, delivery, NULL));
    refuse_to_the_end(delivery, DELIVERY_CAUSE_POLICY, DELIVERY_ATTEMPTS, -1);
    assert_int_equal(state_of(person), RECIPIENT_STATE_MISSED);
}

/* More than one list of ids holds: there may be some of before they were counted. */
static void no_outlet_outlives_its_partner(void **unused)
{
    enum { MORE = IDS_MAX + 2 };
    const struct id partner = turn_id("partner", 1);
    const struct endpoint_created created = {.partner = partner,
                                             .url = "https://example.org/hooks"};
    const struct partner_disabled disabled = {.reason = PARTNER_REASON_CONTRACT_ENDED};
    struct outlet row;

    (void)unused;
    for (int i = 0; i < MORE; i++)
        turn_hear("endpoint.created", turn_id("endpoint", i), &created);
    turn_hear("partner.disabled", partner, &disabled);
    turn_until(turn.now); /* sixteen at a time */
    for (int i = 0; i < MORE; i++) {
        turn_get(&outlets, turn_id("endpoint", i), &row);
        assert_int_equal(row.state, OUTLET_STATE_DISABLED);
    }
}

static int told_systems(void)
{
    return said(MESSAGE_KIND_REFERRAL_WAITLISTED, MESSAGE_AUDIENCE_PARTNER).count;
}

/* Of many that were disabled long ago those are found that were just now. */
static void what_a_system_may_still_hear_is_kept_for_it(void **unused)
{
    enum { LONG_AGO = IDS_MAX + 2 };
    const struct id partner = turn_id("partner", 1), referral = turn_id("referral", 7);
    const struct endpoint_created created = {.partner = partner,
                                             .url = "https://example.org/hooks"};
    const struct referral_received received = {.external_id = "AF-7", .partner = partner};
    const struct referral_waitlisted waitlisted = {.partner = partner};
    struct endpoint_disabled disabled = {
        .has_undo = true, .undo = {.state = ENDPOINT_RESTORED_ACTIVE, .until = turn.now}};
    const struct endpoint_undone undone = {.state = ENDPOINT_RESTORED_ACTIVE};
    const struct id last = turn_id("endpoint", 9); /* in order of ids */

    (void)unused;
    turn_hear("referral.received", referral, &received);
    for (int i = 0; i < LONG_AGO; i++) {
        turn_hear("endpoint.created", turn_id("endpoint", i), &created);
        turn_hear("endpoint.disabled", turn_id("endpoint", i), &disabled);
    }
    turn.now.ms += 3600000;
    turn_hear("referral.waitlisted", referral, &waitlisted);
    assert_int_equal(told_systems(), 0); /* nothing of it can be taken back any more */

    turn_hear("endpoint.created", last, &created);
    disabled.undo.until.ms = turn.now.ms + 3600000;
    turn_hear("endpoint.disabled", last, &disabled);
    turn_hear("referral.waitlisted", referral, &waitlisted);
    assert_int_equal(told_systems(), 1);
    turn_hear("endpoint.undone", last, &undone);
    turn_hear("referral.waitlisted", referral, &waitlisted);
    assert_int_equal(told_systems(), 2); /* and not twice */
}

static void a_mailbox_is_an_organisations(void **unused)
{
    struct organisation_changed changed = {.name = "Another name"};

    (void)unused;
    refuse_mail_to(MESSAGE_AUDIENCE_HOST);
    refuse_mail_to(MESSAGE_AUDIENCE_AGENCY);
    refuse_mail_to(MESSAGE_AUDIENCE_CLUB);
    assert_int_equal(state_of(host), RECIPIENT_STATE_LOST);
    assert_int_equal(state_of(agency), RECIPIENT_STATE_LOST);
    assert_int_equal(state_of(club), RECIPIENT_STATE_LOST);
    assert_int_equal(told_of_losses(), 3);
    turn_hear("organisation.changed", host, &changed);
    assert_int_equal(state_of(host),
                     RECIPIENT_STATE_LOST); /* it is called otherwise, that is all */
    changed.has_sealed = changed.has_new_mailbox = true;
    turn_hear("organisation.changed", host, &changed);
    assert_int_equal(state_of(host), RECIPIENT_STATE_LOST); /* its mailbox was said again */
    changed.new_mailbox = true;
    turn_hear("organisation.changed", host, &changed);
    assert_int_equal(state_of(host), RECIPIENT_STATE_FOUND);
    turn_hear("organisation.closed", agency, NULL);
    assert_int_equal(state_of(agency), RECIPIENT_STATE_FORGOTTEN);
}

static struct id coordinator(int number, bool is_cleared, const struct id *organisation)
{
    const struct id who = turn_id("coordinator", number);
    struct person_role_granted granted = {.part = PERSON_PART_COORDINATOR, .cleared = is_cleared};

    granted.has_organisation = organisation != NULL;
    if (organisation != NULL) granted.organisation = *organisation;
    turn_hear("person.role_granted", who, &granted);
    return who;
}

static int told_who_is_cleared(void)
{
    const struct placement_interrupted interrupted = {.host = host,
                                                      .referral = turn_id("referral", 9)};
    const int before = said(MESSAGE_KIND_PLACEMENT_INTERRUPTED, MESSAGE_AUDIENCE_CLEARED).count;

    turn.now.ms += 1000;
    turn_hear("placement.interrupted", turn_id("placement", 900), &interrupted);
    return said(MESSAGE_KIND_PLACEMENT_INTERRUPTED, MESSAGE_AUDIENCE_CLEARED).count - before;
}

static bool guards(const struct aggregate *aggregate, const void *row)
{
    struct guarded guarded = {0};
    struct error err;

    turn_begin();
    assert_true(aggregate->guards(turn.txn, row, &guarded, &err));
    turn_end();
    assert_true(guarded.count == 0 || id_equal(guarded.at[0], turn_id("hidden", 1)) ||
                id_equal(guarded.at[0], mentor));
    return guarded.count > 0;
}

/* Of the programme, or of who looks after them; until they are cleared no more. */
static void of_who_is_hidden_coordinators_hear_who_are_cleared(void **unused)
{
    const struct id another = turn_id("another club", 1), later = coordinator(4, false, NULL);
    const struct person_clearance_confirmed confirmed = {.part = PERSON_PART_COORDINATOR};
    const struct person_role_ended ended = {.part = PERSON_PART_COORDINATOR};
    struct referral_received received = {
        .external_id = "AF-9", .person = turn_id("hidden", 1), .protection = PROTECTION_MARKED};
    const struct referral_handed_over handed_over = {.responsible = another};
    struct message told;
    struct delivery delivery;

    (void)unused;
    turn_hear("referral.received", turn_id("referral", 9), &received);
    coordinator(1, true, NULL);
    coordinator(2, true, &another);
    coordinator(3, false, NULL);
    assert_int_equal(told_who_is_cleared(), 1);
    told = said(MESSAGE_KIND_PLACEMENT_INTERRUPTED, MESSAGE_AUDIENCE_CLEARED).last;
    assert_true(id_equal(told.to, turn_id("coordinator", 1)));
    turn_get(&deliveries, told.id, &delivery);
    assert_true(guards(&message_aggregate, &told) && guards(&delivery_aggregate, &delivery));
    told.kind = MESSAGE_KIND_PERSON_ERASURE_ASKED;
    assert_false(guards(&message_aggregate, &told));

    turn_hear("person.clearance_confirmed", later, &confirmed);
    assert_int_equal(told_who_is_cleared(), 2);
    turn_hear("referral.handed_over", turn_id("referral", 9), &handed_over);
    assert_int_equal(told_who_is_cleared(), 3);
    turn_hear("person.role_ended", later, &ended);
    turn_hear("person.erased", turn_id("coordinator", 1), &(struct person_erased){0});
    assert_int_equal(told_who_is_cleared(), 1);
    coordinator(2, false, &another);
    assert_int_equal(told_who_is_cleared(), 0);
}

static void a_club_is_told_of_its_mentor_and_of_nobody_else(void **unused)
{
    const struct person_role_ended ended = {.part = PERSON_PART_MENTOR};

    (void)unused;
    refuse_mail_to(MESSAGE_AUDIENCE_PARTICIPANT);
    assert_int_equal(said(MESSAGE_KIND_RECIPIENT_LOST, MESSAGE_AUDIENCE_CLUB).count, 0);
    refuse_mail_to(MESSAGE_AUDIENCE_MENTOR);
    assert_int_equal(said(MESSAGE_KIND_RECIPIENT_LOST, MESSAGE_AUDIENCE_CLUB).count, 1);
    assert_true(id_equal(said(MESSAGE_KIND_RECIPIENT_LOST, MESSAGE_AUDIENCE_CLUB).last.to, club));
    deliver(say_to(MESSAGE_AUDIENCE_MENTOR));
    turn_hear("person.role_ended", mentor, &ended);
    refuse_mail_to(MESSAGE_AUDIENCE_MENTOR);
    assert_int_equal(said(MESSAGE_KIND_RECIPIENT_LOST, MESSAGE_AUDIENCE_CLUB).count, 1);
    assert_int_equal(told_of_losses(), 3);
}

static void coordinators_whom_nothing_reaches_are_not_written_to_about_it(void **unused)
{
    struct programme_changed changed = {.name = "Invented", .languages = {1, {LANGUAGE_SV}}};

    (void)unused;
    refuse_mail_to(MESSAGE_AUDIENCE_COORDINATOR);
    assert_int_equal(state_of(turn.programme), RECIPIENT_STATE_LOST);
    assert_int_equal(told_of_losses(), 0);
    turn_hear("programme.changed", turn.programme, &changed);
    assert_int_equal(state_of(turn.programme), RECIPIENT_STATE_LOST);
    changed.has_sealed = changed.has_new_mailbox = true;
    turn_hear("programme.changed", turn.programme, &changed);
    assert_int_equal(state_of(turn.programme), RECIPIENT_STATE_LOST);
    changed.new_mailbox = true;
    turn_hear("programme.changed", turn.programme, &changed);
    assert_int_equal(state_of(turn.programme), RECIPIENT_STATE_FOUND);
}

/* It does not wait for a server. */
static void assert_is_to_nobody(struct id delivery)
{
    struct delivery row;

    turn_get(&deliveries, delivery, &row);
    assert_int_equal(row.state, DELIVERY_STATE_GIVEN_UP);
    assert_int_equal(row.reason, DELIVERY_REASON_NO_READER);
}

static void of_who_is_erased_nothing_is_said_any_more(void **unused)
{
    const struct person_erased erased = {.has_referral = true, .referral = turn_id("referral", 1)};
    const struct person_erased other = {.has_referral = false};
    const struct id under_way = say_to(MESSAGE_AUDIENCE_PARTICIPANT);
    struct recipient row;

    (void)unused;
    refuse_mail_to(MESSAGE_AUDIENCE_PARTICIPANT);
    turn_hear("person.erased", person, &erased);
    turn_get(&recipients, person, &row);
    assert_int_equal(row.state, RECIPIENT_STATE_FORGOTTEN);
    assert_false(row.has_delivery || row.has_at);
    assert_is_to_nobody(under_way);
    assert_null(turn_say(&delivery_aggregate, DELIVERY_RETRY, sys, under_way, NULL)); /* late */
    give_up(under_way, DELIVERY_REASON_SMTP, DELIVERY_CAUSE_RECIPIENT);
    assert_int_equal(state_of(person), RECIPIENT_STATE_FORGOTTEN);
    assert_int_equal(told_of_losses(), 1);

    turn_hear("person.erased", mentor, &other); /* and was always reached before */
    assert_is_to_nobody(say_to(MESSAGE_AUDIENCE_MENTOR));
    assert_int_equal(told_of_losses(), 1);
}

static bool may_lie_as(const char *name)
{
    bool is_due;

    turn_begin();
    is_due = withdrawing_is_due(turn.txn, name);
    turn_end();
    return !is_due;
}

static bool may_lie_in_a_file(struct id delivery)
{
    char id[ID_TEXT_SIZE], name[128];

    id_write(delivery, id);
    snprintf(name, sizeof name, "%s@example.org", id);
    return may_lie_as(name);
}

/* The first of several things that are one mail. */
static bool may_lie_with_others(struct id delivery)
{
    char id[ID_TEXT_SIZE], whole[ID_TEXT_SIZE], name[128];

    id_write(delivery, id);
    id_write(turn_id("whole", 1), whole);
    snprintf(name, sizeof name, "%s@example.org.%s", whole, id);
    return may_lie_as(name);
}

static void protect(struct id whom, enum protection protection)
{
    turn_hear("person.protection_changed", whom,
              &(struct person_protection_changed){.protection = protection});
}

/* Of the reader, whoever it is about: who is hidden, is not any more, and is erased. */
static void no_mail_lies_in_a_file_for_who_is_hidden_or_erased(void **unused)
{
    const struct id to_mentor = say_to(MESSAGE_AUDIENCE_MENTOR),
                    to_person = say_to(MESSAGE_AUDIENCE_PARTICIPANT);

    (void)unused;
    assert_true(may_lie_in_a_file(to_mentor) && may_lie_in_a_file(to_person));
    protect(mentor, PROTECTION_MARKED);
    assert_false(may_lie_in_a_file(to_mentor) || may_lie_with_others(to_mentor));
    assert_true(may_lie_in_a_file(to_person) && may_lie_with_others(to_person));
    protect(mentor, PROTECTION_NONE);
    assert_true(may_lie_in_a_file(to_mentor));
    turn_hear("person.erased", person, &(struct person_erased){0});
    assert_true(may_lie_in_a_file(to_mentor));
    assert_false(may_lie_in_a_file(to_person));
    assert_true(may_lie_in_a_file(turn_id("unknown", 1)));
    assert_true(may_lie_as("written by hand") && may_lie_as(""));
}

/* Nor one that tells somebody else of their case. */
static void no_mail_about_the_case_of_who_is_hidden_lies_in_a_file(void **unused)
{
    const struct id to_agency = say_to(MESSAGE_AUDIENCE_AGENCY);

    (void)unused;
    assert_true(may_lie_in_a_file(to_agency));
    turn_hear("person.hidden", person,
              &(struct person_hidden){.protection = PROTECTION_MARKED,
                                      .has_referral = true,
                                      .referral = turn_id("referral", 1)});
    assert_false(may_lie_in_a_file(to_agency));
}

/* Of a mentor of a club, whom no agency referred: the club's mailbox and the programme's, and who is cleared of either. Who they are for
 * would tell where the mentor is. */
static void a_club_hears_that_somebody_cleared_takes_over_with_its_mentor(void **unused)
{
    const struct person_hidden hidden = {.protection = PROTECTION_MARKED};
    const struct id another = turn_id("another club", 1);
    struct look clubs, cleared;

    (void)unused;
    coordinator(1, true, &club);
    coordinator(2, true, &another);
    coordinator(3, true, NULL);
    protect(mentor, PROTECTION_MARKED);
    turn_hear("person.hidden", mentor, &hidden);
    clubs = said(MESSAGE_KIND_PERSON_HIDDEN, MESSAGE_AUDIENCE_CLUB);
    cleared = said(MESSAGE_KIND_PERSON_HIDDEN, MESSAGE_AUDIENCE_CLEARED);
    assert_int_equal(clubs.count, 1);
    assert_true(id_equal(clubs.last.to, club) && id_equal(clubs.last.about, mentor));
    assert_int_equal(cleared.count, 2);
    assert_int_equal(said(MESSAGE_KIND_PERSON_HIDDEN, MESSAGE_AUDIENCE_COORDINATOR).count, 1);
    assert_true(guards(&message_aggregate, &clubs.last));
    assert_true(may_lie_in_a_file(clubs.last.id)); /* it says nothing */
    protect(mentor, PROTECTION_NONE);
    assert_false(guards(&message_aggregate, &clubs.last));
}

#define STORY(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORY(coordinators_are_told_once_whose_address_was_given_up),
        STORY(who_is_found_can_be_lost_again),
        STORY(only_what_is_about_the_address_counts),
        STORY(who_is_refused_while_others_are_not_is_lost),
        STORY(no_mail_is_given_up_without_a_word),
        STORY(only_a_mail_for_somebody_else_proves_anything),
        STORY(a_schedule_that_begins_anew_proves_anew),
        STORY(no_outlet_outlives_its_partner),
        STORY(what_a_system_may_still_hear_is_kept_for_it),
        STORY(a_mailbox_is_an_organisations),
        STORY(of_who_is_hidden_coordinators_hear_who_are_cleared),
        STORY(a_club_is_told_of_its_mentor_and_of_nobody_else),
        STORY(coordinators_whom_nothing_reaches_are_not_written_to_about_it),
        STORY(of_who_is_erased_nothing_is_said_any_more),
        STORY(no_mail_lies_in_a_file_for_who_is_hidden_or_erased),
        STORY(no_mail_about_the_case_of_who_is_hidden_lies_in_a_file),
        STORY(a_club_hears_that_somebody_cleared_takes_over_with_its_mentor),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
