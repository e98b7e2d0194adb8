/* Three tables: what enhanced status codes are about, what their subjects are, and what answers without one are. */
#include "outside/smtp.h"

#include <string.h>
#include <strings.h>

/* clang-format off */
static const struct {
    const char *word;
    enum smtp_phase phase;
} commands[] = {
    {"EHLO", SMTP_HELLO}, {"HELO", SMTP_HELLO}, {"STARTTLS", SMTP_STARTTLS}, {"AUTH", SMTP_AUTH},
    {"MAIL", SMTP_MAIL},  {"RCPT", SMTP_RCPT},  {"DATA", SMTP_DATA},
};

#define FINAL true
#define PASSES false

/* IANA's "Simple Mail Transfer Protocol (SMTP) Enhanced Status Codes", all that say what they are
 * about; of others (5.1.0, Microsoft's 5.7.606 and the like) the subject says so, or else the basic code. */
static const struct {
    int subject, detail;
    enum smtp_cause cause;
    bool is_final; /* said with 5 */
} statuses[] = {
    {1, 1,  SMTP_CAUSE_RECIPIENT, FINAL},  /* no such mailbox */
    {1, 2,  SMTP_CAUSE_RECIPIENT, FINAL},  /* no such domain */
    {1, 3,  SMTP_CAUSE_RECIPIENT, FINAL},  /* no address */
    {1, 4,  SMTP_CAUSE_RECIPIENT, FINAL},  /* several may be meant */
    {1, 6,  SMTP_CAUSE_RECIPIENT, FINAL},  /* moved, and nobody knows where to */
    {1, 7,  SMTP_CAUSE_SENDER,    PASSES}, /* the sender's is no address */
    {1, 8,  SMTP_CAUSE_SENDER,    PASSES}, /* nor is there such a domain */
    {1, 9,  SMTP_CAUSE_POLICY,    PASSES}, /* relayed to what is none */
    {1, 10, SMTP_CAUSE_RECIPIENT, FINAL},  /* a domain without mail (RFC 7505) */
    {2, 1,  SMTP_CAUSE_RECIPIENT, FINAL},  /* mailbox disabled */
    {2, 2,  SMTP_CAUSE_RECIPIENT, PASSES}, /* mailbox full */
    {2, 3,  SMTP_CAUSE_MESSAGE,   FINAL},  /* longer than that mailbox takes */
    {2, 4,  SMTP_CAUSE_RECIPIENT, PASSES}, /* a list that cannot be read */
    {3, 1,  SMTP_CAUSE_UNKNOWN,   PASSES}, /* system full */
    {3, 2,  SMTP_CAUSE_UNKNOWN,   PASSES}, /* takes nothing just now */
    {3, 3,  SMTP_CAUSE_UNKNOWN,   PASSES}, /* cannot do what was asked */
    {3, 4,  SMTP_CAUSE_MESSAGE,   FINAL},  /* longer than the system takes */
    {3, 5,  SMTP_CAUSE_ROUTE,     PASSES}, /* configured wrongly */
    {4, 1,  SMTP_CAUSE_UNKNOWN,   PASSES}, /* no answer from the next host */
    {4, 2,  SMTP_CAUSE_UNKNOWN,   PASSES}, /* a bad connection to it */
    {4, 3,  SMTP_CAUSE_UNKNOWN,   PASSES}, /* the directory is away */
    {4, 4,  SMTP_CAUSE_POLICY,    PASSES}, /* no way to that domain: of one, or of all */
    {4, 5,  SMTP_CAUSE_UNKNOWN,   PASSES}, /* too much to do */
    {4, 6,  SMTP_CAUSE_POLICY,    PASSES}, /* in a circle */
    {4, 7,  SMTP_CAUSE_UNKNOWN,   PASSES}, /* too late */
    {6, 1,  SMTP_CAUSE_MESSAGE,   FINAL},  /* its media are not taken */
    {6, 2,  SMTP_CAUSE_MESSAGE,   FINAL},  /* would have to be converted, and must not */
    {6, 3,  SMTP_CAUSE_MESSAGE,   FINAL},  /* nor can it */
    {6, 5,  SMTP_CAUSE_MESSAGE,   FINAL},  /* nor was it */
    {6, 6,  SMTP_CAUSE_UNKNOWN,   PASSES}, /* not to be had (RFC 4468) */
    {6, 7,  SMTP_CAUSE_RECIPIENT, FINAL},  /* an address beyond ASCII (RFC 6531) */
    {6, 8,  SMTP_CAUSE_MESSAGE,   FINAL},  /* an answer beyond ASCII */
    {6, 9,  SMTP_CAUSE_MESSAGE,   FINAL},  /* a header beyond ASCII */
    {7, 1,  SMTP_CAUSE_POLICY,    PASSES}, /* not from us, not to there, not this */
    {7, 2,  SMTP_CAUSE_POLICY,    PASSES}, /* not to that list */
    {7, 3,  SMTP_CAUSE_POLICY,    PASSES},
    {7, 4,  SMTP_CAUSE_POLICY,    PASSES},
    {7, 5,  SMTP_CAUSE_POLICY,    PASSES},
    {7, 6,  SMTP_CAUSE_POLICY,    PASSES},
    {7, 7,  SMTP_CAUSE_POLICY,    PASSES},
    {7, 8,  SMTP_CAUSE_LOGIN,     PASSES}, /* a wrong password (RFC 4954) */
    {7, 9,  SMTP_CAUSE_LOGIN,     PASSES}, /* too weak a way to say it */
    {7, 10, SMTP_CAUSE_TLS,       PASSES}, /* encryption needed (RFC 5248) */
    {7, 11, SMTP_CAUSE_TLS,       PASSES}, /* encryption needed to say who we are */
    {7, 12, SMTP_CAUSE_LOGIN,     PASSES}, /* a password to be changed */
    {7, 13, SMTP_CAUSE_LOGIN,     PASSES}, /* account disabled */
    {7, 14, SMTP_CAUSE_LOGIN,     PASSES}, /* trust needed */
    {7, 15, SMTP_CAUSE_POLICY,    PASSES}, /* priorities (RFC 6710) */
    {7, 16, SMTP_CAUSE_POLICY,    PASSES},
    {7, 17, SMTP_CAUSE_POLICY,    PASSES}, /* owners that have changed (RFC 7293) */
    {7, 18, SMTP_CAUSE_POLICY,    PASSES},
    {7, 19, SMTP_CAUSE_POLICY,    PASSES},
    {7, 20, SMTP_CAUSE_SENDER,    PASSES}, /* DKIM (RFC 7372) */
    {7, 21, SMTP_CAUSE_SENDER,    PASSES},
    {7, 22, SMTP_CAUSE_SENDER,    PASSES},
    {7, 23, SMTP_CAUSE_SENDER,    PASSES}, /* SPF */
    {7, 24, SMTP_CAUSE_SENDER,    PASSES},
    {7, 25, SMTP_CAUSE_SENDER,    PASSES}, /* the name of our address */
    {7, 26, SMTP_CAUSE_SENDER,    PASSES}, /* several of these */
    {7, 27, SMTP_CAUSE_SENDER,    PASSES}, /* our domain has no mail (RFC 7505) */
    {7, 28, SMTP_CAUSE_POLICY,    PASSES}, /* too many mails */
    {7, 29, SMTP_CAUSE_SENDER,    PASSES}, /* ARC (RFC 8617) */
    {7, 30, SMTP_CAUSE_TLS,       PASSES}, /* REQUIRETLS (RFC 8689) */
};

/* Of what is said to the reader's address or the mail itself: what a detail that is not above is about.
 * The others (X.0, X.2, X.5, X.6) leave it open. */
static const struct {
    int subject;
    enum smtp_cause cause;
    bool is_final;
} subjects[] = {
    {1, SMTP_CAUSE_RECIPIENT, FINAL},
    {3, SMTP_CAUSE_UNKNOWN,   PASSES},
    {4, SMTP_CAUSE_UNKNOWN,   PASSES},
    {7, SMTP_CAUSE_POLICY,    PASSES},
};

/* Without a status: what a code says to what was asked (RFC 5321, 4.2.3 and 4.3.2); 4 and 5 are
 * all others of theirs. 550 may be said of a mailbox that is not there and of one that is not for us,
 * as may 551 and 553 (of relays' "not in my list of hosts"), and to a whole mail it is mostly somebody's
 * policy: none is for good. */
static const struct {
    enum smtp_phase phase;
    int code;
    enum smtp_cause cause;
    bool is_final;
} answers[] = {
    {SMTP_GREETING, 5,   SMTP_CAUSE_ROUTE,     PASSES}, /* 554, and 521 of RFC 7504: no mail here */
    {SMTP_HELLO,    5,   SMTP_CAUSE_ROUTE,     PASSES},
    {SMTP_STARTTLS, 4,   SMTP_CAUSE_TLS,       PASSES}, /* RFC 3207 */
    {SMTP_STARTTLS, 5,   SMTP_CAUSE_TLS,       PASSES},
    {SMTP_AUTH,     538, SMTP_CAUSE_TLS,       PASSES}, /* encryption needed */
    {SMTP_AUTH,     5,   SMTP_CAUSE_LOGIN,     PASSES}, /* RFC 4954 */
    {SMTP_MAIL,     530, SMTP_CAUSE_LOGIN,     PASSES}, /* who are you? */
    {SMTP_MAIL,     552, SMTP_CAUSE_MESSAGE,   FINAL},  /* RFC 1870: too long */
    {SMTP_MAIL,     5,   SMTP_CAUSE_SENDER,    PASSES},
    {SMTP_RCPT,     421, SMTP_CAUSE_UNKNOWN,   PASSES}, /* the server goes away */
    {SMTP_RCPT,     530, SMTP_CAUSE_LOGIN,     PASSES},
    {SMTP_RCPT,     501, SMTP_CAUSE_RECIPIENT, FINAL},
    {SMTP_RCPT,     552, SMTP_CAUSE_RECIPIENT, PASSES}, /* full */
    {SMTP_RCPT,     556, SMTP_CAUSE_RECIPIENT, FINAL},  /* RFC 7504: a domain without mail */
    {SMTP_RCPT,     4,   SMTP_CAUSE_POLICY,    PASSES}, /* busy, or greylisted */
    {SMTP_RCPT,     5,   SMTP_CAUSE_POLICY,    PASSES},
    {SMTP_MESSAGE,  552, SMTP_CAUSE_RECIPIENT, PASSES}, /* full */
    {SMTP_MESSAGE,  5,   SMTP_CAUSE_POLICY,    PASSES},
};
/* clang-format on */

/* What we say. */

static bool begins(const char *line, size_t size, const char *word)
{
    const size_t length = strlen(word);

    return size >= length && strncasecmp(line, word, length) == 0 &&
           (size == length || line[length] == ' ' || line[length] == '\r');
}

void smtp_said(struct smtp_talk *talk, const char *line, size_t size)
{
    if (talk->code == 334) return; /* a name or a password, whatever it looks like */
    talk->is_over = talk->is_over || begins(line, size, "QUIT");
    for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++) {
        if (!begins(line, size, commands[i].word)) continue;
        *talk = (struct smtp_talk){.phase = commands[i].phase};
        return;
    }
}

/* What we hear. */

/* A number of at most three digits; how many there were. */
static size_t read_number(const char *at, const char *end, int *number)
{
    size_t digits = 0;

    for (*number = 0; at + digits < end && digits < 3 && at[digits] >= '0' && at[digits] <= '9';
         digits++)
        *number = *number * 10 + (at[digits] - '0');
    return digits;
}

/* "5.1.1", followed by nothing or a blank. */
static void read_status(const char *at, const char *end, struct smtp_talk *talk)
{
    int numbers[3];

    for (size_t i = 0; i < 3; i++) {
        const size_t digits = read_number(at, end, &numbers[i]);

        if (digits == 0 || (i < 2 && (at + digits == end || at[digits] != '.'))) return;
        at += digits + (i < 2 ? 1 : 0);
    }
    if (at < end && *at != ' ' && *at != '\r' && *at != '\n') return;
    talk->class = numbers[0];
    talk->subject = numbers[1];
    talk->detail = numbers[2];
}

void smtp_heard(struct smtp_talk *talk, const char *line, size_t size)
{
    int code;

    if (talk->is_over || read_number(line, line + size, &code) != 3) return;
    talk->code = code;
    talk->class = talk->subject = talk->detail = 0;
    if (size > 4) read_status(line + 4, line + size, talk);
    if (code == 354) talk->phase = SMTP_MESSAGE;
}

/* What it means. */

/* Before it is said whom a mail is for, a policy is about whom it is from, or about us at all. */
static enum smtp_cause cause_in(enum smtp_phase phase, enum smtp_cause cause)
{
    if (cause != SMTP_CAUSE_POLICY || phase > SMTP_MAIL) return cause;
    return phase == SMTP_MAIL ? SMTP_CAUSE_SENDER : SMTP_CAUSE_ROUTE;
}

static bool find_status(const struct smtp_talk *talk, struct smtp_meaning *meaning)
{
    for (size_t i = 0; i < sizeof statuses / sizeof statuses[0]; i++) {
        if (statuses[i].subject != talk->subject || statuses[i].detail != talk->detail) continue;
        meaning->cause = cause_in(talk->phase, statuses[i].cause);
        meaning->is_final = statuses[i].is_final;
        return true;
    }
    return false;
}

/* Not of what is said of us whomever we write to: 421, 530. */
static struct smtp_meaning by_subject(const struct smtp_talk *talk, struct smtp_meaning meaning)
{
    const bool is_open = meaning.cause == SMTP_CAUSE_RECIPIENT ||
                         meaning.cause == SMTP_CAUSE_MESSAGE || meaning.cause == SMTP_CAUSE_POLICY;

    for (size_t i = 0; i < sizeof subjects / sizeof subjects[0] && is_open; i++)
        if (subjects[i].subject == talk->subject)
            return (struct smtp_meaning){cause_in(talk->phase, subjects[i].cause),
                                         subjects[i].is_final};
    return meaning;
}

static struct smtp_meaning find_answer(const struct smtp_talk *talk)
{
    for (size_t i = 0; i < sizeof answers / sizeof answers[0]; i++)
        if (answers[i].phase == talk->phase &&
            (answers[i].code == talk->code || answers[i].code == talk->code / 100))
            return by_subject(talk, (struct smtp_meaning){answers[i].cause, answers[i].is_final});
    return (struct smtp_meaning){SMTP_CAUSE_UNKNOWN, PASSES};
}

struct smtp_meaning smtp_meaning(const struct smtp_talk *talk)
{
    struct smtp_meaning meaning;

    if (talk->code < 400) return (struct smtp_meaning){SMTP_CAUSE_UNKNOWN, PASSES};
    if (talk->class == 0 || !find_status(talk, &meaning)) meaning = find_answer(talk);
    meaning.is_final = meaning.is_final && talk->code >= 500 && talk->class != 4;
    return meaning;
}
