#include "intake/domain.h"

#include <string.h>

#include <idn2.h>

#include "core/hostname.h"

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static bool is_international(const char *domain)
{
    for (const char *c = domain; *c != '\0'; c++)
        if ((*c & 0x80) != 0 || strncmp(c, "xn--", 4) == 0) return true;
    return false;
}

/* The library leaves out what it does not take when it is asked for STD 3's rules, so those are ours. */
bool domain_to_labels(char *domain, size_t size)
{
    char *labels = NULL;
    bool fits;

    for (char *c = domain; *c != '\0'; c++)
        *c = lower(*c);
    if (!is_international(domain)) return true;
    if (idn2_to_ascii_8z(domain, &labels, IDN2_NFC_INPUT | IDN2_NONTRANSITIONAL) != IDN2_OK)
        return false;
    fits = strlen(labels) < size;
    if (fits) strcpy(domain, labels);
    idn2_free(labels);
    return fits;
}

/* That a host is too long is told by who takes the url apart. */
bool domain_of_url_can_be(const char *url)
{
    const char *scheme = strstr(url, "://");
    const char *host = scheme == NULL ? url : scheme + 3;
    const size_t size = strcspn(host, "/?#:");
    char domain[HOSTNAME_MAX + 2];

    if (size >= sizeof domain) return true;
    memcpy(domain, host, size);
    domain[size] = '\0';
    return domain_to_labels(domain, sizeof domain);
}
