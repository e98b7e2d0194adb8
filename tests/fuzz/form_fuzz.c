/* Whatever comes as a form, in parts or not, is refused or taken apart into texts. The first byte says how it comes. */
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "core/error.h"
#include "core/form.h"
#include "core/text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct form form;

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *bytes = (const char *)data + 1;
    uint32_t characters;
    struct error err;
    bool is_form;

    if (size == 0) return 0;
    is_form = data[0] % 2 == 0 ? form_parse_parts("multipart/form-data; boundary=x", bytes,
                                                  size - 1, &form, &err)
                               : form_parse(bytes, size - 1, &form, &err);
    for (size_t i = 0; is_form && i < form.count; i++) {
        const char *value = form.at[i].value;

        if (!text_check((const uint8_t *)value, strlen(value), &characters) && value[0] != '\0')
            bug("no text");
    }
    return 0;
}
