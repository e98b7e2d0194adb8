/* The log: one line to stderr for each call, in one write(2).
 *
 *     2026-11-22T10:00:00.123Z info registry started batch=17 path="/a b/c"
 *
 * A fixed head (time in UTC, level, service, event) and a tail of key=value. The event is one word
 * in lower_case, the tail's format literal: keys stand in it, values are conversions. What %s puts
 * in is quoted and escaped where it has to be, so no value can make a line, a key or a colour:
 * spaces, quotes, = and all outside printable ASCII. No personal data: ids and codes only.
 * What `bug` says before the end is a line, too: … error registry bug text="…".
 * Log once, where an error ends. Any thread may call, also before log_start (level info then).
 */
#pragma once

#include <stdbool.h>

struct error;

enum { LOG_LINE_MAX = 1024 }; /* longer lines are cut, and say so */

enum log_level { LOG_ERROR, LOG_WARNING, LOG_INFO, LOG_DEBUG };

/* Name the service (kept, not copied) and read FADDER_LOG: error, warning, info (the default) or debug. */
bool log_start(const char *service, struct error *err);
/* What this thread says is of that one, where a process has several services (kept, not copied; NULL:
 * of the program again). */
void log_as(const char *service);

/* Somebody must act: error. Something is not as it should be: warning. */
void log_error(const char *event, const char *format, ...) __attribute__((format(printf, 2, 3)));
void log_warning(const char *event, const char *format, ...) __attribute__((format(printf, 2, 3)));
void log_info(const char *event, const char *format, ...) __attribute__((format(printf, 2, 3)));
void log_debug(const char *event, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* An event about which there is nothing to add. */
void log_word(enum log_level level, const char *event);

/* An error as it ends: code=… text="…" and its first faulty field. */
void log_failure(enum log_level level, const char *event, const struct error *err);

/* For loops that would only format: whether lines of this level are written. */
bool log_is_on(enum log_level level);
