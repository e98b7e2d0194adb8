/* The lines, and what their bodies become. */
#include "storm/script.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "core/date.h"
#include "core/error.h"
#include "core/instant.h"
#include "core/zone.h"

enum { KEPT_MAX = 24 };

#define DETAILS                                                                                \
    "\"details\":{\"given_name\":\"Ada\",\"family_name\":\"Exempel\",\"email\":\"a@#@example." \
    "org\"}"
#define PERSON(part, organisation)                                                              \
    "{" DETAILS ",\"language\":\"sv\",\"protection\":\"none\",\"organisation\":\"" organisation \
    "\",\"part\":\"" part "\",\"cleared\":true}"
#define HASH "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="
#define ORGANISATION(kind)                                                                       \
    "{\"kind\":\"" kind "\",\"name\":\"" kind "\",\"language\":\"sv\",\"contact\":{\"email\":\"" \
    "post@example.org\"}}"

/* clang-format off */
const struct line script[] = {
    {"programme", 1, "programme.create", NULL, ACTOR_ROLE_SYS, NULL,
     "{\"slug\":\"storm-@*\",\"name\":\"Storm\",\"countries\":[\"se\",\"no\"],\"from\":\"@-1\",\"languages\":[\"sv\",\"nb\"],"
     "\"rules\":{\"offer_days\":7,\"offer_reminder_days\":5,\"sign_days\":14,\"sign_reminder_days\":7,\"info_days\":21,"
     "\"complete_days\":3,\"meeting_target\":5,\"target_days\":10}}"},
    {"association", 1, "organisation.create", NULL, ACTOR_ROLE_SYS, NULL, ORGANISATION("association")},
    {"agency", 1, "organisation.create", NULL, ACTOR_ROLE_SYS, NULL, ORGANISATION("agency")},
    {"host", 1, "organisation.create", NULL, ACTOR_ROLE_SYS, NULL, ORGANISATION("museum_association")},
    {"partner", 1, "partner.create", NULL, ACTOR_ROLE_SYS, NULL,
     "{\"name\":\"The agency's\",\"organisation\":\"@agency\",\"secret\":{\"current\":\"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\"}}"},
    {"endpoint", 1, "endpoint.create", NULL, ACTOR_ROLE_SYS, NULL,
     "{\"partner\":\"@partner\",\"url\":\"https://example.org/hooks\",\"secret\":{\"current\":\"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\"}}"},
    {"coordinator", 1, "person.register", NULL, ACTOR_ROLE_SYS, NULL, PERSON("coordinator", "@association")},
    {"token", 2, "token.create", NULL, ACTOR_ROLE_SYS, NULL, "{\"role\":\"coordinator\",\"person\":\"@coordinator\"}"},
    {"mentor", 8, "person.register", NULL, ACTOR_ROLE_SYS, NULL, PERSON("mentor", "@association")},
    {"supervisor", 6, "person.register", NULL, ACTOR_ROLE_SYS, NULL, PERSON("supervisor", "@host")},
    {"places", 8, "mentor.set_capacity", "mentor", ACTOR_ROLE_SYS, NULL, "{\"capacity\":6}"},
    {"session", 8, "session.request", NULL, ACTOR_ROLE_SYS, NULL,
     "{\"person\":\"@mentor\",\"hash\":\"" HASH "\",\"device\":{\"browser\":\"firefox\",\"system\":\"android\"},\"code\":{\"digits\":\"204117\"}}"},
    {"signed_in", 7, "session.enter", "session", ACTOR_ROLE_SYS, NULL, "{\"is_right\":true,\"hash\":\"" HASH "\"}"},
    {"acts_as", 3, "session.act_as", "session", ACTOR_ROLE_MENTOR, "mentor", "{\"role\":\"mentor\"}"},
    {"referral", 24, "referral.receive", NULL, ACTOR_ROLE_AGENCY_SYSTEM, "partner",
     "{\"external_id\":\"S-@#\",\"sequence\":1,\"programme\":\"storm-@*\",\"person\":{\"given_name\":\"Eva\",\"language\":\"sv\","
     "\"protection\":\"none\",\"email\":\"e@#@example.org\"},\"languages\":[\"sv\"],\"occupations\":[],\"target_group\":\"newcomer\","
     "\"wants\":[\"mentor\",\"placement\"]}"},
    {"accepted", 20, "referral.accept", "referral", ACTOR_ROLE_COORDINATOR, "coordinator", "{}"},
    {"posting", 4, "posting.create", NULL, ACTOR_ROLE_COORDINATOR, "mentor",
     "{\"host\":\"@host\",\"title\":\"Varnish\",\"occupation\":{\"scheme\":\"ssyk\",\"code\":\"7233\"},\"site\":\"The depot\","
     "\"object\":{\"museum_number\":\"B24\",\"kind\":\"wagon\",\"condition\":\"remains\",\"task\":\"To be varnished.\"},\"seats\":12,\"from\":\"@-1\","
     "\"until\":\"@+20\",\"supervisor\":\"any\",\"languages\":[]}"},
    {"submitted", 4, "posting.submit", "posting", ACTOR_ROLE_COORDINATOR, "mentor", "{}"},
    {"published", 4, "posting.publish", "posting", ACTOR_ROLE_COORDINATOR, "coordinator", "{}"},
    {"mentorship", 6, "mentorship.propose", NULL, ACTOR_ROLE_COORDINATOR, "coordinator",
     "{\"referral\":\"@accepted\",\"mentor\":\"@mentor\"}"},
    {"offered", 6, "mentorship.offer", "mentorship", ACTOR_ROLE_COORDINATOR, "coordinator", "{}"},
    {"answered", 6, "mentorship.accept", "mentorship", ACTOR_ROLE_MENTOR, "mentor", "{}"},
    {"signed", 6, "mentorship.sign_confidentiality", "mentorship", ACTOR_ROLE_MENTOR, "mentor", "{}"},
    {"agreed", 6, "mentorship.sign_confidentiality", "mentorship", ACTOR_ROLE_PARTICIPANT, "participant", "{}"},
    {"met", 5, "mentorship.hold_first_meeting", "mentorship", ACTOR_ROLE_MENTOR, "mentor", "{}"},
    {"logged", 5, "mentorship.log_meeting", "mentorship", ACTOR_ROLE_MENTOR, "mentor", "{\"minutes\":60,\"also\":true}"},
    {"content", 3, "mentorship.complete", "mentorship", ACTOR_ROLE_MENTOR, "mentor", "{}"},
    {"completed", 3, "mentorship.complete", "mentorship", ACTOR_ROLE_PARTICIPANT, "participant", "{}"},
    {"placement", 16, "placement.plan", NULL, ACTOR_ROLE_COORDINATOR, "coordinator",
     "{\"referral\":\"@accepted\",\"posting\":\"@published\",\"from\":\"@-0\",\"until\":\"@+3\"}"},
    {"agreement", 14, "placement.meet_requirement", "placement", ACTOR_ROLE_COORDINATOR, "coordinator", "{\"kind\":\"agreement\"}"},
    {"supervised", 14, "placement.meet_requirement", "placement", ACTOR_ROLE_COORDINATOR, "coordinator",
     "{\"kind\":\"supervisor\",\"supervisor\":\"@supervisor\"}"},
    {"drawings", 14, "placement.meet_requirement", "placement", ACTOR_ROLE_COORDINATOR, "coordinator",
     "{\"kind\":\"drawing_access\",\"valid_until\":\"@+6\"}"},
    {"safety", 14, "placement.meet_requirement", "placement", ACTOR_ROLE_COORDINATOR, "coordinator",
     "{\"kind\":\"safety_introduction\"}"},
    {"insurance", 14, "placement.meet_requirement", "placement", ACTOR_ROLE_COORDINATOR, "coordinator", "{\"kind\":\"insurance\"}"},
    {"started", 4, "placement.start", "placement", ACTOR_ROLE_SUPERVISOR, "supervisor", "{}"},
    {"day", 4, "placement.log_day", "placement", ACTOR_ROLE_SUPERVISOR, "supervisor",
     "{\"on\":\"@-0\",\"activity\":\"work\",\"minutes\":240}"},
};
/* clang-format on */
const size_t script_count = sizeof script / sizeof script[0];

enum { LINES = sizeof script / sizeof script[0] };

static struct id come_of[LINES][KEPT_MAX];
static unsigned said, programmes; /* how many: @# and, of this one's programme, @* */

void script_begin(void)
{
    memset(come_of, 0, sizeof come_of);
    programmes = ++said;
}

void script_keep(const struct line *line, unsigned number, struct id id)
{
    come_of[line - script][number] = id;
}

struct id script_id(const char *key, unsigned number)
{
    for (size_t i = 0; i < script_count; i++)
        if (strcmp(script[i].key, key) == 0) return come_of[i][number % script[i].times];
    bug("nothing is called %s", key);
}

/* Of what stands behind an @; returns how much of it that was. */
static size_t write_name(const char *at, unsigned number, char text[ID_TEXT_SIZE])
{
    const size_t size = strspn(at, "abcdefghijklmnopqrstuvwxyz_");
    char key[32];

    snprintf(key, sizeof key, "%.*s", (int)size, at);
    id_write(script_id(key, number), text);
    return size;
}

static size_t write_day(const char *at, char text[ID_TEXT_SIZE])
{
    struct date day = zone_date(COUNTRY_SE, (struct instant){clock_now_ms()});
    char *end;

    day.day += strtol(at, &end, 10);
    date_write(day, text);
    return (size_t)(end - at);
}

size_t script_write(const struct line *line, unsigned number, char text[VALUE_ROOM])
{
    size_t size = 0;

    said++;
    for (const char *at = line->body; *at != '\0';) {
        char word[ID_TEXT_SIZE] = {*at, '\0'};
        size_t used = 1;

        if (at[0] == '@' && at[1] == '#')
            used = 2, snprintf(word, sizeof word, "%u", said);
        else if (at[0] == '@' && at[1] == '*')
            used = 2, snprintf(word, sizeof word, "%u", programmes);
        else if (at[0] == '@' && (at[1] == '+' || at[1] == '-'))
            used = 1 + write_day(at + 1, word);
        else if (at[0] == '@' && at[1] >= 'a' && strncmp(at, "@example", 8) != 0)
            used = 1 + write_name(at + 1, number, word);
        size += (size_t)snprintf(text + size, VALUE_ROOM - size, "%s", word);
        at += used;
    }
    return size;
}
