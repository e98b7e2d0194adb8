/* Mails: their bytes, read back by another's parser, and their way to a real SMTP server or into a
 * directory. */
#include <dirent.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "test.h"

#include "base/bell.h"
#include "base/files.h"

#include "base/settings.h"
#include "core/error.h"
#include "core/reach.h"
#include "outside/mail.h"
#include "outside/receiver.h"

static struct files *files;
static char folder[] = "/tmp/fadder-mail-XXXXXX";

static const struct letter ordinary = {
    .from_name = "Integration Works",
    .from = "noreply@fadder.example",
    .to = "ada@mail.example",
    .id = "01928f3c-0000-7000-8000-000000000001@fadder.example",
    .date = {1795341600000}, /* 2026-11-22T10:00:00Z */
    .language = "sv",
    .direction = "ltr",
    .subject = "En ny hänvisning",
    .text = "Hej!\n\nEn ny hänvisning har kommit.\n",
};

static struct letter with_subject(const char *subject)
{
    struct letter letter = ordinary;

    letter.subject = subject;
    return letter;
}

static struct letter with_text(const char *text)
{
    struct letter letter = ordinary;

    letter.text = text;
    return letter;
}

static struct letter with_name(const char *name)
{
    struct letter letter = ordinary;

    letter.from_name = name;
    return letter;
}

static struct letter with_to(const char *to)
{
    struct letter letter = ordinary;

    letter.to = to;
    return letter;
}

/* Bytes. */

static const char *written(struct letter letter)
{
    static char bytes[MIME_MAX + 1];
    struct error err = {0};
    size_t size = MIME_MAX;

    if (!mime_write(&letter, bytes, &size, &err)) return err.code;
    bytes[size] = 0;
    return bytes;
}

static void a_mail_looks_like_this(void **unused)
{
    (void)unused;
    assert_string_equal(
        written(ordinary),
        "From: =?UTF-8?B?SW50ZWdyYXRpb24gV29ya3M=?=\r\n"
        " <noreply@fadder.example>\r\n"
        "To: <ada@mail.example>\r\n"
        "Subject: =?UTF-8?B?RW4gbnkgaMOkbnZpc25pbmc=?=\r\n"
        "Date: Sun, 22 Nov 2026 10:00:00 +0000\r\n"
        "Message-ID: <01928f3c-0000-7000-8000-000000000001@fadder.example>\r\n"
        "Auto-Submitted: auto-generated\r\n"
        "Content-Language: sv\r\n"
        "MIME-Version: 1.0\r\n"
        "Content-Type: multipart/alternative; boundary=\"=_fadder\"\r\n"
        "\r\n"
        "--=_fadder\r\n"
        "Content-Type: text/plain; charset=utf-8\r\n"
        "Content-Transfer-Encoding: quoted-printable\r\n"
        "\r\n"
        "Hej!\r\n"
        "\r\n"
        "En ny h=C3=A4nvisning har kommit.\r\n"
        "\r\n"
        "--=_fadder\r\n"
        "Content-Type: text/html; charset=utf-8\r\n"
        "Content-Transfer-Encoding: quoted-printable\r\n"
        "\r\n"
        "<!DOCTYPE html>\r\n"
        "<html lang=3D\"sv\" dir=3D\"ltr\">\r\n"
        "<head><meta charset=3D\"utf-8\"><title>En ny h=C3=A4nvisning</title></head>\r\n"
        "<body>\r\n"
        "<p>Hej!</p>\r\n"
        "<p>En ny h=C3=A4nvisning har kommit.</p>\r\n"
        "</body>\r\n"
        "</html>\r\n"
        "--=_fadder--\r\n");
}

static void what_is_read_from_right_to_left_says_so(void **unused)
{
    struct letter letter = ordinary;

    (void)unused;
    letter.language = "ar";
    letter.direction = "rtl";
    assert_non_null(strstr(written(letter), "<html lang=3D\"ar\" dir=3D\"rtl\">\r\n"));
}

static void an_answer_goes_to_the_mailbox_that_is_named(void **unused)
{
    struct letter letter = ordinary;

    (void)unused;
    letter.reply_to = "fadder@club.example";
    assert_non_null(strstr(written(letter), "Reply-To: <fadder@club.example>\r\nTo: <ada@"));
    letter.reply_to = "";
    assert_null(strstr(written(letter), "Reply-To"));
    letter.reply_to = "a@b.example>\r\nBcc: <x@y.example";
    assert_string_equal(written(letter), "bad_address");
}

static void an_address_on_a_line_of_its_own_can_be_pressed(void **unused)
{
    struct letter letter = ordinary;

    (void)unused;
    letter.text = "Here:\nhttp://f.t/?a&b\n\nhttps://is.this one?\nNo http://f.test\n";
    assert_non_null(
        strstr(written(letter),
               "<p>Here:<br>\r\n"
               "<a dir=3D\"ltr\" href=3D\"http://f.t/?a&amp;b\">http://f.t/?a&amp;b</a></p>\r\n"
               "<p>https://is.this one?<br>\r\n"
               "No http://f.test</p>"));
}

/* The header from its name to the line end that no folding follows. */
static const char *header(const char *mail, const char *name)
{
    static char found[MIME_MAX];
    const char *from = strstr(mail, name), *to = from;

    assert_non_null(from);
    do
        to = strstr(to, "\r\n") + 2;
    while (*to == ' ');
    snprintf(found, sizeof found, "%.*s", (int)(to - from - 2), from);
    return found;
}

static void a_subject_is_encoded_where_it_has_to_be_and_folded_at_whole_characters(void **unused)
{
    static const struct {
        const char *subject, *header;
    } subjects[] = {
        {"A new referral", "Subject: A new referral"},
        {"", "Subject: "},
        {"Måndag", "Subject: =?UTF-8?B?TcOlbmRhZw==?="},
        {" spaces ", "Subject: =?UTF-8?B?IHNwYWNlcyA=?="},
        {"=?UTF-8?B?SGVq?=", "Subject: =?UTF-8?B?PT9VVEYtOD9CP1NHVnE/PQ==?="},
        {"A mentor is asked and has seven days to answer; please look at it before the week is out",
         "Subject: A mentor is asked and has seven days to answer; please look at it\r\n"
         " before the week is out"},
        /* 39 bytes fit behind "Subject: ", and a character of two is not cut in half */
        {"abcdefghijklmnopqrstuvwxyz abcdefghijkåäö",
         "Subject: =?UTF-8?B?YWJjZGVmZ2hpamtsbW5vcHFyc3R1dnd4eXogYWJjZGVmZ2hpams=?=\r\n"
         " =?UTF-8?B?w6XDpMO2?="},
    };

    (void)unused;
    for (size_t i = 0; i < sizeof subjects / sizeof subjects[0]; i++)
        assert_string_equal(header(written(with_subject(subjects[i].subject)), "Subject:"),
                            subjects[i].header);
}

static void what_could_begin_a_header_of_its_own_is_refused(void **unused)
{
    static const char *const bad[] = {"x\r\nBcc: eve@example.org",
                                      "x\nBcc: eve@example.org",
                                      "x\rBcc: eve@example.org",
                                      "x\ty",
                                      "x\x7Fy",
                                      "\x80",
                                      "x\x01"};

    (void)unused;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct letter letter = ordinary;

        assert_string_equal(written(with_subject(bad[i])), "bad_header");
        assert_string_equal(written(with_name(bad[i])), "bad_header");
        letter.language = bad[i];
        assert_string_equal(written(letter), "bad_header");
        letter = ordinary;
        letter.from = bad[i];
        assert_string_equal(written(letter), "bad_address");
        letter = ordinary;
        letter.id = bad[i];
        assert_string_equal(written(letter), "bad_address");
    }
}

static void an_address_is_one_address(void **unused)
{
    static const char *const good[] = {"a@b", "ada.lovelace+x@mail.example.org", "o'hara@a-b.se",
                                       "0@1.no"};
    static const char *const bad[] = {"",
                                      "a",
                                      "@b",
                                      "a@",
                                      "a@@b",
                                      "a@b@c",
                                      "a b@c",
                                      "a@b c",
                                      "a@b,c@d",
                                      "a@b>",
                                      "<a@b>",
                                      "a@b\r\nRCPT TO:<c@d>",
                                      "a@b\n",
                                      ".a@b",
                                      "a.@b",
                                      "a..b@c",
                                      "a@b..c",
                                      "a@.b",
                                      "a@b.",
                                      "a@-b",
                                      "a@b_c",
                                      "å@b",
                                      "a@å",
                                      "\"a\"@b",
                                      "a@[127.0.0.1]",
                                      "a(x)@b",
                                      "a;b@c",
                                      "a\\b@c",
                                      "a@b SIZE=1",
                                      "a:b@c"};

    (void)unused;
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++)
        if (!mime_is_address(good[i])) fail_msg("%s is refused", good[i]);
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        if (mime_is_address(bad[i])) fail_msg("%s is taken", bad[i]);
        assert_string_equal(written(with_to(bad[i])), "bad_address");
    }
}

static void a_mail_that_is_too_long_is_refused(void **unused)
{
    static char text[MIME_MAX];
    struct error err;
    char bytes[64];
    size_t size = sizeof bytes;

    (void)unused;
    memset(text, 'x', sizeof text - 1);
    assert_string_equal(written(with_text(text)), "too_long");
    assert_false(mime_write(&ordinary, bytes, &size, &err));
    assert_string_equal(err.code, "too_long");
    text[500] = 0;
    assert_string_equal(written(with_subject(text)), "bad_header");
}

/* Read back. */

static void keep(const char *where, unsigned number, const struct letter *letter)
{
    char path[128], bytes[MIME_MAX];
    size_t size = sizeof bytes;
    struct error err;
    FILE *file;

    assert_true(mime_write(letter, bytes, &size, &err));
    snprintf(path, sizeof path, "%s/%02u.eml", where, number);
    assert_non_null(file = fopen(path, "w"));
    assert_int_equal(fwrite(bytes, 1, size, file), size);
    fclose(file);
    snprintf(path, sizeof path, "%s/%02u.letter", where, number);
    assert_non_null(file = fopen(path, "w"));
    fprintf(file, "%s\n%s\n%s\n%s\n%lld\n%s\n%s\n%s", letter->from_name, letter->from, letter->to,
            letter->id, (long long)letter->date.ms / 1000, letter->language, letter->subject,
            letter->text);
    fclose(file);
}

static void another_parser_reads_what_was_said(void **unused)
{
    const char *const line = "Den här raden är så lång att den måste brytas, och inte en gång utan "
                             "flera, fast den är en enda rad i brevet: åäöåäöåäöåäöåäö. ";
    char where[64], command[256], body[4096] = "";
    const struct letter letters[] = {
        ordinary,
        with_subject("Plain ASCII, but so long that it has to be folded somewhere, and then again "
                     "somewhere else, because one line is not enough for all of it"),
        with_subject("Lång svensk ämnesrad som måste delas mitt i: åäö åäö åäö åäö åäö åäö åäö åäö "
                     "åäö åäö åäö åäö åäö åäö åäö åäö åäö åäö åäö åäö"),
        with_subject("🚋🚋🚋🚋🚋🚋🚋🚋🚋🚋🚋🚋🚋🚋🚋🚋🚋🚋🚋🚋🚋🚋🚋🚋🚋🚋🚋🚋🚋🚋🚋🚋🚋🚋🚋🚋"),
        with_subject("=?UTF-8?B?SGVq?= is not Hej"),
        with_subject("Averyveryveryveryveryveryveryveryveryveryveryveryveryveryveryverylongword"),
        with_name("Föreningen \"Rälsen\" <eve@example.org>, Gotland"),
        with_name("A very long name of an association that is called for everything that it does,"
                  " åäö"),
        with_text("."),
        with_text(".\n..\nFrom here\n.\nFrom\n"),
        with_text("trailing space \ntrailing tab\t\n= equals =3D\n--=_fadder\n--=_fadder--\n"),
        with_text("<b>not bold</b> & \"quoted\" 'too' &amp;\n\nsecond paragraph\nsecond line\n"),
        with_text(body),
    };

    (void)unused;
    for (int i = 0; i < 20; i++)
        strcat(body, line);
    snprintf(where, sizeof where, "%s/letters", folder);
    mkdir(where, 0700);
    for (unsigned i = 0; i < sizeof letters / sizeof letters[0]; i++)
        keep(where, i, &letters[i]);
    snprintf(command, sizeof command, "/usr/bin/python3 " TESTS "/mail_read.py %s", where);
    assert_int_equal(system(command), 0);
}

/* On their way. */

struct sent {
    bool is_done;
    struct client_outcome outcome;
};

static void note(void *cookie, const struct client_outcome *outcome)
{
    *(struct sent *)cookie = (struct sent){true, *outcome};
}

static struct client_outcome outcome_of(struct client *client, const struct sent *sent)
{
    struct pollfd bell = {.fd = bell_fd(client_bell(client)), .events = POLLIN};

    while (!sent->is_done) {
        if (poll(&bell, 1, PATIENCE_MS) != 1) fail_msg("nothing came of it");
        client_turn(client);
    }
    return sent->outcome;
}

static struct client_outcome send_one(struct client *client, struct mail *mail,
                                      const struct letter *letter)
{
    struct sent sent = {0};
    struct error err;

    if (!mail_send(mail, letter, note, &sent, &err)) fail_msg("%s", err.text);
    return outcome_of(client, &sent);
}

static struct client *open_client(const char *smtp)
{
    static const struct reach_networks none;
    struct error err;
    struct client *client = client_open(&none, smtp, &err);

    if (client == NULL) fail_msg("%s", err.text);
    return client;
}

static size_t count_files(const char *where, const char *ending)
{
    DIR *directory = opendir(where);
    size_t count = 0;

    assert_non_null(directory);
    for (struct dirent *entry = readdir(directory); entry != NULL; entry = readdir(directory))
        count += strlen(entry->d_name) >= strlen(ending) && entry->d_name[0] != '.' &&
                 strcmp(entry->d_name + strlen(entry->d_name) - strlen(ending), ending) == 0;
    closedir(directory);
    return count;
}

static void read_mail(const char *where, const char *id, char bytes[MIME_MAX])
{
    char path[256];
    size_t size;
    FILE *file;

    snprintf(path, sizeof path, "%s/%s.eml", where, id);
    assert_non_null(file = fopen(path, "r"));
    size = fread(bytes, 1, MIME_MAX - 1, file);
    bytes[size] = '\0';
    fclose(file);
    assert_true(size > 0);
}

static void a_directory_has_each_mail_once_and_whole(void **unused)
{
    struct client *client = open_client(NULL);
    struct letter other = ordinary;
    char where[64], path[256], bytes[MIME_MAX] = "";
    struct error err;
    struct mail *mail;
    struct stat stat_;

    (void)unused;
    snprintf(where, sizeof where, "%s/mail", folder);
    mail = mail_open(client, files, where, "Integration Works <noreply@fadder.example>", &err);
    assert_non_null(mail);
    assert_string_equal(mail_domain(mail), "fadder.example");
    for (int i = 0; i < 3; i++)
        assert_int_equal(send_one(client, mail, &ordinary).result, CLIENT_DELIVERED);
    other.id = "another@fadder.example";
    assert_int_equal(send_one(client, mail, &other).result, CLIENT_DELIVERED);

    assert_int_equal(count_files(where, ""), 2);
    read_mail(where, ordinary.id, bytes);
    assert_string_equal(bytes, written(ordinary));
    snprintf(path, sizeof path, "%s/%s.eml", where, ordinary.id);
    assert_int_equal(stat(path, &stat_), 0);
    assert_int_equal(stat_.st_mode & 0777, 0600);

    other = with_to("ada@r\u00E4ksm\u00F6rg\u00E5s.se");
    other.id = "idn@fadder.example";
    assert_int_equal(send_one(client, mail, &other).result, CLIENT_DELIVERED);
    read_mail(where, other.id, bytes);
    assert_non_null(strstr(bytes, "\r\nTo: <ada@xn--rksmrgs-5wao1o.se>\r\n"));

    other.id = "a/x@fadder.example";
    assert_false(mail_send(mail, &other, note, NULL, &err));
    assert_string_equal(err.code, "bad_header");
    mail_close(mail);
    client_close(client);
}

static void put_back(const char *where, const char *name, time_t seconds)
{
    const struct timespec times[] = {{.tv_sec = seconds}, {.tv_sec = seconds}};
    char path[256];

    snprintf(path, sizeof path, "%s/%s", where, name);
    assert_int_equal(utimensat(AT_FDCWD, path, times, AT_SYMLINK_NOFOLLOW), 0);
}

static void touch(const char *where, const char *name)
{
    char path[256];
    FILE *file;

    snprintf(path, sizeof path, "%s/%s", where, name);
    assert_non_null(file = fopen(path, "w"));
    fclose(file);
}

/* Only while it lasts is a mail there, and nothing of who is protected. */
static bool is_secret(void *cookie, const char *message_id)
{
    (void)cookie;
    return strncmp(message_id, "secret", 6) == 0;
}

static void a_directory_forgets(void **unused)
{
    const int64_t now_ms = INT64_C(1800000000000);
    static const struct {
        const char *name;
        time_t seconds; /* before now */
        bool stays;
    } rows[] = {
        {"old.eml", 3600, false}, {"new.eml", 3599, true},         {"ahead.eml", -1, false},
        {"other", 9999, true},    {".half.eml.part", 4000, false}, {".half2.eml.part", 1, true},
        {"secret.eml", 1, false}, {".secret2.eml.part", 1, false}, {"secret", 1, true},
        {".eml", 9999, true},     {"my.secret.eml", 1, true},
    };
    struct client *client = open_client(NULL);
    struct letter letter = ordinary;
    char where[64];
    struct error err;
    struct mail *mail;

    (void)unused;
    snprintf(where, sizeof where, "%s/forgets", folder);
    mail_purge(files, where, now_ms, is_secret, NULL); /* none is there yet */
    assert_non_null(mail = mail_open(client, files, where, "noreply@fadder.example", &err));
    letter.is_protected = true;
    assert_int_equal(send_one(client, mail, &letter).result, CLIENT_DELIVERED);
    assert_int_equal(count_files(where, ""), 0);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        touch(where, rows[i].name);
        put_back(where, rows[i].name, now_ms / 1000 - rows[i].seconds);
    }
    mail_purge(files, where, now_ms, is_secret, NULL);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char path[256];

        snprintf(path, sizeof path, "%s/%s", where, rows[i].name);
        if ((access(path, F_OK) == 0) != rows[i].stays) fail_msg("%s", rows[i].name);
    }
    mail_close(mail);
    client_close(client);
}

/* What is kept of a person and what can be sent to is told by one rule (intake/mailbox.h). */
static void what_is_refused_at_intake_is_not_sent_to_and_what_is_taken_is(void **unused)
{
    static const char *const taken[] = {"ada@example.org", "o'hara+x@a-b.se", "0@1.no",
                                        "Ada.L@r\u00E4ksm\u00F6rg\u00E5s.se",
                                        "!#$%&'*+-/=?^_`{|}~@a.b"};
    static const char *const refused[] = {"a@b",         "a@b.se.",       "\"a b\"@c.se",
                                          "\u00E5@b.se", "a@[127.0.0.1]", "a@b_c.se",
                                          "a..b@c.se",   "a@b.se\r\nDATA"};
    struct client *client = open_client(NULL);
    struct error err;
    struct mail *mail;
    char where[64];

    (void)unused;
    snprintf(where, sizeof where, "%s/rule", folder);
    assert_non_null(mail = mail_open(client, files, where, "noreply@fadder.example", &err));
    for (size_t i = 0; i < sizeof taken / sizeof taken[0]; i++) {
        const struct letter letter = with_to(taken[i]);

        assert_int_equal(send_one(client, mail, &letter).result, CLIENT_DELIVERED);
    }
    for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++) {
        const struct letter letter = with_to(refused[i]);

        if (mail_send(mail, &letter, note, NULL, &err)) fail_msg("%s is sent to", refused[i]);
        assert_string_equal(err.code, "bad_address");
        assert_int_equal(err.kind, ERROR_INVALID);
    }
    mail_close(mail);
    client_close(client);
}

static void a_real_server_takes_them_and_what_it_says_is_heard(void **unused)
{
    static const struct {
        const char *to;
        enum client_result result;
        int64_t code;
    } mails[] = {
        {"ada@mail.example", CLIENT_DELIVERED, 250}, {"later@mail.example", CLIENT_LATER, 451},
        {"never@mail.example", CLIENT_REFUSED, 550}, {"full@mail.example", CLIENT_LATER, 552},
        {"bo@mail.example", CLIENT_DELIVERED, 250},
    };
    char where[64], smtp[64], command[512];
    struct receiver receiver;
    struct client *client;
    struct error err;
    struct mail *mail;

    (void)unused;
    snprintf(where, sizeof where, "%s/box", folder);
    receiver = receiver_start(RECEIVERS "/smtp.py", where);
    if (receiver.port == 0) {
        print_message("skipped: python3-aiosmtpd is not installed\n");
        skip();
    }
    snprintf(smtp, sizeof smtp, "smtp://127.0.0.1:%u", receiver.port);
    client = open_client(smtp);
    mail = mail_open(client, NULL, NULL, "Integration Works <noreply@fadder.example>", &err);
    assert_non_null(mail);
    for (size_t i = 0; i < sizeof mails / sizeof mails[0]; i++) {
        const struct letter letter = with_to(mails[i].to);
        const struct client_outcome outcome = send_one(client, mail, &letter);

        if (outcome.result != mails[i].result || outcome.code != mails[i].code)
            fail_msg("%s: %u, %s, %d", mails[i].to, outcome.result,
                     client_trouble_word(outcome.trouble), (int)outcome.code);
    }
    mail_close(mail);
    client_close(client);
    receiver_stop(&receiver);

    assert_int_equal(count_files(where, ".eml"), 2);
    keep(where, 1, &ordinary); /* leaves 01.eml too, read along */
    snprintf(
        command, sizeof command,
        "cd %s && cp 01.letter 000001.letter && sed 's/^ada@/bo@/' 01.letter >000002.letter && "
        "grep -q '^X-Envelope-To: bo@mail.example' 000002.eml && "
        "/usr/bin/python3 " TESTS "/mail_read.py .",
        where);
    assert_int_equal(system(command), 0);
}

static void many_at_once_share_connections_and_all_arrive(void **unused)
{
    enum { MANY = 60 };
    struct sent sent[MANY] = {0};
    char where[64], smtp[64];
    struct receiver receiver;
    struct client *client;
    struct error err;
    struct mail *mail;

    (void)unused;
    snprintf(where, sizeof where, "%s/many", folder);
    receiver = receiver_start(RECEIVERS "/smtp.py", where);
    if (receiver.port == 0) skip();
    snprintf(smtp, sizeof smtp, "smtp://127.0.0.1:%u", receiver.port);
    client = open_client(smtp);
    mail = mail_open(client, NULL, NULL, "noreply@fadder.example", &err);
    for (size_t i = 0; i < MANY; i++)
        assert_true(mail_send(mail, &ordinary, note, &sent[i], &err));
    for (size_t i = 0; i < MANY; i++)
        assert_int_equal(outcome_of(client, &sent[i]).result, CLIENT_DELIVERED);
    mail_close(mail);
    client_close(client);
    receiver_stop(&receiver);
    assert_int_equal(count_files(where, ".eml"), MANY);
}

/* Closed at whatever moment: what has not been handed over whole has not been handed over at all. */
static void none_arrives_in_part_when_the_client_is_closed(void **unused)
{
    enum { TIMES = 60, MANY = 8, STEP_US = 150 };
    char where[64], smtp[64], command[128];
    struct receiver receiver;
    struct error err;

    (void)unused;
    snprintf(where, sizeof where, "%s/part", folder);
    receiver = receiver_start(RECEIVERS "/smtp.py", where);
    if (receiver.port == 0) skip();
    snprintf(smtp, sizeof smtp, "smtp://127.0.0.1:%u", receiver.port);
    for (int i = 0; i < TIMES; i++) {
        struct client *client = open_client(smtp);
        struct mail *mail = mail_open(client, NULL, NULL, "noreply@fadder.example", &err);
        struct sent sent[MANY] = {0};

        for (size_t n = 0; n < MANY; n++)
            assert_true(mail_send(mail, &ordinary, note, &sent[n], &err));
        usleep((useconds_t)(i * STEP_US));
        mail_close(mail);
        client_close(client);
    }
    receiver_stop(&receiver);
    snprintf(command, sizeof command, "cd %s && ! grep -L '^Message-ID: ' *.eml | grep .", where);
    assert_int_equal(system(command), 0);
}

static void no_server_is_tried_again(void **unused)
{
    struct client_outcome outcome;
    struct client *client;
    struct error err;
    struct mail *mail;
    char smtp[64];

    (void)unused;
    snprintf(smtp, sizeof smtp, "smtp://127.0.0.1:%u", closed_port());
    client = open_client(smtp);
    mail = mail_open(client, NULL, NULL, "noreply@fadder.example", &err);
    outcome = send_one(client, mail, &ordinary);
    assert_int_equal(outcome.result, CLIENT_LATER);
    assert_int_equal(outcome.trouble, CLIENT_CONNECTION_REFUSED);
    mail_close(mail);
    client_close(client);
}

static void a_wrong_setting_is_refused_and_not_shown(void **unused)
{
    static const struct reach_networks none;
    static const char *const smtp[] = {"http://secret@a.example", "secret", "smtp://", "smtps:/x"};
    static const char *const from[] = {"",         "Name",        "Name <>", "Name <a b@c>",
                                       "a@b\r\nx", "Name <a@b> x"};
    struct error err;

    (void)unused;
    for (size_t i = 0; i < sizeof smtp / sizeof smtp[0]; i++) {
        assert_null(client_open(&none, smtp[i], &err));
        assert_null(strstr(err.text, "secret"));
    }
    for (size_t i = 0; i < sizeof from / sizeof from[0]; i++)
        if (mail_open(NULL, NULL, NULL, from[i], &err) != NULL) fail_msg("%s", from[i]);
}

static int make_folder(void **unused)
{
    struct error err;

    (void)unused;
    return mkdtemp(folder) == NULL || (files = files_open("/", &err)) == NULL;
}

static int drop_folder(void **unused)
{
    char command[64];

    (void)unused;
    files_close(files);
    snprintf(command, sizeof command, "rm -r %s", folder);
    return system(command);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_mail_looks_like_this),
        cmocka_unit_test(what_is_read_from_right_to_left_says_so),
        cmocka_unit_test(an_answer_goes_to_the_mailbox_that_is_named),
        cmocka_unit_test(an_address_on_a_line_of_its_own_can_be_pressed),
        cmocka_unit_test(a_subject_is_encoded_where_it_has_to_be_and_folded_at_whole_characters),
        cmocka_unit_test(what_could_begin_a_header_of_its_own_is_refused),
        cmocka_unit_test(an_address_is_one_address),
        cmocka_unit_test(a_mail_that_is_too_long_is_refused),
        cmocka_unit_test(another_parser_reads_what_was_said),
        cmocka_unit_test(a_directory_has_each_mail_once_and_whole),
        cmocka_unit_test(a_directory_forgets),
        cmocka_unit_test(what_is_refused_at_intake_is_not_sent_to_and_what_is_taken_is),
        cmocka_unit_test(a_real_server_takes_them_and_what_it_says_is_heard),
        cmocka_unit_test(many_at_once_share_connections_and_all_arrive),
        cmocka_unit_test(none_arrives_in_part_when_the_client_is_closed),
        cmocka_unit_test(no_server_is_tried_again),
        cmocka_unit_test(a_wrong_setting_is_refused_and_not_shown),
    };

    return cmocka_run_group_tests(tests, make_folder, drop_folder);
}
