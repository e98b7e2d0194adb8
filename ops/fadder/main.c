/* fadder: the operator's program and supervisor. */
#include <stdio.h>
#include <string.h>

#include "base/program.h"
#include "base/settings.h"
#include "operator/command.h"
#include "operator/shown.h"

struct verb {
    const char *name, *noun; /* "partner" "add"; no noun: NULL */
    int (*run)(int argc, char **argv);
    const char *what;
};

static const struct verb verbs[] = {
    {"up", NULL, command_up, "run the services, until Ctrl-C"},
    {"begin", NULL, command_begin, "a link by which the first programme is set up in the pages"},
    {"down", NULL, command_down, "end what `up` runs"},
    {"status", NULL, command_status,
     "each service: since when, restarts, lag, whether it is ready"},
    {"doctor", NULL, command_doctor, "what may need an operator, also when nothing runs"},
    {"settings", NULL, command_settings, "every setting, and what is in force"},
    {"programme", "add", command_programme_add, "create a programme"},
    {"programme", "show", command_programme_show, "what programmes there are, or one of them"},
    {"partner", "add", command_partner_add, "admit an agency's system; prints its secret"},
    {"partner", "log", command_partner_log, "its last deliveries to us, and why some were refused"},
    {"token", "add", command_token_add, "make a bearer token"},
    {"endpoint", "add", command_endpoint_add, "where a partner's webhooks go; prints its secret"},
    {"delivery", "show", command_delivery_show, "mails and webhooks that did not arrive"},
    {"delivery", "retry", command_delivery_retry, "send one of them again"},
    {"audit", NULL, command_audit, "who was refused what, who read whom"},
    {"say", NULL, command_say, "give any command of the schemas, as a rule of ours"},
    {"load", NULL, command_load, "carry out a file of commands, each once"},
    {"export", NULL, command_export, "everything that is known about a person, for them"},
    {"erasure", "proof", command_erasure_proof,
     "what came of an erasure, and whether it is complete"},
    {"backup", NULL, command_backup, "copy a stopped system, but for its keys"},
    {"keys", "backup", command_keys_backup, "copy the vault's keys, to other hands"},
    {"keys", "restore", command_keys_restore, "put such a copy in place, if it is not too old"},
    {"keys", "rotate", command_keys_rotate, "wrap the keys by another master key"},
    {"follow", NULL, command_follow, "a service's events, as lines of JSON"},
    {"verify", NULL, command_verify, "check a journal's chain, and that the state is its fold"},
    {"quarantine", "show", command_quarantine_show,
     "inputs set aside because a service died of them"},
    {"quarantine", "replay", command_quarantine_replay, "try one of them again"},
    {"resume", NULL, command_resume, "follow a service again whose journal has parted from ours"},
    {"clock", "confirm", command_clock_confirm, "the machine's clock is right, though it jumped"},
    {"peers", NULL, command_peers, "the keys by which the programs know each other"},
    {"match", NULL, command_match, "assign mentors from spreadsheets, without a server"},
    {"explain", NULL, command_explain, "why this mentor, or why nobody, in words"},
    {"fairness", NULL, command_fairness, "who waits how long, who is asked how often"},
};

enum { VERBS = sizeof verbs / sizeof verbs[0] };

static void print_help(FILE *file)
{
    fprintf(file, "fadder COMMAND …     (each has --help)\n\n");
    for (size_t i = 0; i < VERBS; i++) {
        char name[32];

        snprintf(name, sizeof name, "%s %s", verbs[i].name,
                 verbs[i].noun == NULL ? "" : verbs[i].noun);
        fprintf(file, "  %-18s %s\n", name, verbs[i].what);
    }
    fprintf(file,
            "\n--version tells which this is; `fadder settings` what the environment can say.\n");
}

static void warn(void *cookie, const char *name, const char *nearest)
{
    (void)cookie;
    fprintf(stderr, "fadder: there is no setting %s%s%s%s\n", name,
            nearest == NULL ? "" : "; is it ", nearest == NULL ? "" : nearest,
            nearest == NULL ? "" : "?");
}

/* There is no such command; or it needs a second word, and which ones there are. */
static void no_such(const char *name, const char *noun)
{
    const char *before = ": say ";

    if (noun != NULL) fprintf(stderr, "fadder: there is no command `%s %s`", name, noun);
    if (noun == NULL) fprintf(stderr, "fadder: there is no command `%s`", name);
    for (size_t i = 0; i < VERBS; i++) {
        if (strcmp(verbs[i].name, name) != 0) continue;
        fprintf(stderr, "%s`%s %s`", before, name, verbs[i].noun);
        before = " or ";
    }
    fprintf(stderr, ".\n\n");
}

int main(int argc, char **argv)
{
    shown_begin();
    if (argc > 1 && (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0 ||
                     strcmp(argv[1], "help") == 0)) {
        print_help(stdout);
        return EXIT_DONE;
    }
    if (argc > 1 && strcmp(argv[1], "--version") == 0) {
        printf("fadder %s\n", program_version);
        return EXIT_DONE;
    }
    settings_unknown(warn, NULL);
    for (size_t i = 0; argc > 1 && i < VERBS; i++) {
        const struct verb *verb = &verbs[i];

        if (strcmp(argv[1], verb->name) != 0) continue;
        if (verb->noun == NULL) return verb->run(argc - 1, argv + 1);
        if (argc > 2 && strcmp(argv[2], verb->noun) == 0) return verb->run(argc - 2, argv + 2);
    }
    if (argc > 1) no_such(argv[1], argv[2]);
    print_help(stderr);
    return EXIT_USAGE;
}
