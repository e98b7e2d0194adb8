#include "core/json.h"

#include "core/error.h"

bool json_read(const struct descriptor *descriptor, const char *bytes, size_t size, void *value,
               struct error *err)
{
    (void)descriptor, (void)bytes, (void)size, (void)value;
    return error_set(err, ERROR_BROKEN, "not_yet", "json_read is not there yet");
}

bool json_read_hook(const char *bytes, size_t size, json_pick *pick, void *cookie, void *value,
                    struct json_hook *hook, struct error *err)
{
    (void)bytes, (void)size, (void)pick, (void)cookie, (void)value, (void)hook;
    return error_set(err, ERROR_BROKEN, "not_yet", "json_read_hook is not there yet");
}

bool json_write(const struct descriptor *descriptor, const void *value, char *buffer, size_t *size,
                struct error *err)
{
    (void)descriptor, (void)value, (void)buffer, (void)size;
    return error_set(err, ERROR_BROKEN, "not_yet", "json_write is not there yet");
}
