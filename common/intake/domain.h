/* Domains in every script, as servers know them: A-labels (RFC 5891, UTS #46). */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/* In lower case and A-labels, in place; false, and half done: there are none of it, or no room. */
bool domain_to_labels(char *domain, size_t size);

/* Whether the host of a url in ASCII can be one, as far as its A-labels tell. */
bool domain_of_url_can_be(const char *url);
