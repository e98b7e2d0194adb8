/* What comes of a mail, answer by answer: a server says each of them, as its own script has it. */
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "test.h"

#include "base/bell.h"
#include "base/settings.h"
#include "core/error.h"
#include "core/reach.h"
#include "outside/client.h"
#include "outside/mail.h"
#include "receiver.h"

static char folder[] = "/tmp/fadder-smtp-XXXXXX";
static struct receiver receiver;

/* What is answered to what, and what has to come of it. R, M, S, L, T, W, P: it is about the
 * recipient, the message, the sender, the login, TLS, the way there, a policy; ?: of none of them.
 * Capital letter: for good. */
/* clang-format off */
static const struct row {
    const char *script, *means;
} rows[] = {
    /* the recipient's address, or this mail: for good */
    {"RCPT 550 5.1.1 nobody of that name", "R"}, {"RCPT 550 5.1.2 no such domain", "R"},
    {"RCPT 553 5.1.3 no address", "R"},          {"RCPT 550 5.1.4 which one", "R"},
    {"RCPT 551 5.1.6 has moved", "R"},           {"RCPT 556 5.1.10 no mail there", "R"},
    {"RCPT 550 5.2.1 disabled", "R"},            {"RCPT 553 5.6.7 not in ASCII", "R"},
    {"MAIL 552 5.3.4 too big", "M"},             {"MESSAGE 552 5.3.4 too big", "M"},
    {"RCPT 552 5.2.3 too long for them", "M"},   {"MESSAGE 554 5.6.1 not such media", "M"},
    {"MESSAGE 554 5.6.2 not to be converted", "M"}, {"MESSAGE 554 5.6.3 cannot be", "M"},
    {"MESSAGE 554 5.6.5 was not", "M"},          {"MESSAGE 550 5.6.8 an answer in UTF-8", "M"},
    {"MESSAGE 550 5.6.9 a header in UTF-8", "M"},
    /* a status decides, whatever the code is said to */
    {"MESSAGE 550 5.1.1 nobody, as it turns out", "R"}, {"DATA 554 5.1.1 nobody", "R"},
    {"RCPT 550-5.1.1 nobody\\n550 5.1.1 of that name", "R"},
    /* without one, the code and what it answers */
    {"RCPT 501 no address", "R"}, {"RCPT 556 no mail", "R"}, {"MAIL 552 too big", "M"},
    /* of an address, whatever there is to it */
    {"RCPT 550 5.1.0 some address", "R"}, {"RCPT 554 5.1.99 unheard of", "R"}, {"MESSAGE 550 5.1.0 some address", "R"},
    {"RCPT 450 4.1.0 some address", "r"},
    /* nobody there, or nobody for us: it does not say which */
    {"RCPT 550 nobody", "p"},  {"RCPT 551 elsewhere", "p"}, {"RCPT 553 not in my list of hosts (#5.7.1)", "p"},
    {"RCPT 550 relay not permitted", "p"}, {"RCPT 550 5.0.0 undefined", "p"}, {"RCPT 550 5.2.0 some mailbox", "p"},
    {"RCPT 550 5.5.0 mailbox unavailable", "p"}, {"RCPT 550 5.9.99 unheard of", "p"}, {"RCPT 550 5.1.1x no status", "p"},
    {"RCPT 450 busy", "p"}, {"RCPT 451 greylisted", "p"}, {"RCPT 450 4.2.0 greylisted", "p"},
    /* the mailbox, just now */
    {"RCPT 552 5.2.2 full", "r"},  {"RCPT 452 4.2.2 full", "r"}, {"RCPT 552 full", "r"},
    {"MESSAGE 552 full", "r"},     {"MESSAGE 552 5.2.2 full", "r"}, {"RCPT 550 5.2.4 a list", "r"},
    {"RCPT 450 4.1.1 unverified", "r"}, {"RCPT 550 4.1.1 with two meanings", "r"},
    {"MAIL 451 4.7.1 greylisted", "s"}, {"RCPT 451 4.7.1 greylisted", "p"},
    /* whom it is from */
    {"MAIL 550 5.1.7 no address", "s"}, {"MAIL 550 5.1.8 no such domain", "s"}, {"RCPT 550 5.1.8 no such domain", "s"},
    {"MAIL 550 5.1.0 not you", "s"},    {"MAIL 553 not yours", "s"},  {"MAIL 550 5.7.1 not allowed", "s"},
    {"MAIL 501 bad", "s"},              {"MESSAGE 550 5.7.20 DKIM", "s"}, {"MESSAGE 550 5.7.21 DKIM", "s"},
    {"MESSAGE 550 5.7.22 DKIM", "s"},   {"MAIL 550 5.7.23 SPF", "s"}, {"MAIL 451 4.7.24 SPF", "s"},
    {"RCPT 550 5.7.25 no name", "s"},   {"RCPT 550 5.7.26 all of it", "s"}, {"MAIL 550 5.7.27 no mail there", "s"},
    {"MESSAGE 550 5.7.29 ARC", "s"},
    /* who we are */
    {"AUTH 535 5.7.8 wrong", "l"},      {"AUTH 535 wrong", "l"},     {"AUTH 534 5.7.9 too weak", "l"},
    {"AUTH 525 5.7.13 disabled", "l"},  {"AUTH 432 4.7.12 password", "l"}, {"MAIL 530 5.7.14 trust", "l"},
    {"MAIL 530 who are you", "l"},      {"RCPT 530 5.7.0 who are you", "l"}, {"MAIL 530 5.7.0 who are you", "l"},
    {"AUTH 454 not now", "?"},
    /* TLS */
    {"STARTTLS 454 not now", "t"},      {"STARTTLS 501 what", "t"},  {"MAIL 523 5.7.10 encrypt", "t"},
    {"AUTH 538 5.7.11 encrypt", "t"},   {"AUTH 538 encrypt", "t"},   {"RCPT 550 5.7.30 encrypt", "t"},
    {"EHLO 250 localhost", "t"}, /* that it cannot */
    /* no way there */
    {"GREETING 554 no mail here", "w"}, {"GREETING 521 none", "w"},  {"GREETING 554 5.7.1 not from you", "w"},
    {"GREETING HANGUP", "w"},           {"RCPT HANGUP", "w"},        {"RCPT 550 5.3.5 misconfigured", "w"},
    /* policy */
    {"RCPT 554 5.7.1 relay access denied", "p"}, {"RCPT 550 5.7.1 not from you", "p"}, {"RCPT 554 no", "p"},
    {"MESSAGE 554 5.7.1 spam", "p"},    {"MESSAGE 550 spam", "p"},   {"MESSAGE 554 no", "p"},
    {"RCPT 550 5.1.9 to what is none", "p"}, {"RCPT 550 5.4.4 no way to there", "p"}, {"RCPT 550 5.4.6 in a circle", "p"}, {"RCPT 550 5.7.2 no list", "p"},
    {"RCPT 550 5.7.3 -", "p"},  {"RCPT 550 5.7.4 -", "p"},  {"RCPT 550 5.7.5 -", "p"},  {"RCPT 550 5.7.6 -", "p"},
    {"RCPT 550 5.7.7 -", "p"},  {"RCPT 550 5.7.15 -", "p"}, {"RCPT 550 5.7.16 -", "p"}, {"RCPT 550 5.7.17 -", "p"},
    {"RCPT 550 5.7.18 -", "p"}, {"RCPT 550 5.7.19 -", "p"}, {"RCPT 450 4.7.28 too many", "p"}, {"RCPT 550 5.7.0 no", "p"},
    {"RCPT 550 5.7.606 banned", "p"}, {"RCPT 550 5.7.133 not from outside", "p"}, {"RCPT 501 5.7.99 -", "p"},
    {"RCPT 450 4.7.0 later", "p"}, {"MESSAGE 552 5.7.0 no", "p"}, {"MESSAGE 554 5.7.511 banned", "p"},
    {"MAIL 550 5.7.708 not from there", "s"}, {"GREETING 554 5.7.606 banned", "w"},
    /* nothing that lasts */
    {"GREETING 421 too busy", "?"},     {"MAIL 421 going away", "?"}, {"RCPT 421 going away", "?"},
    {"MAIL 452 4.3.1 full", "?"},       {"MAIL 552 5.3.1 full", "?"}, {"RCPT 550 5.3.2 not now", "?"}, {"RCPT 550 5.3.3 cannot", "?"},
    {"MAIL 451 later", "?"},            {"DATA 451 later", "?"},      {"MESSAGE 451 later", "?"},
    {"RCPT 450 4.4.1 no answer", "?"},  {"RCPT 450 4.4.2 bad line", "?"}, {"RCPT 451 4.4.3 no directory", "?"},
    {"RCPT 451 4.4.5 busy", "?"},       {"RCPT 550 5.4.7 too late", "?"}, {"MESSAGE 554 5.6.6 not to be had", "?"},
    {"DATA 554 no", "?"}, {"RCPT 421 4.7.0 too many", "?"},
    {"RCPT 550 5.4.1 access denied", "?"}, {"RCPT 550 5.4.0 some way", "?"}, {"RCPT 550 5.4.310 no DNS", "?"},
    {"RCPT 550 5.3.0 some system", "?"}, {"MESSAGE 554 5.3.0 some system", "?"}, {"RCPT 552 5.3.190 full", "?"},
};
/* clang-format on */

static void note(void *cookie, const struct client_outcome *outcome)
{
    *(struct client_outcome *)cookie = *outcome;
}

static void tell_server(const char *script)
{
    char path[64];
    FILE *file;

    snprintf(path, sizeof path, "%s/script", folder);
    assert_non_null(file = fopen(path, "w"));
    fprintf(file, "%s\n", script);
    fclose(file);
}

/* Only who is not near is asked for TLS; 0.0.0.0 is this machine too, and is not called so. */
static struct client_outcome send_one(const char *script)
{
    static const struct reach_networks none;
    const struct letter letter = {.to = "ada@mail.example",
                                  .id = "one@fadder.example",
                                  .date = {1795341600000},
                                  .language = "sv",
                                  .direction = "ltr",
                                  .subject = "Hej",
                                  .text = "Hej!\n"};
    const bool wants_tls = strncmp(script, "STARTTLS", 8) == 0 || strncmp(script, "EHLO", 4) == 0;
    struct client_outcome outcome = {.result = CLIENT_GONE}; /* none yet: mails never are */
    struct pollfd bell;
    struct client *client;
    struct error err;
    struct mail *mail;
    char smtp[64];

    tell_server(script);
    snprintf(smtp, sizeof smtp, "smtp://user:AUTH@%s:%u", wants_tls ? "0.0.0.0" : "127.0.0.1",
             receiver.port);
    assert_non_null(client = client_open(&none, smtp, &err));
    assert_non_null(mail = mail_open(client, NULL, NULL, "noreply@fadder.example", &err));
    assert_true(mail_send(mail, &letter, note, &outcome, &err));
    bell = (struct pollfd){.fd = bell_fd(client_bell(client)), .events = POLLIN};
    while (outcome.result == CLIENT_GONE) {
        if (poll(&bell, 1, PATIENCE_MS) != 1) fail_msg("%s: nothing came of it", script);
        client_turn(client);
    }
    mail_close(mail);
    client_close(client);
    return outcome;
}

static void skip_without_server(void)
{
    if (receiver.port == 0) skip();
}

static void each_answer_means_what_it_is_about(void **unused)
{
    (void)unused;
    skip_without_server();
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct client_outcome outcome = send_one(rows[i].script);
        const char letter = "?rmsltwp"[outcome.cause];
        const char is = outcome.result == CLIENT_REFUSED ? (char)(letter - 'a' + 'A') : letter;

        assert_true(outcome.result == CLIENT_REFUSED || outcome.result == CLIENT_LATER);
        if (is != rows[i].means[0])
            fail_msg("%s: %c and not %s", rows[i].script, is, rows[i].means);
    }
}

static void what_was_answered_is_told_and_what_went_before_is_not(void **unused)
{
    (void)unused;
    skip_without_server();
    assert_int_equal(send_one("RCPT 554 5.7.1 no").code, 554);
    assert_true(send_one("RCPT 554 5.7.1 no").is_of_reader);
    assert_false(send_one("MESSAGE 554 5.7.1 no").is_of_reader);
    assert_false(send_one("MAIL 554 5.7.1 no").is_of_reader);
    assert_int_equal(send_one("QUIT 550 5.1.1 too late").result, CLIENT_DELIVERED);
    assert_int_equal(send_one("EHLO 502 5.5.1 what").code, 502);
    assert_int_equal(send_one("NOTHING 250").code, 250);
}

/* A conversation of which only numbers are kept. */
static void a_password_is_no_command_and_a_line_that_is_none_says_nothing(void **unused)
{
    struct smtp_talk talk = {0};

    (void)unused;
    smtp_said(&talk, "AUTH LOGIN\r\n", 12);
    smtp_heard(&talk, "334 VXNlcg==\r\n", 14);
    smtp_said(&talk, "MAIL\r\n", 6);
    assert_int_equal(talk.phase, SMTP_AUTH);
    smtp_heard(&talk, "535 5.7.8\r\n", 11);
    assert_int_equal(talk.detail, 8);
    smtp_heard(&talk, "5", 1);
    smtp_heard(&talk, "", 0);
    smtp_heard(&talk, "hello", 5);
    assert_int_equal(talk.code, 535);
    smtp_heard(&talk, "550 5.", 6);
    assert_int_equal(talk.code, 550);
    assert_int_equal(talk.class, 0);
    smtp_said(&talk, "RCPT TO:<ada@mail.example>\r\n", 28);
    assert_int_equal(talk.phase, SMTP_RCPT);
    assert_int_equal(smtp_meaning(&talk).cause, SMTP_CAUSE_UNKNOWN);
}

static int start(void **unused)
{
    (void)unused;
    if (mkdtemp(folder) == NULL) return -1;
    receiver = receiver_start(RECEIVERS "/scripted.py", folder);
    return 0;
}

static int stop(void **unused)
{
    char command[64];

    (void)unused;
    receiver_stop(&receiver);
    snprintf(command, sizeof command, "rm -r %s", folder);
    return system(command);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_answer_means_what_it_is_about),
        cmocka_unit_test(what_was_answered_is_told_and_what_went_before_is_not),
        cmocka_unit_test(a_password_is_no_command_and_a_line_that_is_none_says_nothing),
    };

    return cmocka_run_group_tests(tests, start, stop);
}
