/* What is around an address is taken away, then each side of the @ is looked at. */
#include "intake/mailbox.h"

#include <stdbool.h>
#include <string.h>
#include <strings.h>

#include "core/hostname.h"
#include "core/sign.h"
#include "intake/domain.h"

/* Octets; people write domains in letters that take up to four. */
enum { DOMAIN_SIZE = 4 * MAILBOX_MAX + 1 };

static const char no_mailbox[] = "no e-mail address: write one such as ada@example.org";
static const char too_long[] =
    "longer than an e-mail address may be: 64 octets before the @, 254 in all";
static const char is_quoted[] = "an address with quotation marks, to which mail cannot be sent: "
                                "write it without, as ada@example.org";
static const char is_foreign[] = "an address to which mail cannot be sent: before the @ may stand "
                                 "a to z, digits and signs, as in ada@example.org";
static const char bad_dots[] = "an address to which mail cannot be sent: dots stand alone between "
                               "others, as in ada.l@example.org";
static const char no_dot[] =
    "an address whose domain has no dot: write all of it, as in ada@example.org";
static const char ends_in_dot[] =
    "an address that ends in a dot: leave the dot out, as in ada@example.org";
static const char no_domain[] =
    "an address whose domain cannot be: behind the @ stands a name such as example.org";

struct part {
    const char *at;
    size_t size;
};

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* RFC 5322 section 3.2.3, atext. */
static bool is_atom(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || is_digit(c) ||
           (c != '\0' && strchr("!#$%&'*+-/=?^_`{|}~", c) != NULL);
}

/* What people and programs put around one. */

static struct part without_blanks(const char *at, const char *end)
{
    const char *from = at, *to = at;

    while (from < end && sign_peek(from, end) == SIGN_BLANK)
        sign_next(&from, end);
    for (const char *next = from; next < end;)
        if (sign_next(&next, end) != SIGN_BLANK) to = next;
    return (struct part){from, to > from ? (size_t)(to - from) : 0};
}

static struct part unwrapped(const char *text, size_t size)
{
    static const char scheme[] = "mailto:";
    struct part part = without_blanks(text, text + size);

    if (part.size >= 2 && part.at[0] == '<' && part.at[part.size - 1] == '>')
        part = without_blanks(part.at + 1, part.at + part.size - 1);
    if (part.size < sizeof scheme - 1 || strncasecmp(part.at, scheme, sizeof scheme - 1) != 0)
        return part;
    return (struct part){part.at + sizeof scheme - 1, part.size - (sizeof scheme - 1)};
}

/* Before the @. */

static const char *check_local(struct part local)
{
    bool is_behind_dot = true;

    if (local.size == 0) return no_mailbox;
    if (memchr(local.at, '"', local.size) != NULL) return is_quoted;
    if (local.size > MAILBOX_LOCAL_MAX) return too_long;
    for (size_t i = 0; i < local.size; i++) {
        const bool is_dot = local.at[i] == '.';

        if (is_dot && is_behind_dot) return bad_dots;
        if (!is_dot && !is_atom(local.at[i])) return is_foreign;
        is_behind_dot = is_dot;
    }
    return is_behind_dot ? bad_dots : NULL;
}

/* Behind it. */

static const char *check_domain(const char *domain)
{
    const size_t size = strlen(domain);

    if (size > 0 && domain[size - 1] == '.') return ends_in_dot;
    if (size > HOSTNAME_MAX) return too_long;
    switch (hostname_of(domain)) {
    case HOSTNAME_NONE: return no_domain;
    case HOSTNAME_ALONE: return no_dot;
    case HOSTNAME_OWN: /* whose mail server may know it */
    case HOSTNAME_FINE: return NULL;
    }
    return no_domain;
}

static const char *read_domain(struct part part, char domain[DOMAIN_SIZE])
{
    if (part.size >= DOMAIN_SIZE) return too_long;
    memcpy(domain, part.at, part.size);
    domain[part.size] = '\0';
    return domain_to_labels(domain, DOMAIN_SIZE) ? check_domain(domain) : no_domain;
}

static const char *join(struct part local, const char *domain, char *mailbox)
{
    if (local.size + 1 + strlen(domain) > MAILBOX_MAX) return too_long;
    memcpy(mailbox, local.at, local.size);
    mailbox[local.size] = '@';
    strcpy(mailbox + local.size + 1, domain);
    return NULL;
}

const char *mailbox_read(const char *text, size_t size, char mailbox[MAILBOX_MAX + 1])
{
    const struct part all = unwrapped(text, size);
    const char *at = memchr(all.at, '@', all.size), *what;
    char domain[DOMAIN_SIZE];
    struct part local;

    if (at == NULL) return no_mailbox;
    local = (struct part){all.at, (size_t)(at - all.at)};
    what = check_local(local);
    if (what == NULL) what = read_domain((struct part){at + 1, all.size - local.size - 1}, domain);
    return what != NULL ? what : join(local, domain, mailbox);
}
