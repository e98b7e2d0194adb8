/* What an SMTP server's answers mean: what a refusal is about, and whether it is meant for good.
 *
 * An enhanced status code decides where there is one (RFC 2034, RFC 3463, and IANA's registry of
 * them, RFC 5248), by its subject where it is none of theirs; else the basic code and what it answers
 * do (RFC 5321). For good is only what is said with 5, and without a doubt, about the recipient's
 * address or about this very mail. All else may pass: a full mailbox is emptied, a server's policy is
 * changed, and what is the operator's is mended.
 *
 * Any thread; a talk is its owner's.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/* What a mail failed of. */
enum smtp_cause {
    SMTP_CAUSE_UNKNOWN,   /* nothing that lasts, or it is not said */
    SMTP_CAUSE_RECIPIENT, /* the reader's address or mailbox */
    SMTP_CAUSE_MESSAGE,   /* this mail: its size, what is in it */
    SMTP_CAUSE_SENDER,    /* whom it is from */
    SMTP_CAUSE_LOGIN,     /* who we are */
    SMTP_CAUSE_TLS,       /* how the connection is secured */
    SMTP_CAUSE_ROUTE,     /* there is no way: nobody answers, or who does passes nothing on */
    SMTP_CAUSE_POLICY,    /* what the server lets through, or it does not say what else */
};

/* What an answer is to. */
enum smtp_phase {
    SMTP_GREETING,
    SMTP_HELLO,
    SMTP_STARTTLS,
    SMTP_AUTH,
    SMTP_MAIL,
    SMTP_RCPT,
    SMTP_DATA,
    SMTP_MESSAGE, /* the mail itself, whole */
};

/* A conversation so far; zero at its beginning, or where one goes on with another mail. */
struct smtp_talk {
    enum smtp_phase phase;
    int code;                   /* what was answered last, 200 to 599; 0: nothing yet */
    int class, subject, detail; /* the enhanced status code; 0: there was none */
    bool is_over;               /* we have said QUIT: what is answered to that matters to nobody */
};

/* A line that was sent, and one that came; with or without their end. Lines of the mail are not
 * told. Nothing of them is kept but numbers: there may be a password in them. */
void smtp_said(struct smtp_talk *talk, const char *line, size_t size);
void smtp_heard(struct smtp_talk *talk, const char *line, size_t size);

struct smtp_meaning {
    enum smtp_cause cause;
    bool is_final;
};

/* Of the last answer, where that was a refusal. */
struct smtp_meaning smtp_meaning(const struct smtp_talk *talk);
