/* The pages: HTML for people on one side, the services on the other, one thread between.
 *
 * A call is one HTTP request on its way. Its path names a page; who asks is found out by the cookie (session.h). A page asks the
 * services for what it shows (asking.h), one step after the other, and then shows it; what a form says is said to a service first
 * (acting.h): taken, the browser is sent on to where that shows; not taken, the page is shown again with what was typed and why.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/secret.h"
#include "core/error.h"
#include "core/form.h"
#include "front/credentials.h"
#include "front/door.h"
#include "front/flight.h"
#include "front/out.h"
#include "front/status.h"
#include "http/http.h"
#include "show.h"

struct call;
struct page;
struct question_words;

enum {
    CALL_ROWS = 12,
    CALL_THEN_SIZE = 96,
    CALL_NAMES = 100,
    CALL_LISTED =
        24, /* of a list that nobody searches: each name is read by itself, and written down */
    CALL_WORDS = 2, /* question and answer */
    CALL_SERVICES = SERVICES_COUNT,
    URL_MAX = 200,
    SESSION_TEXT_SIZE = 44 /* 32 bytes as base64url, with the NUL */
};

struct pages {
    struct door door;
    struct credentials *sessions;
    struct tries *tries;       /* of codes: sign_in/tries.h */
    struct refusals *refusals; /* front/refusals.h */
    /* Go on with the call's page: ask for what it shows, then show it. */
    void (*go_on)(struct call *call);
    char url[URL_MAX +
             1];    /* how people come here: "https://fadder.example", "http://127.0.0.1:8081" */
    bool is_secure; /* by https */
    char gateway_url[URL_MAX + 1]; /* how systems come to the gateway; "": nobody has said */
    bool has_link_key;
    uint8_t link_key[32]; /* links in mails are marked with it (bus/mark.h) */
    bool is_demonstration;
    uint8_t demonstration_key[32];
    struct call *later;           /* those who wait for a moment */
    const struct call *importing; /* whose sheet is carried out (mentors/import.c) */
    /* Room for one answer, and one command, within a function. */
    struct out out;
    void *value; /* as large as the largest command */
    struct http_arguments arguments;
};

/* What was answered to a question: rows of one record, unpacked, in memory of the call's own. */
struct rows {
    const struct contract *contract;
    const struct record *record;
    size_t count;
    char *at;
    bool has_more;  /* than were wanted */
    struct id next; /* behind which they are */
    bool has_may;
    uint64_t may;       /* bits of the contract's commands */
    uint64_t voices[4]; /* the same, of what may be written down for each voice */
};

/* Somebody's name, and, where that was wanted too, how to reach them. No name: it has not come, or is not given. */
struct called {
    struct id person;
    char given_name[4 * 80 + 1], family_name[4 * 80 + 1];
    char name[2 * 4 * 80 + 2], phone[4 * 64 + 1], email[4 * 254 + 1];
    bool has_contact;
};

/* How a service is, as far as anybody may know who is asked by it: what it says of itself, and of no programme. */
struct serviced {
    bool answers, waits, mail_fails;
    enum status_room room;
};

/* One HTTP request on its way; lies in the request's scratch. */
struct call {
    struct pages *pages;
    struct http_request *request;
    const struct page *page;
    struct id id;        /* from the path */
    char text[48];       /* the same, where it is no id */
    char act[32];        /* of a POST: what is done, the path's last part; "" otherwise */
    const char *command; /* that it becomes */
    bool is_post;
    int64_t began_ns;
    uint8_t address[REACH_ADDRESS_SIZE];
    enum language language;

    /* Who asks. */
    struct credential_wait wait;
    void (*go)(struct call *call); /* once it is known */
    bool is_signed_in, has_about, has_language;
    unsigned roles; /* as what they could go on: bits by enum actor_role */
    uint8_t session_key[CREDENTIAL_KEY_SIZE];
    struct id about; /* by a link in a mail: for that alone */
    struct flight flight;

    /* What is shown. */
    unsigned step;          /* of the page's questions */
    unsigned sent, awaited; /* questions, and those that have no answer yet */
    bool is_asking; /* questions are on their way: whatever is answered meanwhile, more come */
    struct rows rows[CALL_ROWS];
    bool is_failed; /* one of them could not be answered */
    bool is_noted;  /* that they were refused something */
    struct error failure;

    /* What people are called, by id. */
    size_t names_sent;
    struct called *names;
    struct question_words *words[CALL_WORDS]; /* by enum question_what; NULL: not given */

    struct serviced
        services[CALL_SERVICES]; /* in the order of the front's; where they were asked for */

    /* A form. */
    struct form *form;
    char then[CALL_THEN_SIZE];      /* where what was said shows */
    char secret[SESSION_TEXT_SIZE]; /* a device's, that is being let in */
    bool is_made;                   /* the command left a secret to us (front/making.h): made */
    char made[SECRET_TEXT_SIZE];
    unsigned part;   /* of a form that is several commands: the one that is said */
    bool is_refused; /* what was typed, or said */
    struct error error;

    /* What a page keeps while its call is under way, and how it is wiped and freed when that is over. */
    void *own;
    void (*forget_own)(struct call *call);

    /* Waiting for a moment (later.h). */
    struct call *later;
    int64_t later_ms;
    void (*later_go)(struct call *call);
};

/* What a form says that is none of the commands in its page's acts, or says it otherwise. */
struct page_post {
    const char *act;     /* the path's last part; "": it is sent to the page itself */
    const char *command; /* that it becomes, "person.change"; NULL: it becomes none */
};

/* A page: where it is, for whom, what it asks for and how it shows it. */
struct page {
    const char *path; /* "/mentorships/{id}", "/l/{text}": what is in braces is at the end */
    unsigned roles;   /* bits of enum role; 0: also for who is not signed in */
    /* The record that its forms' commands are of, or NULL; and which of them it has a form for, ending with NULL. */
    const char *record;
    const char *const *acts;
    const char *
        form; /* the name of that which is sent to the page itself, and shows what was typed; or NULL */
    bool takes_files; /* its forms may come in parts */
    /* Ask for what it shows, step by step: called again when all of that has come, until it asks for nothing. NULL: it
     * asks for nothing. */
    void (*ask)(struct call *call);
    void (*show)(struct call *call);
    /* What else is sent to it, ending with NULL, and who serves that: call->command is the one that it becomes. NULL: there is
     * nothing. */
    const struct page_post *posts;
    void (*post)(struct call *call);
};

/* The page at the request's path, or NULL; is_other_method: there is one, but not for that. Fills in id, text and act. Constant, until the
 * process ends. */
const struct page *page_find(struct call *call, bool *is_other_method);
/* An argument of the request's query, or NULL. It lives until the next one is asked for. */
const char *page_argument(struct call *call, const char *name);

/* The day that it is in the programme of who asks. */
struct date page_today(const struct call *call);

extern const struct page *const pages_all[]; /* ends with NULL */
