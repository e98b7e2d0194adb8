/* Talking to a service from a test: one question at a time, and its answer. */
#pragma once

#include <stdint.h>
#include <sys/types.h>

#include "bus/peer.h"
#include "contract/bus.h"

/* A temporary directory that becomes FADDER_HOME and where we are. */
const char *talk_begin(void);

/* Starts a program with up to two words (NULL: none), at any time: between fork and exec nothing runs
 * that could want a lock which a thread of the bus held. TALK_SELF is the test's own program, whose
 * main has to be the service if it is given words. */
#define TALK_SELF "/proc/self/exe"
pid_t talk_start(const char *path, const char *first, const char *second);

struct bus *talk_bus(void);
void talk_dial(const char *service); /* as the operator's program */
void talk_dial_as(const char *service, const char *name);
struct peer *talk_peer(void);
void talk_end(void); /* removes the directory */

/* programme.create of that slug, with a fresh id. */
struct bus_command talk_create(const char *slug);
/* With that many days for an answer to an offer. */
struct bus_command talk_change(struct id programme, int64_t version, int64_t offer_days);
struct bus_command talk_close(struct id programme, int64_t version);
/* That an input which was set aside is to be tried again. */
struct bus_command talk_release(struct id input);
/* The answer is there until the next question; of a page, the first row. What is said to a service
 * that is dying, or not there yet, may be lost: that is given LOST_MS, and said again. */
enum { LOST_MS = 500 };
const struct reply *talk_say(const struct bus_command *command, int64_t timeout_ms);
/* Several at once, in one message; how many were accepted. */
size_t talk_say_all(const struct bus_command *commands, size_t count);
const struct reply *talk_ask(struct bus_query *query);
const struct reply *talk_ask_within(struct bus_query *query, int64_t timeout_ms);
void talk_remove(const char *path);
