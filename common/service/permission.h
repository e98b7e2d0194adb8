/* What each program may say to a service: a table for those who serve people, the contracts for those who follow, and the
 * service's own list of admissions for all else. Who is asking has been proved (bus.h). Pure: any thread may call.
 */
#pragma once

#include <stdbool.h>

struct bus_command;
struct bus_pull;
struct bus_query;
struct error;
struct service;

/* Each is false with ERROR_FORBIDDEN `not_admitted`, which names what it may not. */
bool permission_to_say(const struct service *service, const char *peer,
                       const struct bus_command *command, struct error *err);
bool permission_to_read(const struct service *service, const char *peer,
                        const struct bus_query *query, struct error *err);
bool permission_to_follow(const struct service *service, const char *peer,
                          const struct bus_pull *pull, struct error *err);
/* Whether it was refused so. */
bool permission_is_refused(const struct error *err);
/* What is the operator's program's alone. */
bool permission_of_operator(const char *peer, struct error *err);
