/* Who asks: by the cookie that a device shows, of which the registry knows the hash. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "pages.h"

extern const struct credentials_kind session_credentials;

/* Find out who asks, then go(call) with is_signed_in, flight.who and what else the session says; also where nobody is signed in. Or
 * it is answered, as the registry is away. */
void session_look_up(struct call *call, void (*go)(struct call *call));

/* Make a new secret for a device: its text, and the hash by which it is known. */
void session_make(char text[SESSION_TEXT_SIZE], uint8_t hash[CREDENTIAL_KEY_SIZE]);
enum { SESSION_SECRET_SIZE = 32 };
/* A Set-Cookie that has the device show it until so many seconds have passed; text NULL: no more. */
enum { SESSION_COOKIE_SIZE = 200 };
void session_cookie(const struct call *call, const char *text, int64_t seconds,
                    char cookie[SESSION_COOKIE_SIZE]);
/* What the device shows, hashed; false: nothing that could be a session's. */
bool session_shown(const struct call *call, uint8_t hash[CREDENTIAL_KEY_SIZE]);

/* A cookie's value, by name; false: there is none, or it does not fit. */
bool cookie_read(const struct http_request *request, const char *name, char *value, size_t size);
