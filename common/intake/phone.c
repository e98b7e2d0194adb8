/* First the signs that only help people to read are left out; then it is told from the digits'
 * beginning which country they are of. */
#include "intake/phone.h"

#include <string.h>
#include <strings.h>

#include "core/sign.h"

enum { DIGITS_MAX = 24, NUMBER_MIN = 7, NUMBER_MAX = 15 };

static const char no_number[] =
    "no telephone number: write digits, such as +46701234567 or 070-123 45 67";
static const char no_country[] =
    "a number whose country is not known: write it with its prefix, such as +46701234567";
static const char no_length[] = "a number that is too short or too long for its country: "
                                "+46701234567 and +4791234567 are right";
static const char not_direct[] =
    "a number with letters or an extension: write one that can be dialled, such as +46701234567";

/* What is known of the countries that programmes are in. */
static const struct plan {
    const char *code;
    const char *trunk; /* what is dialled before a national number */
    const char *first; /* digits that a national number begins with, behind the trunk */
    size_t min, max;   /* its digits, without the trunk */
} plans[] = {
    [COUNTRY_SE] = {"46", "0", "123456789", 7, 9},
    [COUNTRY_NO] = {"47", "", "23456789", 8, 8},
};

struct dialled {
    bool has_plus;
    size_t count;
    char digits[DIGITS_MAX + 1];
};

static bool begins_with(const char *digits, const char *what)
{
    return strncmp(digits, what, strlen(what)) == 0;
}

/* Signs. */

static void pass_blanks(const char **at, const char *end)
{
    while (*at < end && sign_peek(*at, end) == SIGN_BLANK)
        sign_next(at, end);
}

static bool pass_sign(const char **at, const char *end, char sign)
{
    pass_blanks(at, end);
    if (sign_peek(*at, end) != sign) return false;
    sign_next(at, end);
    return true;
}

/* "(0)" behind a country's code, its bracket being passed: nobody dials it from abroad. */
static void pass_trunk(const char **at, const char *end, const struct dialled *dialled)
{
    const char *behind = *at;

    if (dialled->count > 0 && pass_sign(&behind, end, '0') && pass_sign(&behind, end, ')'))
        *at = behind;
}

static const char *add_digit(struct dialled *dialled, char digit)
{
    if (dialled->count == DIGITS_MAX) return no_number;
    dialled->digits[dialled->count++] = digit;
    return NULL;
}

static const char *take_sign(struct dialled *dialled, const char **at, const char *end)
{
    const char sign = sign_next(at, end);

    if (sign_is_digit(sign)) return add_digit(dialled, sign);
    if (sign == SIGN_LETTER || sign == '#') return not_direct;
    if (sign == '+' && (dialled->has_plus || dialled->count > 0)) return no_number;
    if (sign == '+') dialled->has_plus = true;
    if (sign == '(') pass_trunk(at, end, dialled);
    return strchr("+()/. -", sign) != NULL ? NULL : no_number;
}

static const char *take(struct dialled *dialled, const char *at, const char *end)
{
    const char *what = NULL;

    while (what == NULL && at < end)
        what = take_sign(dialled, &at, end);
    return what;
}

/* The value of one of a URI's parameters, up to *stop; NULL when it has none of that name. */
static const char *parameter(const char *at, const char *end, const char *name, const char **stop)
{
    const size_t size = strlen(name);

    for (; at < end; at = *stop) {
        const char *begin = at + 1;

        *stop = memchr(begin, ';', (size_t)(end - begin));
        if (*stop == NULL) *stop = end;
        if ((size_t)(*stop - begin) >= size && strncasecmp(begin, name, size) == 0)
            return begin + size;
    }
    return NULL;
}

/* RFC 3966: a local number says in a parameter which country it is of; one with an extension says
 * so too. */
static const char *take_uri(struct dialled *dialled, const char *at, const char *end)
{
    const char *behind = memchr(at, ';', (size_t)(end - at)), *stop, *context, *what = NULL;

    if (behind == NULL) return take(dialled, at, end);
    if (parameter(behind, end, "ext=", &stop) != NULL) return not_direct;
    context = parameter(behind, end, "phone-context=", &stop);
    if (context != NULL && *context == '+' && sign_peek(at, behind) != '+')
        what = take(dialled, context, stop);
    return what != NULL ? what : take(dialled, at, behind);
}

static const char *take_all(struct dialled *dialled, const char *at, const char *end)
{
    pass_blanks(&at, end);
    if (end - at >= 4 && strncasecmp(at, "tel:", 4) == 0) return take_uri(dialled, at + 4, end);
    return take(dialled, at, end);
}

/* Numbers. */

static const char *write(const char *code, const char *digits, char *phone)
{
    if (strlen(code) + strlen(digits) > NUMBER_MAX) return no_length;
    *phone++ = '+';
    memcpy(phone, code, strlen(code));
    strcpy(phone + strlen(code), digits);
    return NULL;
}

static bool is_national(const struct plan *plan, const char *digits)
{
    const size_t count = strlen(digits);

    return count >= plan->min && count <= plan->max && strchr(plan->first, *digits) != NULL;
}

static const char *international(const char *digits, char *phone)
{
    for (size_t i = 0; i < sizeof plans / sizeof plans[0]; i++) {
        const char *rest = digits + strlen(plans[i].code);

        if (!begins_with(digits, plans[i].code)) continue;
        if (begins_with(rest, plans[i].trunk)) rest += strlen(plans[i].trunk);
        return is_national(&plans[i], rest) ? write(plans[i].code, rest, phone) : no_length;
    }
    if (*digits == '0' || strlen(digits) < NUMBER_MIN) return no_number;
    return write("", digits, phone);
}

/* As it is dialled in the country, or with the country's code and nothing that says so. */
static const char *national(const struct plan *plan, const char *digits, char *phone)
{
    const char *behind_trunk = digits + strlen(plan->trunk);
    const char *behind_code = digits + strlen(plan->code);

    if (begins_with(digits, plan->trunk) && is_national(plan, behind_trunk))
        return write(plan->code, behind_trunk, phone);
    if (begins_with(digits, plan->code) && is_national(plan, behind_code))
        return write(plan->code, behind_code, phone);
    return strlen(digits) < NUMBER_MIN ? no_number : no_country;
}

const char *phone_read(const char *text, size_t size, enum country country,
                       char phone[PHONE_MAX + 1])
{
    struct dialled dialled = {0};
    const char *what = take_all(&dialled, text, text + size);

    if (what != NULL) return what;
    if (dialled.has_plus) return international(dialled.digits, phone);
    if (begins_with(dialled.digits, "00")) return international(dialled.digits + 2, phone);
    return national(&plans[country], dialled.digits, phone);
}
