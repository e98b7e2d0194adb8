/* How a service is, by what it says of itself (runtime.status, the text of its metrics): for whoever asks on behalf of people or programs. */
#pragma once

#include <stdbool.h>

/* It answers, but waits for somebody: it follows another no further, or the clock jumped. */
bool status_waits(const char *text);

enum status_room { STATUS_ROOM, STATUS_NEARLY_FULL, STATUS_FULL /* commands are refused */ };
enum status_room status_room(const char *text);

/* Mails do not go out, of nobody in particular. */
bool status_mail_fails(const char *text);
