/* Mails: who reads it, and whether they may; in which language, what it says, where it goes. The registry is asked each
 * time, at the moment of sending, and nothing of what it says is kept. */
#include <stdio.h>
#include <string.h>

#include "base/crypto.h"
#include "bus/peer.h"
#include "contract/organisation.h"
#include "contract/person.h"
#include "contract/programme.h"
#include "contract/referral.h"
#include "contract/session.h"
#include "core/error.h"
#include "core/pack.h"
#include "faults.h"
#include "outside/mail.h"
#include "sending.h"
#include "service/service.h"
#include "wording.h"

enum { ADDRESS_SIZE = MIME_ADDRESS_MAX + 1 };

static void tell_of_reader(struct sending *sending)
{
    const struct instant others = taken_for_others(&sending->sender->taken, sending->reader,
                                                   sending->delivery.reader_refused);

    sending->failed.has_reader_refused = sending->failed.reader_refused = true;
    sending->failed.has_others_taken = others.ms != 0;
    sending->failed.others_taken = others;
}

static void on_sent(void *cookie, const struct client_outcome *outcome)
{
    struct sending *sending = cookie;

    faults_hear(sending->sender->faults, outcome);
    sending_end(sending, outcome);
    if (outcome->result == CLIENT_DELIVERED)
        taken_note(&sending->sender->taken, sending->reader,
                   (struct instant){worker_now(sending->sender->worker)});
    else if (outcome->is_of_reader)
        tell_of_reader(sending);
}

static void send_letter(struct sending *sending, const char *address, const char *given_name)
{
    const struct sender *sender = sending->sender;
    char id[ID_TEXT_SIZE], message_id[MIME_ADDRESS_MAX + 1];
    char link[POINTING_SIZE];
    const struct wording_reader reader = {
        .language = sending->language,
        .name = given_name,
        .programme = sending->programme,
        .link = link,
        .code = sending->code,
        .is_protected = sending->is_protected,
    };
    struct wording wording;
    struct error err;
    struct letter letter = {
        .to = address,
        .id = message_id,
        .date = sending->message.at, /* of the first attempt and of every other the same */
        .language = language_words[sending->language],
        .subject = wording.subject,
        .text = wording.text,
        .is_protected = sending->is_protected,
    };

    id_write(sending->delivery.id, id);
    snprintf(message_id, sizeof message_id, "%s@%s", id, mail_domain(sender->mail));
    if (!pointing_write(&sending->sender->pointing, worker_files(sender->worker), &sending->message,
                        link, &err)) {
        sending_put_off(sending, &err);
        return;
    }
    if (!wording_write(&sending->message, &reader, &wording)) {
        sending_fail(sending, DELIVERY_RESULT_REFUSED, DELIVERY_REASON_NO_WORDS);
        return;
    }
    sending->stage = STAGE_SENDING;
    if (!mail_send(sender->mail, &letter, on_sent, sending, &err)) {
        if (err.kind == ERROR_INVALID)
            sending_fail(sending, DELIVERY_RESULT_REFUSED, DELIVERY_REASON_BAD_ADDRESS);
        else
            sending_put_off(sending, &err);
    }
    crypto_wipe(&wording, sizeof wording);
    crypto_wipe(link, sizeof link);
}

/* Where it goes. */

static bool is_person(const struct sending *sending)
{
    return sending->mailbox == MAILBOX_PERSON;
}

static void to_person(struct sending *sending, const struct person_known *details)
{
    if (details->has_email)
        send_letter(sending, details->email, details->given_name);
    else
        sending_fail(sending, DELIVERY_RESULT_REFUSED, DELIVERY_REASON_NO_ADDRESS);
}

static void read_opened(struct sending *sending, struct frame opened)
{
    union {
        struct person_known person;
        struct organisation_contact organisation;
    } plain;
    struct error err;

    if (!unpack(is_person(sending) ? &person_known_descriptor : &organisation_contact_descriptor,
                opened.at, opened.size, &plain, &err))
        sending_fail(sending, DELIVERY_RESULT_LATER, DELIVERY_REASON_NOT_READABLE);
    else if (is_person(sending))
        to_person(sending, &plain.person);
    else
        send_letter(sending, plain.organisation.email, "");
    crypto_wipe(&plain, sizeof plain);
}

static bool is_code(const struct error *err, const char *code)
{
    return strcmp(err->code, code) == 0;
}

static void on_read(void *cookie, const struct reply *reply)
{
    struct sending *sending = cookie;

    if (reply->is_accepted)
        read_opened(sending, reply->opened);
    else if (reply->error.kind == ERROR_BUSY)
        sending_put_off(sending, &reply->error);
    else if (is_code(&reply->error, person_no_details.code) ||
             is_code(&reply->error, organisation_no_contact.code))
        sending_fail(sending, DELIVERY_RESULT_REFUSED, DELIVERY_REASON_NO_ADDRESS);
    else
        sending_fail(sending, DELIVERY_RESULT_LATER, DELIVERY_REASON_NOT_READABLE);
}

static void read_address(struct sending *sending)
{
    static const struct person_read person = {PERSON_PURPOSE_DELIVERY};
    static const struct organisation_read organisation = {ORGANISATION_PURPOSE_DELIVERY};
    static const struct programme_read programme = {ORGANISATION_PURPOSE_DELIVERY};
    static const struct {
        const struct descriptor *command;
        const void *body;
    } reads[] = {
        [MAILBOX_ORGANISATION] = {&organisation_read_descriptor, &organisation},
        [MAILBOX_PERSON] = {&person_read_descriptor, &person},
        [MAILBOX_PROGRAMME] = {&programme_read_descriptor, &programme},
    };
    const struct descriptor *command = reads[sending->mailbox].command;

    sending_command(sending, command->name, sending->reader, command, reads[sending->mailbox].body,
                    on_read);
}

/* Who reads it. */

/* As what somebody is told of another's case, by a mail of their own; in another part they are anybody. */
static bool is_told_as(enum message_audience audience, enum person_part part)
{
    return (audience == MESSAGE_AUDIENCE_CLEARED && part == PERSON_PART_COORDINATOR) ||
           (audience == MESSAGE_AUDIENCE_MENTOR && part == PERSON_PART_MENTOR) ||
           (audience == MESSAGE_AUDIENCE_SUPERVISOR && part == PERSON_PART_SUPERVISOR);
}

static bool know_person(struct sending *sending, struct frame row, bool *is_cleared)
{
    struct person person;
    struct error err;

    if (!unpack(&person_descriptor, row.at, row.size, &person, &err)) return false;
    sending->language = person.language;
    sending->is_protected = person.protection != PROTECTION_NONE;
    *is_cleared = false;
    for (uint32_t i = 0; i < person.roles.count; i++)
        *is_cleared |= person.roles.at[i].cleared &&
                       is_told_as(sending->message.audience, person.roles.at[i].part);
    return person.state == PERSON_STATE_ACTIVE;
}

static bool know_organisation(struct sending *sending, struct frame row)
{
    struct organisation organisation;
    struct error err;

    if (!unpack(&organisation_descriptor, row.at, row.size, &organisation, &err)) return false;
    sending->language = organisation.language;
    return organisation.state == ORGANISATION_STATE_OPEN;
}

static void on_known(void *cookie, const struct reply *reply)
{
    struct sending *sending = cookie;
    bool is_there, is_cleared = false;

    if (!reply->is_page) {
        sending_put_off(sending, &reply->error);
        return;
    }
    is_there = reply->page.count > 0 &&
               (is_person(sending) ? know_person(sending, reply->rows[0], &is_cleared)
                                   : know_organisation(sending, reply->rows[0]));
    if (!is_there)
        sending_fail(sending, DELIVERY_RESULT_REFUSED, DELIVERY_REASON_NO_READER);
    else if (sending->is_guarded && !is_cleared)
        sending_fail(sending, DELIVERY_RESULT_REFUSED, DELIVERY_REASON_NOT_CLEARED);
    else
        read_address(sending);
}

static void find_reader(struct sending *sending)
{
    if (sending->mailbox == MAILBOX_PROGRAMME) /* of it we know what there is to know */
        read_address(sending);
    else
        sending_query(sending, is_person(sending) ? "person" : "organisation", sending->reader,
                      false, on_known);
}

/* Whom it is about. */

static bool know_referral(struct sending *sending, struct frame row)
{
    struct referral referral;
    struct error err;

    if (!unpack(&referral_descriptor, row.at, row.size, &referral, &err)) return false;
    sending->is_guarded = referral.protection != PROTECTION_NONE;
    return true;
}

/* A mailbox is nobody who could be cleared. */
static void on_referral(void *cookie, const struct reply *reply)
{
    struct sending *sending = cookie;

    if (!reply->is_page)
        sending_put_off(sending, &reply->error);
    else if (reply->page.count == 0 || !know_referral(sending, reply->rows[0]))
        sending_fail(sending, DELIVERY_RESULT_LATER, DELIVERY_REASON_NOT_READABLE);
    else if (sending->is_guarded && !is_person(sending))
        sending_fail(sending, DELIVERY_RESULT_REFUSED, DELIVERY_REASON_NOT_CLEARED);
    else
        find_reader(sending);
}

/* What it is to be sent. */

static void on_session(void *cookie, const struct reply *reply)
{
    struct sending *sending = cookie;
    struct session_code code;
    struct error err;

    if (!reply->is_page) {
        sending_put_off(sending, &reply->error);
    } else if (reply->page.count == 0 || reply->rows[1].size == 0) { /* typed in, or too late */
        sending_fail(sending, DELIVERY_RESULT_REFUSED, DELIVERY_REASON_TOO_LATE);
    } else if (!unpack(&session_code_descriptor, reply->rows[1].at, reply->rows[1].size, &code,
                       &err)) {
        sending_fail(sending, DELIVERY_RESULT_LATER, DELIVERY_REASON_NOT_READABLE);
    } else {
        memcpy(sending->code, code.digits, sizeof sending->code);
        find_reader(sending);
    }
    crypto_wipe(&code, sizeof code);
}

void mailing_begin(struct sending *sending)
{
    if (sending->message.kind == MESSAGE_KIND_SESSION_REQUESTED)
        sending_query(sending, "session", sending->message.about, true, on_session);
    else if (message_is_of_case(&sending->message))
        sending_query(sending, "referral", sending->message.referral, false, on_referral);
    else
        find_reader(sending);
}
