/* What is around an address is taken away, then each side of the @ is looked at. Where domains are in
 * letters beyond ASCII, libidn2 says what mail servers call them. */
#include "intake/mailbox.h"

#include <stdbool.h>
#include <string.h>
#include <strings.h>

#include <idn2.h>

#include "core/sign.h"

/* Octets; people write domains in letters that take up to four. */
enum { LABEL_MAX = 63, DOMAIN_SIZE = 4 * MAILBOX_MAX + 1 };

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

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

/* A last label of digits is of an address of the Internet, not of a domain (RFC 3696 section 2). */
static bool ends_in_number(const char *domain)
{
    const char *last = strrchr(domain, '.') + 1;

    while (is_digit(*last))
        last++;
    return *last == '\0';
}

/* Letters, digits and hyphens, which stand within (RFC 1123 section 2.1). */
static bool is_label(const char *label, size_t size)
{
    if (size == 0 || size > LABEL_MAX || label[0] == '-' || label[size - 1] == '-') return false;
    for (size_t i = 0; i < size; i++)
        if (!is_digit(label[i]) && label[i] != '-' && (label[i] < 'a' || label[i] > 'z'))
            return false;
    return true;
}

static bool is_labels(const char *domain)
{
    for (const char *label = domain;; label++) {
        const size_t size = strcspn(label, ".");

        if (!is_label(label, size)) return false;
        label += size;
        if (*label == '\0') return true;
    }
}

static const char *check_domain(const char *domain)
{
    const size_t size = strlen(domain);

    if (size > 0 && domain[size - 1] == '.') return ends_in_dot;
    if (!is_labels(domain)) return no_domain;
    if (strchr(domain, '.') == NULL) return no_dot;
    return ends_in_number(domain) ? no_domain : NULL;
}

static bool is_international(const char *domain)
{
    for (const char *c = domain; *c != '\0'; c++)
        if ((*c & 0x80) != 0 || strncmp(c, "xn--", 4) == 0) return true;
    return false;
}

/* In A-labels and lower case, in place. The library leaves out what it does not take when it is asked
 * for STD 3's rules, so those are ours. */
static const char *to_labels(char domain[DOMAIN_SIZE])
{
    char *labels = NULL;
    bool fits;

    for (char *c = domain; *c != '\0'; c++)
        *c = lower(*c);
    if (!is_international(domain)) return NULL;
    if (idn2_to_ascii_8z(domain, &labels, IDN2_NFC_INPUT | IDN2_NONTRANSITIONAL) != IDN2_OK)
        return no_domain;
    fits = strlen(labels) < DOMAIN_SIZE;
    if (fits) strcpy(domain, labels);
    idn2_free(labels);
    return fits ? NULL : too_long;
}

static const char *read_domain(struct part part, char domain[DOMAIN_SIZE])
{
    const char *what;

    if (part.size >= DOMAIN_SIZE) return too_long;
    memcpy(domain, part.at, part.size);
    domain[part.size] = '\0';
    what = to_labels(domain);
    return what != NULL ? what : check_domain(domain);
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
