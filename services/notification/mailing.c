/* Mails: who reads it, and whether they may; in which language, what it says, where it goes. The registry is asked each
 * time, at the moment of sending, and nothing of what it says is kept. */
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/crypto.h"
#include "bus/peer.h"
#include "contract/organisation.h"
#include "contract/person.h"
#include "contract/programme.h"
#include "contract/referral.h"
#include "contract/session.h"
#include "core/error.h"
#include "core/pack.h"
#include "core/text.h"
#include "faults.h"
#include "joining.h"
#include "outside/mail.h"
#include "sending.h"
#include "service/service.h"
#include "wording.h"
#include "words/words.h"

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

/* A mail of several things is another one than each of them, and the same however often it is sent. */
static struct id id_of(struct sending *const *parts, size_t count)
{
    uint8_t hash[CRYPTO_HASH_SIZE];
    struct crypto_hash hashing;
    struct id id = parts[0]->delivery.id;

    if (count == 1) return id;
    crypto_hash_begin(&hashing);
    for (size_t i = 0; i < count; i++)
        crypto_hash_add(&hashing, parts[i]->delivery.id.bytes, sizeof id.bytes);
    crypto_hash_end(&hashing, hash);
    memcpy(id.bytes, hash, sizeof id.bytes);
    return id;
}

/* The links of each, and the words of all. False: it has ended. */
static bool write_words(struct sending *sending, struct sending *const *parts, size_t count,
                        const char *given_name)
{
    struct sender *sender = sending->sender;
    char links[WORDING_PARTS][POINTING_SIZE];
    struct wording_part said[WORDING_PARTS];
    const struct wording_reader reader = {
        .language = sending->language,
        .name = given_name,
        .programme = sending->programme,
        .code = sending->code,
        .is_protected = sending->is_protected,
    };
    struct error err;
    bool is_pointed = true;

    for (size_t i = 0; i < count && is_pointed; i++) {
        said[i] = (struct wording_part){&parts[i]->message, links[i]};
        is_pointed = pointing_write(&sender->pointing, worker_files(sender->worker),
                                    &parts[i]->message, links[i], &err);
    }
    if (!is_pointed)
        sending_put_off(sending, &err);
    else if (!wording_write(said, count, &reader, &sender->wording))
        sending_fail(sending, DELIVERY_RESULT_REFUSED, DELIVERY_REASON_NO_WORDS);
    crypto_wipe(links, sizeof links);
    return sending->stage == STAGE_ASKING;
}

/* Of the first attempt and of every other the same. */
static struct instant dated(struct sending *const *parts, size_t count)
{
    struct instant date = parts[0]->message.at;

    for (size_t i = 0; i < count; i++) {
        const struct message *message = &parts[i]->message;
        const struct instant at = message->has_due ? message->due : message->at;

        if (at.ms > date.ms) date = at;
    }
    return date;
}

static void send_letter(struct sending *sending, const char *address, const char *given_name)
{
    struct sender *sender = sending->sender;
    struct sending *parts[WORDING_PARTS];
    const size_t count = joining_parts(sending, parts);
    char id[ID_TEXT_SIZE], first[ID_TEXT_SIZE], message_id[MIME_ADDRESS_MAX + 1];
    struct error err;
    struct letter letter = {
        .to = address,
        .reply_to = sending->reply_to.address,
        .id = message_id,
        .of = count > 1 ? first : NULL,
        .date = dated(parts, count),
        .language = language_words[sending->language],
        .direction = words_direction(sending->language),
        .subject = sender->wording.subject,
        .text = sender->wording.text,
        .is_protected = sending->is_protected,
    };

    id_write(id_of(parts, count), id);
    id_write(parts[0]->delivery.id, first);
    snprintf(message_id, sizeof message_id, "%s@%s", id, mail_domain(sender->mail));
    if (!write_words(sending, parts, count, given_name)) return;
    sending->stage = STAGE_SENDING;
    if (!mail_send(sender->mail, &letter, on_sent, sending, &err)) {
        if (err.kind == ERROR_INVALID)
            sending_fail(sending, DELIVERY_RESULT_REFUSED, DELIVERY_REASON_BAD_ADDRESS);
        else
            sending_put_off(sending, &err);
    }
    crypto_wipe(&sender->wording, sizeof sender->wording);
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

static void read_mailbox(struct sending *sending, enum mailbox mailbox, struct id whose,
                         void (*answer)(void *sending, const struct reply *reply))
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
    sending_command(sending, whose, reads[mailbox].command, reads[mailbox].body, answer);
}

static void read_address(struct sending *sending)
{
    read_mailbox(sending, sending->mailbox, sending->reader, on_read);
}

/* Where an answer goes. Without such a mailbox it is sent all the same. */
static void on_answered(void *cookie, const struct reply *reply)
{
    struct sending *sending = cookie;
    struct organisation_contact contact;
    struct reply_to reply_to = {""};
    struct error err;

    if (!reply->is_accepted && reply->error.kind == ERROR_BUSY) {
        sending_put_off(sending, &reply->error);
        return;
    }
    if (reply->is_accepted && unpack(&organisation_contact_descriptor, reply->opened.at,
                                     reply->opened.size, &contact, &err))
        text_copy(reply_to.address, sizeof reply_to.address, contact.email);
    kept_put(sending->sender->replies, sending->answered.whose, &reply_to, clock_steady_ms());
    sending->reply_to = reply_to;
    crypto_wipe(&contact, sizeof contact);
    crypto_wipe(&reply_to, sizeof reply_to);
    read_address(sending);
}

void mailing_send(struct sending *sending)
{
    const struct answered answered = joining_answered(sending);
    const struct reply_to *known =
        answered.is_there ? kept_get(sending->sender->replies, answered.whose, clock_steady_ms())
                          : NULL;

    if (known != NULL) sending->reply_to = *known;
    sending->answered = answered;
    if (answered.is_there && known == NULL)
        read_mailbox(sending, answered.mailbox, answered.whose, on_answered);
    else
        read_address(sending);
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
        sending->stage = STAGE_JOINING;
}

static void find_reader(struct sending *sending)
{
    if (sending->mailbox == MAILBOX_PROGRAMME) /* of it we know what there is to know */
        sending->stage = STAGE_JOINING;
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
    if (!wording_has(&sending->message))
        sending_fail(sending, DELIVERY_RESULT_REFUSED, DELIVERY_REASON_NO_WORDS);
    else if (sending->message.kind == MESSAGE_KIND_SESSION_REQUESTED)
        sending_query(sending, "session", sending->message.about, true, on_session);
    else if (message_is_of_case(&sending->message))
        sending_query(sending, "referral", sending->message.referral, false, on_referral);
    else
        find_reader(sending);
}
