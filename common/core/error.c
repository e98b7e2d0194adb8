#include "core/error.h"

#include "core/ending.h"
#include "core/text.h"

#include <stdarg.h>
#include <stdio.h>

bool error_set(struct error *err, enum error_kind kind, const char *code, const char *format, ...)
{
    va_list args;

    err->kind = kind;
    err->code = code;
    err->fault_count = 0;
    err->is_withheld = false;
    va_start(args, format);
    vsnprintf(err->text, sizeof err->text, format, args);
    va_end(args);
    return false;
}

bool refuse(struct error *err, const struct refusal *why)
{
    error_set(err, why->kind, why->code, "%s", why->text);
    err->is_withheld = why->is_anothers;
    if (why->field != NULL) error_add_fault(err, why->field, why->text);
    return false;
}

void error_add_fault(struct error *err, const char *field, const char *what)
{
    struct fault *fault = &err->faults[err->fault_count];

    if (err->fault_count == FAULTS_MAX) return;
    text_copy(fault->field, sizeof fault->field, field);
    text_copy(fault->what, sizeof fault->what, what);
    err->fault_count++;
}

void bug(const char *format, ...)
{
    char text[256];
    va_list args;

    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    ending_tell(text);
    ending(ENDING_BUG);
}
