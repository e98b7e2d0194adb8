/* Routes are made of the contracts at the start, and found by comparing what stands before and
 * behind {id}. */
#include "routes.h"

#include <stdlib.h>
#include <string.h>

#include "contract/all.h"
#include "core/descriptor.h"
#include "core/error.h"
#include "core/id.h"
#include "gateway.h"

enum { ROUTES_MAX = 512 };

struct routes {
    const struct serving *serving;
    size_t count, hook_count;
    struct route at[ROUTES_MAX];
    struct route hooks[ROUTES_MAX]; /* commands that webhooks say */
};

/* text: "POST /v1/referrals/{id}/accept". With is_list, what stands from /{id} on is left out. */
static void add(struct routes *routes, const char *text, bool is_list, struct route route)
{
    const char *path = strchr(text, ' ') + 1, *place = strstr(path, "{id}");

    if (routes->count == ROUTES_MAX) bug("more than %d routes", ROUTES_MAX);
    route.method = text;
    route.method_size = (size_t)(path - 1 - text);
    route.before = path;
    route.before_size = place == NULL ? strlen(path) : (size_t)(place - path) - is_list;
    route.behind = place == NULL || is_list ? NULL : place + 4;
    routes->at[routes->count++] = route;
}

static void fit(size_t *size, const struct descriptor *descriptor)
{
    if (descriptor != NULL && descriptor->size > *size) *size = descriptor->size;
}

static void add_command(struct routes *routes, const struct contract *contract,
                        const struct command *command, struct upstream *upstream,
                        size_t *value_size)
{
    const struct route route = {.serve = routes->serving->command,
                                .contract = contract,
                                .command = command,
                                .upstream = upstream};

    fit(value_size, command->body);
    fit(value_size, command->answer);
    fit(value_size, command->opens);
    if (command->route != NULL) add(routes, command->route, false, route);
    if (command->hook != NULL) routes->hooks[routes->hook_count++] = route;
}

static void add_record(struct routes *routes, const struct contract *contract,
                       const struct record *record, struct upstream *upstream, size_t *value_size)
{
    const struct route route = {.serve = routes->serving->record,
                                .contract = contract,
                                .record = record,
                                .upstream = upstream};

    fit(value_size, record->row);
    fit(value_size, record->opens);
    if (record->route == NULL) return;
    add(routes, record->route, false, route);
    add(routes, record->route, true, route);
}

struct routes *routes_create(const struct serving *serving, struct gateway *gateway,
                             size_t *value_size)
{
    struct routes *routes = calloc(1, sizeof *routes);

    if (routes == NULL) bug("out of memory");
    routes->serving = serving;
    for (const struct own_route *own = serving->own; own->route != NULL; own++)
        add(routes, own->route, false, (struct route){.serve = own->serve});
    for (size_t i = 0; i < contract_count; i++) {
        const struct contract *contract = contracts[i];
        struct upstream *upstream = front_upstream(&gateway->door.front, contract->service);

        for (size_t n = 0; n < contract->command_count; n++)
            add_command(routes, contract, &contract->commands[n], upstream, value_size);
        for (size_t n = 0; n < contract->record_count; n++)
            add_record(routes, contract, &contract->records[n], upstream, value_size);
    }
    return routes;
}

void routes_destroy(struct routes *routes)
{
    free(routes);
}

/* Whether the path is the route's; then what stands for {id} is at `place`, size bytes. */
static bool is_path(const struct route *route, const char *path, const char **place, size_t *size)
{
    if (strncmp(path, route->before, route->before_size) != 0) return false;
    path += route->before_size;
    *place = path;
    *size = 0;
    if (route->behind == NULL) return *path == '\0';
    *size = strcspn(path, "/");
    return *size > 0 && strcmp(path + *size, route->behind) == 0;
}

static void add_allowed(const struct route *route, char allow[ROUTES_ALLOW_SIZE])
{
    const char *methods = route->method[0] == 'G' ? "GET, HEAD" : "POST";

    if (strstr(allow, methods) != NULL) return;
    if (allow[0] != '\0') strcat(allow, ", ");
    strcat(allow, methods);
}

const struct route *routes_find(const struct routes *routes, const char *method, const char *path,
                                struct id *id, bool *has_id, char allow[ROUTES_ALLOW_SIZE])
{
    const char *like = strcmp(method, "HEAD") == 0 ? "GET" : method;

    allow[0] = '\0';
    for (size_t i = 0; i < routes->count; i++) {
        const struct route *route = &routes->at[i];
        const char *place;
        size_t size;

        if (!is_path(route, path, &place, &size)) continue;
        *has_id = id_read(place, size, id);
        if (strncmp(route->method, like, route->method_size) == 0 &&
            like[route->method_size] == '\0')
            return route;
        add_allowed(route, allow);
    }
    return NULL;
}

const struct route *routes_hook(const struct routes *routes, const char *type)
{
    for (size_t i = 0; i < routes->hook_count; i++)
        if (strcmp(routes->hooks[i].command->hook, type) == 0) return &routes->hooks[i];
    return NULL;
}
