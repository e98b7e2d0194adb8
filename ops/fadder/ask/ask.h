/* Asking the services, one question at a time: commands and queries as a rule of ours (role sys).
 *
 * One thread; the working directory is FADDER_HOME. What does not answer is asked again with the
 * same id until the time is over, so a question has at most one effect. What was accepted is seen
 * by the questions that follow.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "contract/bus.h"
#include "core/id.h"

struct bus;
struct contract;
struct command;
struct descriptor;
struct error;
struct journal_dropped;
struct record;

enum { ASK_MS = 10000 };

/* For whom: zero is none. */
struct ask_for {
    struct id programme;
    enum country country;
};

/* Give a command; its name tells whose it is. id: the same one has one effect (NULL: a fresh one).
 * aggregate: zero for a creation. body: of the command's own struct. */
bool ask_command(const struct ask_for *scope, const struct id *id, const struct command *command,
                 struct id aggregate, const void *body, struct bus_accepted *accepted,
                 struct error *err);

/* Give a command that opens what is sealed: into opened, what the command opens, which whoever asks wipes. False,
 * ERROR_BROKEN: it was accepted, and nothing came. */
bool ask_opened(const struct ask_for *scope, const struct command *command, struct id aggregate,
                const void *body, void *opened, struct error *err);

/* The row under key. False, ERROR_NOT_FOUND: there is none. */
bool ask_row(const struct ask_for *scope, const struct record *record, struct id key, void *row,
             struct error *err);

/* All rows whose filter has that value (NULL: all), in order of id. visit returns false to end, and may ask in turn. */
typedef bool ask_visit(void *cookie, const void *row);
bool ask_rows(const struct ask_for *scope, const struct record *record, const char *filter,
              const char *value, ask_visit *visit, void *cookie, struct error *err);

/* The inputs that a service has set aside, as struct journal_set_aside, in order of id; and one of
 * them is to be tried again. ERROR_NOT_FOUND: there is no such one. */
bool ask_set_aside(const char *service, ask_visit *visit, void *cookie, struct error *err);
bool ask_release(const char *service, struct id input, struct error *err);

/* What a service keeps of somebody who was erased; *is_there is false when it has not heard of that. */
bool ask_dropped(const char *service, struct id person, bool *is_there,
                 struct journal_dropped *dropped, struct error *err);

/* A service is to follow another anew that has parted from what was taken of it; it is to trust the
 * machine's clock, though it jumped. ERROR_CONFLICT: there is no need. */
bool ask_follow_anew(const char *service, const char *followed, enum bus_resumption from,
                     struct error *err);
bool ask_trust_clock(const char *service, struct error *err);
/* Another master key wraps its vault's keys. */
bool ask_rotate_keys(const char *service, struct error *err);

/* A service's metrics as text, or false when it does not answer within timeout_ms. */
bool ask_status(const char *service, int64_t timeout_ms, char *text, size_t size);

/* The programme that a slug names. NULL: the only one there is; where there are others it has to be
 * said which. */
bool ask_programme(const char *slug, struct ask_for *scope, struct error *err);

/* Look up in the contracts: "partner.create", "programme". Static; NULL: there is none. */
const struct command *find_command(const char *name, const struct contract **owner);
const struct record *find_record(const char *name, const struct contract **owner);

/* Who we are on the bus, static: the operator's program, and none other of those that run just now. */
const char *ask_name(void);

/* The bus that is asked over: a process has one, until ask_end. NULL: it cannot be opened. */
struct bus *ask_bus(struct error *err);

/* Ask no more: close what is open. */
void ask_end(void);

/* For each service that has a journal, or only that one (NULL: all). What fails of one is said as
 * ask_failed says it, and the others have their turn: then it is EXIT_FAILED. Enters the home, and
 * ends the asking. */
typedef bool ask_service(void *cookie, const char *service, struct error *err);
int ask_each(const char *command, const char *only, ask_service *ask, void *cookie);

/* An error on standard error: "fadder token add: …", and every fault by its field. EXIT_FAILED. */
int ask_failed(const char *command, const struct error *err);
