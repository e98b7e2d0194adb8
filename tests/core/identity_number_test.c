/* Numbers that are published as examples, or of nobody: by Skatteverket in SKV 704 (640823-3234) and
 * SKV 707 (701063-2391), by Skatteetaten for 2032 (02013299997, 301082999…), the synthetic ones of
 * NAV and Tenor in navikt/fnrvalidator#116; the other Norwegian ones are of somebody born on the
 * last day of 1899, whom two digits do not tell from somebody of 1999. */
#include <stdio.h>
#include <string.h>

#include "test.h"

#include "core/identity_number.h"

static const struct date today = {20785}; /* 2026-11-28 */

static const struct {
    const char *text;
    bool is_in;
} rows[] = {
    {"", false},
    {"A text without a digit", false},
    {"640823-3234", true},
    {"640823+3234", true},
    {"640823 3234", true},
    {"19640823-3234", true},
    {"19640823+3234", true},
    {"196408233234", true},
    {"701063-2391", true}, /* samordningsnummer */
    {"19701063-2391", true},
    {"Her number is 640823-3234, she says.", true},
    {"5 times 640823-3234", true},
    {"1234 640823-3234", true},
    {"6408233234", false},   /* ten in a row, as a telephone number has */
    {"640823-3235", false},  /* another check digit */
    {"640823-32345", false}, /* more digits */
    {"640823-323456", false},
    {"640823-323", false},   /* fewer */
    {"1640823-3234", false}, /* seven before the hyphen */
    {"640823--3234", true},
    {"640823/3234", true},
    {"640823/2004", false}, /* a case of that year */
    {"640823---3234", false},
    {"641323-3237", false}, /* no such month, though the check digit is right */
    {"640832-3233", false}, /* no such day */
    {"640800-3231", false},
    {"640861-3237", true},    /* the first, of somebody with a samordningsnummer */
    {"640892-3230", false},   /* the thirty-second */
    {"17640823-3234", false}, /* no such century */
    {"21640823-3234", false},
    {"31129956715", true},
    {"311299 56715", true},
    {"fnr. 31129956715.", true},
    {"71129956709", true},  /* D-nummer */
    {"31129956716", false}, /* another second check digit */
    {"31129956703", false}, /* another first one */
    {"31129956723", true},  /* and one that is right from 2032 on */
    {"32129956715", false},
    {"131129956715", false}, /* twelve digits, and no Swedish ones */
    {"AF-2026-000123", false},
    {"2026-11-22", false},
    {"+46 70 174 06 05", false},
    {"Call 08-123 456 78 between 2026-11-22 10:00 and 12:00", false},
    {"12345678901234567890123456789012345678901234567890", false},
    {"640823-", false},
    {"640823", false},

    /* any dash, any blank */
    {"640823\u20103234", true},
    {"640823\u20113234", true}, /* that does not break */
    {"640823\u20123234", true}, /* as wide as a figure */
    {"640823\u20133234", true},
    {"640823\u20143234", true},
    {"640823\u22123234", true}, /* a minus */
    {"640823\u00AD3234", true}, /* a soft one */
    {"640823\uFE633234", true},
    {"640823\uFF0D3234", true}, /* a full-width one */
    {"640823\u00A03234", true},
    {"640823\u20093234", true}, /* thin */
    {"640823\u202F3234", true}, /* narrow */
    {"640823\u20073234", true},
    {"640823\u30003234", true},
    {"640823\u200B3234", true}, /* of no width */
    {"640823\t3234", true},
    {"640823 - 3234", true},
    {"640823 \u2013\u00A03234", true},
    {"640823\u200E-\u200E3234", true}, /* with marks of direction */
    {"640823 /3234", true},
    {"640823     3234", false}, /* columns */
    {"640823\n3234", true},     /* lines */
    {"640823-\n3234", true},
    {"640823-\r\n3234", true},
    {"640823\u00AD\n3234", true},
    {"1964-08-23-\n3234", true},
    {"1964-08-23\n3234", false}, /* a day, and what the next line has */
    {"311299\n56715", true},
    {"pnr: 640 823\n32 34", true},
    {"640\n823 3234", false},
    {"31 12\n995 6715", false},
    {"640823-3234\n1234", true}, /* and what a next line has is another's */
    {"64 08 23-3234\n1234", true},
    {"7\n64 08 23-3234", true},
    {"640823\n\n\n\n\n3234", false},

    /* what is not seen is not there */
    {"6408\u200B23-3234", true},
    {"640\u200B823-3234", true},
    {"640823-32\u200B34", true},
    {"640\u00AD823\u00AD-3234", true},
    {"640\u2060823-3\uFEFF234", true},
    {"6\u200D4\u200D0\u200D8\u200D2\u200D3-3\u200D2\u200D3\u200D4", true},
    {"31129\u00AD956715", true},
    {"196408\u200E23323\u200E4", true},
    {"640\u200B823-\n3234", true},
    {"640\U000E0041823-3234", true},
    {"pnr: 640\u200B8233234", true},
    {"640\u200B8233234", false}, /* ten in a row */
    {"640\u200B823-3235", false},
    {"640823.3234", false}, /* a fraction */
    {"1964 08 23 3234", true},
    {"1964-08-23-3234", true},
    {"1964-08-23 3234", true}, /* a date and something else may be one */
    {"1964-08-23 3234 4", false},
    {"1964-08-23 32 34", true}, /* no time of day has that hour, */
    {"1964-08-23 10 63", true}, /* or that minute */
    {"1964-08-23 08 34", false},
    {"9 1964-08-23 3234", false},
    {"64\u201308\u201323\u20133234", true},
    {"64-08-23 3234", true},
    {"311299-56715", true},
    {"311299\u202F56715", true},
    {"311299 567 15", true},
    {"31 12 99 56715", true},
    {"31.12.99 56715", true},
    {"31.12.99-56715", true},
    {"31 12 99 567 15", true},
    {"31.12.99.56715", true},

    /* grouped in any way */
    {"64 08 23-3234", true},
    {"64 08 23 - 3234", true},
    {"1964 08 23-3234", true},
    {"1964-08-23/3234", true},
    {"1964 0823 3234", true},
    {"1964/0823/3234", true},
    {"19 640823 3234", true},
    {"640823-32 34", true},
    {"6408 23-3234", true},
    {"64 0823 3234", true},
    {"6 4 0 8 2 3 - 3 2 3 4", true},
    {"1 9 6 4 0 8 2 3 3 2 3 4", true},
    {"64.08.23.3234", true},
    {"64/08/23-3234", true},
    {"She was 7. 64 08 23-3234", true}, /* a sentence's end */
    {"pnr: 640 823 32 34", true},
    {"640 823 32 34 (personnummer)", true},
    {"640 823 32 34", false}, /* as telephones are */
    {"64 08 23 32 34", false},
    {"640 823 3234", false},
    {"6408-233234", false},
    {"64 08 23-32 34", false},
    {"64 08 23-3235", false},
    {"64 13 23-3237", false},
    {"64 08 23-3234 5", false},
    {"5 64 08 23-3234", false},
    {"3112 995 6715", true},
    {"311 299 56715", true},
    {"311-299-56715", true},
    {"31129956 715", true},
    {"31129 956715", false}, /* as British telephones are */
    {"3 1 1 2 9 9 5 6 7 1 5", true},
    {"31.12.1999 56715", true},
    {"31.12.1999-56715", true},
    {"31/12/1999 56715", true},
    {"31 12 1999 567 15", true},
    {"31121999 56715", true},
    {"71.12.1999 56709", true},
    {"31.12.1799 56715", false},
    {"31.12.1999 56716", false},
    {"3112 99 56715", false}, /* as bank accounts are */
    {"fnr 3112 99 56715", true},
    {"3112 9956 715", false},
    {"3112 995 6716", false},
    {"3112 995 6715 1", false},
    {"2001/99567-15", false},

    /* any digits */
    {"\uFF16\uFF14\uFF10\uFF18\uFF12\uFF13-\uFF13\uFF12\uFF13\uFF14", true},
    {"\uFF13\uFF11\uFF11\uFF12\uFF19\uFF19\uFF15\uFF16\uFF17\uFF11\uFF15", true},
    {"\u0666\u0664\u0660\u0668\u0662\u0663-\u0663\u0662\u0663\u0664", true},
    {"\u06F6\u06F4\u06F0\u06F8\u06F2\u06F3 \u06F3\u06F2\u06F3\u06F4", true},
    {"64\uFF10823-3234", true}, /* mixed */

    /* synthetic: of NAV, of Tenor; and their D-numbers */
    {"15507600333", true},
    {"55507608360", true},
    {"29422059278", true},  /* six years old, or 106 */
    {"28421459284", false}, /* twelve, or 112 */
    {"12829499914", true},
    {"52829400197", true},
    {"61883600222", true},
    {"12929499914", false}, /* in the thirteenth month */

    /* the check digits of 2032 */
    {"30108299920", true},
    {"30108299939", true},
    {"02013299997", true},
    {"02013299903", true},
    {"02013299911", true},
    {"02013299912", false},
    {"31129956731", true},
    {"31129956758", false}, /* a rest of four, or five */
    {"31129956766", false},

    /* of an age from 13 to 110 */
    {"131128-0018", true}, /* 13 today */
    {"131129-0017", false},
    {"20131128-0018", true},
    {"20131129-0017", false},
    {"151129-0015", true}, /* 110 until today */
    {"151128-0016", false},
    {"19151129-0015", true},
    {"19151128-0016", false},
    {"18640823-3234", false},
    {"20640823-3234", false},
    {"000229-0013", true}, /* 1900 had no such day, 2000 had */
    {"010229-0012", false},
    {"28111390039", true},
    {"29111390078", false},
    {"29111550059", true},
    {"28111550028", false},

    /* no part of more */
    {"(640823-3234)", true},
    {"640823-3234/", true},
    {"640823-3234: Anna", true},
    {"640823-3234. Anna", true},
    {"640823-3234.Anna", true},
    {"-640823-3234", true},
    {"Anna 640823-3234 - Per 701063-2391", true},
    {"640823-3234,701063-2391", true},
    {"\u53F7\u7801640823-3234\u662F", true}, /* scripts without blanks */
    {"640823-3234\U0001F682", true},
    {"A640823-3234", false},
    {"640823-3234A", false},
    {"640823-3234\u00E5", false},
    {"\u00C5640823-3234", false},
    {"\uFF21640823-3234", false},
    {"SJ-640823-3234", false},
    {"SJ/640823-3234", false},
    {"SJ_640823-3234", false},
    {"2026/640823-3234", false},
    {"640823-3234-2", false},
    {"640823-3234/2", false},
    {"640823-3234_b", false},
    {"640823-3234\u20132", false},
    {"7.640823-3234", false},
    {"640823-3234.5", false},
    {"1.31129956715", false},
    {"+31129956715", false}, /* abroad */
    {"NO31129956715", false},
    {"AF-2026/0012 3456", false},
    {"Af-2023/0000 1234", false},
    {"24/12345-6", false},

    /* but of its own name */
    {"pnr640823-3234", true},
    {"pnr640823-3234x", false},
    {"Pnr-640823-3234", true},
    {"f\u00F6delsenummer/640823-3234", true},
    {"F\u00D8DSELSNUMMER31129956715", true},
    {"D-nummer:71129956709", true},
    {"fnr.31129956715", true},
    {"pnr: 6408233234", true},
    {"personnummer\u00A06408233234", true},
    {"personnummer 1 6408233234", false},
    {"ID-nr: 6408233234", true},
    {"id-nummer 6408233234", true},
    {"\u00C4rende-ID-nr: 6408233234", false},
    {"identitetsnummer 6408233234", true},
    {"samnr 7010632391", true},
    {"sam.nr 7010632391", true},
    {"Sam.nr. 7010632391", true},
    {"Pers nr 6408233234", true},
    {"p.nr 6408233234", true},
    {"social security no. 6408233234", true},
    {"personnummer (10 siffror) 6408233234", true},
    {"personnummer (10 siffror): 6408233234", true},
    {"(10 siffror) 6408233234", false},
    {"(pnr) 6408233234", true},
    {"pnr (nr 12, 4) 6408233234", true},
    {"pnr 10 siffror) 6408233234", false},
    {"\u00E4rende (10 siffror) 6408233234", false},
    {"Dnr 6408233234", false}, /* a case's */

    /* ten in a row, by what is told about them */
    {"personnummer \u00E4r 6408233234", true},
    {"Hennes personnummer: \uFF16\uFF14\uFF10\uFF18\uFF12\uFF13\uFF13\uFF12\uFF13\uFF14", true},
    {"\uFF16\uFF14\uFF10\uFF18\uFF12\uFF13\uFF13\uFF12\uFF13\uFF14 (pnr)", true},
    {"pnr f\u00F6r Anna: 6408233234", true},
    {"Personnumret f\u00F6r Anna \u00E4r 6408233234", true},
    {"Pers.nr. 6408233234", true},
    {"samordningsnr f\u00F6r Anna 7010632391", true},
    {"SAMORDNINGSNUMMER = 7010632391", true},
    {"f\u00F6dd 6408233234", true},
    {"F\u00D6DD\u00A0ca 6408233234", true},
    {"Anna (f\u00F6dd: 6408233234)", true},
    {"F\u00F8dselsnummeret er 6408233234", true},
    {"f\u00F8dt den 6408233234", true},
    {"F\u00F8dd: 6408233234", true},
    {"f\u00F8dselsdato, slik den st\u00E5r: 6408233234", false}, /* something else has begun */
    {"born on 6408233234", true},
    {"Social security number of hers 6408233234", true},
    {"National ID is 6408233234", true},
    {"6408233234 (pnr)", true},
    {"6408233234 \u00E4r hennes personnummer", true},
    {"6408233234, personnummer", false},
    {"6408233234. Pnr saknas", false},
    {"pnr saknas; \u00E4rende 6408233234", false},
    {"pnr saknas i Malm\u00F6. \u00C4rende 6408233234", false},
    {"pnr\nsaknas 6408233234", false},
    {"Personnummer finns hos Arbetsf\u00F6rmedlingen p\u00E5 begäran 6408233234",
     false}, /* far off */
    {"pnr f\u00F6r Anna: 6408233235", false},
    {"spnr f\u00F6r Anna: 6408233234", false},
    {"\u00E5pnr f\u00F6r Anna: 6408233234", false},
    {"klassnummer f\u00F6r Anna 6408233234", false},
    {"pnrx f\u00F6r Anna 6408233234", false},
    {"newborn at 6408233234", false},
    {"ID 6408233234", false}, /* whose is not said: of a case, an order */
    {"Kundnr 6408233234", false},
};

static void each_row_is_as_it_says(void **unused)
{
    (void)unused;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (identity_number_is_in(rows[i].text, strlen(rows[i].text), today) != rows[i].is_in)
            fail_msg("%s", rows[i].text);
}

/* Of what somebody is called; in other texts the last three are none. */
static void a_name_has_no_running_number(void **unused)
{
    static const char *const names[] = {"640823-3234", "Anna 640823-3234", "6408233234",
                                        "64 08 23 32 34", "6 408 233 234"};

    (void)unused;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        assert_true(identity_number_is_in_name(names[i], strlen(names[i]), today));
    assert_false(identity_number_is_in_name("6408233235", 10, today));
    assert_false(identity_number_is_in_name("AF-6408233234", 13, today));
}

static void a_text_ends_where_its_size_says(void **unused)
{
    (void)unused;
    assert_false(identity_number_is_in("640823-3234", 10, today));
    assert_false(identity_number_is_in("640823-3234", 7, today));
    assert_false(identity_number_is_in("31129956715", 10, today));
    assert_true(identity_number_is_in("640823-32345", 11, today));
}

static void somebody_grows_into_it_and_out_of_it(void **unused)
{
    static const struct {
        int64_t day;
        bool is_in;
    } days[] = {
        {2790, false},                  /* 1977-08-22 */
        {2791, true},   {38584, true},  /* 2075-08-22 */
        {38585, false}, {39315, false}, /* 2077-08-22: it may be of somebody of 2064 by then */
        {39316, true},
    };

    (void)unused;
    for (size_t i = 0; i < sizeof days / sizeof days[0]; i++)
        if (identity_number_is_in("640823-3234", 11, (struct date){days[i].day}) != days[i].is_in)
            fail_msg("%d", (int)days[i].day);
}

/* Numbers of other things. # is a digit, ~ a hexadecimal one, @ a letter, Y a year of this century,
 * * four to twenty-four digits, % Luhn's for all digits before it. */
static const struct {
    const char *what, *form;
} forms[] = {
    {"Swedish case", "AF-Y/#### ####"},
    {"Swedish case", "Af-Y/#### ####"},
    {"Swedish case", "AF-Y-######-####"},
    {"Swedish case", "Dnr Y:####"},
    {"Swedish case", "@@@ Y/######"},
    {"Swedish case", "####-##"},
    {"Norwegian case", "##/#####-#"},
    {"Norwegian case", "Y/####"},
    {"Norwegian case", "Y/#####-##"},
    {"Norwegian case", "Y######"},
    {"NAV's case", "########"},
    {"NAV's case", "Y######"},
    {"NAV's case", "4@@@##@"},
    {"NAV's document", "45#######"},
    {"museum", "JvmK@#####"},
    {"museum", "NJM.####.###"},
    {"museum", "@@M-####-####"},
    {"museum", "SM ######:##"},
    {"drawing", "@-######-##"},
    {"drawing", "@-######-####"},
    {"drawing", "##-#####@"},
    {"drawing", "@@@ ######@"},
    {"vehicle", "## 74 ### ####-#"},
    {"vehicle", "9174##########"},
    {"invoice", "Y-######"},
    {"invoice", "F########"},
    {"invoice", "Faktura ######"},
    {"payment", "*%"},
    {"payment", "#### #### #### ###%"},
    {"running number", "##########"},
    {"running number", "100000####"},
    {"running number", "\u00C4rende ##########"},
    {"running number", "\u00C4rende-ID ##########"},
    {"running number", "ID ##########"},
    {"running number", "#### #### ###"},
    {"running number", "#### #### ####"},
    {"running number", "### ### ### ##"},
    {"running number", "### ### ####"},
    {"running number", "##### #####"},
    {"running number", "#### ######"},
    {"running number", "#############"},
    {"amount", "## ### ### ###"},
    {"amount", "######.####"},
    {"amount", "########.##"},
    {"Swedish case", "######/Y"},
    {"Swedish case", "Y-####-####"},
    {"Swedish case", "Y/####-##"},
    {"Swedish case", "Y-####-###"},
    {"Norwegian case", "Y/######-#"},
    {"Norwegian case", "Y/#####-#"},
    {"Norwegian case", "Y/######-##"},
    {"time", "Y-0#-1# 10.##"},
    {"time", "Y-0#-1# 10:##"},
    {"time", "Y-0#-1# ###"},
    {"time", "1#.0#.Y ###"},
    {"time", "0#-1#-1# 10.##"},
    {"time", "2#.0# - 1#.0#.Y"},
    {"telephone", "1-2##-###-####"},
    {"telephone", "2##-###-####"},
    {"telephone", "020 #### ####"},
    {"telephone", "07### ######"},
    {"telephone", "0### #######"},
    {"telephone", "0## ########"},
    {"telephone", "01 ## ## ## ##"},
    {"telephone", "030#-## ## ##"},
    {"telephone", "030#-######"},
    {"telephone", "08-## ## ## ##"},
    {"running number", "Saksnr. ##########"},
    {"running number", "Dnr ##########"},
    {"running number", "Ref: ##########"},
    {"running number", "Kundnr ##########"},
    {"running number", "Best\u00E4llning ########## gäller"},
    {"running number", "Personnummer finns. Ärende ##########"},
    {"running number", "Y######"},
    {"telephone", "Tel. 07########"},
    {"telephone", "07########"},
    {"telephone", "07#-### ## ##"},
    {"telephone", "07#-#######"},
    {"telephone", "08-### ### ##"},
    {"telephone", "+467########"},
    {"telephone", "+468########"},
    {"telephone", "+46 7# ### ## ##"},
    {"telephone", "+46 (0)7# ### ## ##"},
    {"telephone", "00467########"},
    {"telephone", "+47 ## ## ## ##"},
    {"telephone", "+47########"},
    {"telephone", "### ## ###"},
    {"UUID", "~~~~~~~~-~~~~-7~~~-8~~~-~~~~~~~~~~~~"},
    {"hash", "~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~"},
    {"hash", "~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~"},
    {"hash", "~~~~~~~~"},
    {"IBAN", "SE## #### #### #### #### ####"},
    {"IBAN", "SE######################"},
    {"IBAN", "NO## #### #### ###"},
    {"IBAN", "NO#############"},
    {"account", "####.##.#####"},
    {"account", "#### ## #####"},
    {"bankgiro", "###-####"},
    {"bankgiro", "####-####"},
    {"plusgiro", "## ## ##-#"},
    {"organisation", "556###-####"},
    {"organisation", "### ### ###"},
    {"place", "65#####.##, 67####.##"},
    {"time", "Y-11-2# 1#:##:##"},
    {"time", "202#112#-1###"},
};

/* What cannot be told from one: how many in ten thousand may be taken for one. */
static const struct {
    const char *form;
    int max;
} alike[] = {
    {"id-nummer ##########", 90},
    {"######-####", 90},
    {"###########", 90},
    {"Y-0#-1# 1###", 600},
};

enum { NUMBER_COUNT = 10000, TAKEN_MAX = NUMBER_COUNT / 1000 };

static uint32_t draw(uint64_t *seed, uint32_t count)
{
    *seed ^= *seed << 13;
    *seed ^= *seed >> 7;
    *seed ^= *seed << 17;
    return (uint32_t)((*seed >> 16) % count);
}

static char luhn(const char *text, size_t size)
{
    uint32_t sum = 0;

    for (uint32_t doubled = 1; size-- > 0;) {
        const uint32_t digit = (uint32_t)(text[size] - '0') << doubled;

        if (text[size] < '0' || text[size] > '9') continue;
        sum += digit / 10 + digit % 10;
        doubled = !doubled;
    }
    return (char)('0' + (10 - sum % 10) % 10);
}

static size_t put_digits(char *to, size_t count, uint64_t *seed)
{
    for (size_t i = 0; i < count; i++)
        to[i] = (char)('0' + draw(seed, 10));
    return count;
}

static size_t put(char *text, size_t size, char what, uint64_t *seed)
{
    char *to = text + size;

    switch (what) {
    case '#': return put_digits(to, 1, seed);
    case '*': return put_digits(to, 4 + draw(seed, 21), seed);
    case 'Y': return (size_t)sprintf(to, "20%02u", draw(seed, 27));
    case '~': *to = "0123456789abcdef"[draw(seed, 16)]; return 1;
    case '@': *to = (char)('A' + draw(seed, 26)); return 1;
    case '%': *to = luhn(text, size); return 1;
    default: *to = what; return 1;
    }
}

static bool is_taken(const char *form, uint64_t *seed)
{
    char text[128];
    size_t size = 0;

    for (; *form != '\0'; form++)
        size += put(text, size, *form, seed);
    return identity_number_is_in(text, size, today);
}

static int count_taken(const char *form, uint64_t *seed)
{
    int taken = 0;

    for (int i = 0; i < NUMBER_COUNT; i++)
        taken += is_taken(form, seed);
    return taken;
}

static void fewer_than_one_number_in_a_thousand_of_another_thing_is_taken_for_one(void **unused)
{
    uint64_t seed = 20261128;

    (void)unused;
    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
        const int taken = count_taken(forms[i].form, &seed);

        if (taken >= TAKEN_MAX) fail_msg("%s %s: %d", forms[i].what, forms[i].form, taken);
    }
}

static void as_many_as_is_said_of_what_cannot_be_told_from_one(void **unused)
{
    uint64_t seed = 20261128;

    (void)unused;
    for (size_t i = 0; i < sizeof alike / sizeof alike[0]; i++) {
        const int taken = count_taken(alike[i].form, &seed);

        if (taken >= alike[i].max) fail_msg("%s: %d", alike[i].form, taken);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_row_is_as_it_says),
        cmocka_unit_test(a_name_has_no_running_number),
        cmocka_unit_test(a_text_ends_where_its_size_says),
        cmocka_unit_test(somebody_grows_into_it_and_out_of_it),
        cmocka_unit_test(fewer_than_one_number_in_a_thousand_of_another_thing_is_taken_for_one),
        cmocka_unit_test(as_many_as_is_said_of_what_cannot_be_told_from_one),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
