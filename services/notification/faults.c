/* Kinds of faults, one gauge for each: which a mail has failed of, and which it has got past. */
#include "faults.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/log.h"
#include "base/metrics.h"
#include "contract/delivery.h"
#include "core/error.h"
#include "outside/client.h"

/* In the order in which a conversation comes to them: who fails later has got past what is before.
 * How many mails in a row have to fail before it is no mail's own: one recipient may be refused by
 * a policy, and anything may go wrong once. */
/* clang-format off */
static const struct kind {
    enum smtp_cause cause;
    const char *word;
    int patience;
} kinds[] = {
    {SMTP_CAUSE_ROUTE,   "route",   1},
    {SMTP_CAUSE_TLS,     "tls",     1},
    {SMTP_CAUSE_LOGIN,   "login",   1},
    {SMTP_CAUSE_SENDER,  "sender",  1},
    {SMTP_CAUSE_POLICY,  "policy",  3},
    {SMTP_CAUSE_UNKNOWN, "unknown", 10},
};
/* clang-format on */

enum { KINDS = sizeof kinds / sizeof kinds[0], POLICY = 4, UNKNOWN };

struct mail_fault {
    int count; /* in a row */
    bool is_said;
    char labels[64];
    struct metrics_metric gauge;
};

struct faults {
    struct mail_fault at[KINDS], no_server;
};

struct faults *faults_create(void)
{
    struct faults *faults = calloc(1, sizeof *faults);

    if (faults == NULL) bug("faults: out of memory");
    return faults;
}

static void end(struct mail_fault *fault, const struct kind *kind)
{
    fault->count = 0;
    if (!fault->is_said) return;
    fault->is_said = false;
    metrics_remove(&fault->gauge);
    log_info("mail_fault_over", "cause=%s", kind->word);
}

void faults_destroy(struct faults *faults)
{
    for (size_t i = 0; i < KINDS; i++)
        if (faults->at[i].is_said) metrics_remove(&faults->at[i].gauge);
    if (faults->no_server.is_said) metrics_remove(&faults->no_server.gauge);
    free(faults);
}

static void show(struct mail_fault *fault, const char *word, int64_t code)
{
    snprintf(fault->labels, sizeof fault->labels, "cause=\"%s\",code=\"%lld\"", word,
             (long long)code);
    fault->gauge =
        (struct metrics_metric){.kind = METRICS_KIND_GAUGE,
                                .name = "fadder_mail_fault",
                                .help = "What keeps mails from going out, while it lasts.",
                                .labels = fault->labels};
    metrics_add(&fault->gauge);
    metrics_set(&fault->gauge, 1);
}

static void begin(struct mail_fault *fault, const struct kind *kind,
                  const struct client_outcome *outcome)
{
    if (fault->is_said || ++fault->count < kind->patience) return;
    fault->is_said = true;
    show(fault, kind->word, outcome->code);
    log_error("mail_fault", "cause=%s reason=%s code=%lld", kind->word,
              client_trouble_word(outcome->trouble), (long long)outcome->code);
}

void faults_no_server(struct faults *faults)
{
    faults->no_server.is_said = true;
    show(&faults->no_server, "no_server", 0);
    log_error("mail_fault", "cause=no_server text=%s",
              "FADDER_SMTP names no server: all mails wait until it does.");
}

/* Which kind it is. What is refused for the moment is of no kind but the last, though TLS: servers
 * whose keys are missing say that for years. */
static size_t kind_of(const struct client_outcome *outcome)
{
    const bool is_moment = outcome->code / 100 == 4 && outcome->cause != SMTP_CAUSE_TLS;

    for (size_t i = 0; i < UNKNOWN; i++)
        if (kinds[i].cause == outcome->cause && !is_moment) return i;
    return UNKNOWN;
}

/* The first so many kinds are over: a mail has got past them. */
static void end_first(struct faults *faults, size_t count)
{
    for (size_t i = 0; i < count; i++)
        end(&faults->at[i], &kinds[i]);
}

static bool is_of_one_mail(enum smtp_cause cause)
{
    return cause == SMTP_CAUSE_RECIPIENT || cause == SMTP_CAUSE_MESSAGE;
}

void faults_hear(struct faults *faults, const struct client_outcome *outcome)
{
    const size_t kind = kind_of(outcome);

    if (outcome->result == CLIENT_DELIVERED) {
        end_first(faults, KINDS);
        return;
    }
    if (is_of_one_mail(outcome->cause)) {
        end_first(faults, POLICY);
        return;
    }
    if (outcome->cause == SMTP_CAUSE_POLICY)
        end_first(faults, POLICY); /* also what is one for the moment only */
    else if (kind != UNKNOWN)
        end_first(faults, kind);
    begin(&faults->at[kind], &kinds[kind], outcome);
}
