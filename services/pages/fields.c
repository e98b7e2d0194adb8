/* Fields of forms: a label, what is wrong, and where to type. */
#include <stdio.h>
#include <string.h>

#include "core/error.h"
#include "core/form.h"
#include "core/text.h"
#include "front/html.h"
#include "front/out.h"
#include "show.h"

/* Whether the form that is being shown is the one that was sent and not taken. */
static bool is_typed(const struct shown *shown)
{
    return shown->typed != NULL && strcmp(shown->form, shown->act) == 0;
}

/* What stands there: as it was typed, else as it is known. */
static const char *value_of(const struct shown *shown, const struct show_field *field,
                            const char *name)
{
    return is_typed(shown) ? form_value(shown->typed, name) : field->value;
}

/* What is wrong with it, or NULL. */
static const char *fault_of(const struct shown *shown, const char *name)
{
    for (size_t i = 0; is_typed(shown) && shown->error != NULL && i < shown->error->fault_count;
         i++)
        if (strcmp(shown->error->faults[i].field, name) == 0) return shown->error->faults[i].what;
    return NULL;
}

static void add(struct shown *shown, const char *html)
{
    out_add(shown->out, html, strlen(html));
}

/* attribute="value" */
static void add_attribute(struct shown *shown, const char *attribute, const char *value)
{
    out_format(shown->out, " %s=\"", attribute);
    html_text(shown->out, value);
    add(shown, "\"");
}

static void add_hint(struct shown *shown, const struct show_field *field)
{
    if (field->hint == WORDS_KEYS) return;
    out_format(shown->out, "<p class=\"hint\" id=\"%s-%s-hint\">", shown->form, field->name);
    show_word(shown, field->hint);
    add(shown, "</p>");
}

static void add_fault(struct shown *shown, const struct show_field *field)
{
    const char *what = fault_of(shown, field->name);

    if (what == NULL) return;
    out_format(shown->out, "<p class=\"fault\" id=\"%s-%s-fault\">", shown->form, field->name);
    show_word(shown, WORDS_PAGE_FIELD_FAULT);
    add(shown, " ");
    show_said(shown, what);
    add(shown, "</p>");
}

/* To what is said about a field. */
static void add_described(struct shown *shown, const struct show_field *field)
{
    const bool has_fault = fault_of(shown, field->name) != NULL;
    const bool has_hint = field->hint != WORDS_KEYS;

    if (has_fault) add(shown, " aria-invalid=\"true\"");
    if (!has_fault && !has_hint) return;
    out_format(shown->out, " aria-describedby=\"");
    if (has_hint) out_format(shown->out, "%s-%s-hint", shown->form, field->name);
    if (has_hint && has_fault) add(shown, " ");
    if (has_fault) out_format(shown->out, "%s-%s-fault", shown->form, field->name);
    add(shown, "\"");
}

static void add_label(struct shown *shown, const struct show_field *field)
{
    out_format(shown->out, "<label for=\"%s-%s\">", shown->form, field->name);
    show_word(shown, field->label);
    if (!field->is_required) {
        add(shown, " <span class=\"optional\">");
        show_word(shown, WORDS_PAGE_FIELD_OPTIONAL);
        add(shown, "</span>");
    }
    add(shown, "</label>");
}

static void add_input(struct shown *shown, const struct show_field *field, const char *type,
                      const char *more)
{
    const char *value = value_of(shown, field, field->name);

    out_format(shown->out, "<input id=\"%s-%s\" name=\"%s\" type=\"%s\"%s", shown->form,
               field->name, field->name, type, more);
    if (value != NULL) add_attribute(shown, "value", value);
    if (field->autocomplete != NULL) add_attribute(shown, "autocomplete", field->autocomplete);
    if (field->is_required) add(shown, " required");
    add_described(shown, field);
    add(shown, ">");
}

/* No page can say which: browsers let their reader choose anew. */
static void add_file(struct shown *shown, const struct show_field *field)
{
    out_format(shown->out, "<input id=\"%s-%s\" name=\"%s\" type=\"file\"", shown->form,
               field->name, field->name);
    if (field->is_required) add(shown, " required");
    add_described(shown, field);
    add(shown, ">");
}

static void add_long(struct shown *shown, const struct show_field *field)
{
    const char *value = value_of(shown, field, field->name);

    out_format(shown->out, "<textarea id=\"%s-%s\" name=\"%s\" rows=\"5\"", shown->form,
               field->name, field->name);
    if (field->is_required) add(shown, " required");
    add_described(shown, field);
    add(shown, ">\n");
    if (value != NULL) html_text(shown->out, value);
    add(shown, "</textarea>");
}

/* Whether an option is the one that stands there. */
static bool is_chosen(const char *value, const struct show_option *option)
{
    return value != NULL && strcmp(value, option->value) == 0;
}

/* In a list that unfolds nothing but text can stand. */
static void add_option_plain(struct shown *shown, const struct show_option *option)
{
    if (option->label != WORDS_KEYS)
        show_word_plain(shown, option->label);
    else
        show_text_plain(shown, option->text);
}

static void add_option_text(struct shown *shown, const struct show_option *option)
{
    if (option->label != WORDS_KEYS)
        show_word(shown, option->label);
    else
        show_text_plain(shown, option->text);
}

static void add_select(struct shown *shown, const struct show_field *field)
{
    const char *value = value_of(shown, field, field->name);

    out_format(shown->out, "<select id=\"%s-%s\" name=\"%s\"", shown->form, field->name,
               field->name);
    if (field->is_required) add(shown, " required");
    add_described(shown, field);
    add(shown, "><option value=\"\">");
    show_word_plain(shown, WORDS_PAGE_FIELD_CHOOSE);
    add(shown, "</option>");
    for (size_t i = 0; i < field->options->count; i++) {
        const struct show_option *option = &field->options->at[i];

        add(shown, "<option");
        add_attribute(shown, "value", option->value);
        add(shown, is_chosen(value, option) ? " selected>" : ">");
        add_option_plain(shown, option);
        add(shown, "</option>");
    }
    add(shown, "</select>");
}

/* A group has one name for all of it. */
static void begin_group(struct shown *shown, const struct show_field *field)
{
    out_format(shown->out, "<fieldset id=\"%s-%s\"", shown->form, field->name);
    add_described(shown, field);
    add(shown, "><legend>");
    show_word(shown, field->label);
    if (!field->is_required) {
        add(shown, " <span class=\"optional\">");
        show_word(shown, WORDS_PAGE_FIELD_OPTIONAL);
        add(shown, "</span>");
    }
    add(shown, "</legend>");
    add_hint(shown, field);
    add_fault(shown, field);
}

static void add_choice(struct shown *shown, const struct show_field *field)
{
    const char *value = value_of(shown, field, field->name);

    begin_group(shown, field);
    for (size_t i = 0; i < field->options->count; i++) {
        const struct show_option *option = &field->options->at[i];

        out_format(shown->out,
                   "<div class=\"choice\"><input type=\"radio\" id=\"%s-%s-%zu\" name=\"%s\"",
                   shown->form, field->name, i, field->name);
        add_attribute(shown, "value", option->value);
        if (field->is_required) add(shown, " required");
        add(shown, is_chosen(value, option) ? " checked>" : ">");
        out_format(shown->out, "<label for=\"%s-%s-%zu\">", shown->form, field->name, i);
        add_option_text(shown, option);
        add(shown, "</label></div>");
    }
    add(shown, "</fieldset>");
}

/* Whether one of some is what was typed, or is known. */
static bool is_among(const struct shown *shown, const struct show_field *field, const char *value)
{
    const size_t size = strlen(value);

    if (is_typed(shown)) {
        for (size_t i = 0; i < shown->typed->count; i++)
            if (strcmp(shown->typed->at[i].name, field->name) == 0 &&
                strcmp(shown->typed->at[i].value, value) == 0)
                return true;
        return false;
    }
    for (const char *at = field->value; at != NULL && (at = strchr(at, ' ')) != NULL;)
        if (strncmp(++at, value, size) == 0 && (at[size] == ' ' || at[size] == '\0')) return true;
    return false;
}

/* What is hidden says that the question was there: where nothing is ticked, nothing is wanted. */
static void add_many(struct shown *shown, const struct show_field *field)
{
    begin_group(shown, field);
    out_format(shown->out, "<input type=\"hidden\" name=\"%s\" value=\"\">", field->name);
    for (size_t i = 0; i < field->options->count; i++) {
        const struct show_option *option = &field->options->at[i];

        out_format(shown->out,
                   "<div class=\"choice\"><input type=\"checkbox\" id=\"%s-%s-%zu\" name=\"%s\"",
                   shown->form, field->name, i, field->name);
        add_attribute(shown, "value", option->value);
        add(shown, is_among(shown, field, option->value) ? " checked>" : ">");
        out_format(shown->out, "<label for=\"%s-%s-%zu\">", shown->form, field->name, i);
        add_option_text(shown, option);
        add(shown, "</label></div>");
    }
    add(shown, "</fieldset>");
}

/* Day, month and year are typed: a calendar to pick from speaks the browser's language, not the page's. */
static void add_date(struct shown *shown, const struct show_field *field)
{
    static const struct {
        const char *part;
        enum words_key label;
        int width;
    } parts[] = {
        {"day", WORDS_DATE_DAY, 2}, {"month", WORDS_DATE_MONTH, 2}, {"year", WORDS_DATE_YEAR, 4}};
    int known[3] = {0};

    if (field->value != NULL) sscanf(field->value, "%4d-%2d-%2d", &known[2], &known[1], &known[0]);
    begin_group(shown, field);
    add(shown, "<div class=\"date\">");
    for (size_t i = 0; i < 3; i++) {
        char name[SHOW_NAME_SIZE], number[16];
        const char *value;

        snprintf(name, sizeof name, "%s.%s", field->name, parts[i].part);
        snprintf(number, sizeof number, "%d", known[i]);
        value = is_typed(shown) ? form_value(shown->typed, name) : known[2] > 0 ? number : NULL;
        out_format(shown->out, "<div><label for=\"%s-%s\">", shown->form, name);
        show_word(shown, parts[i].label);
        out_format(shown->out,
                   "</label><input id=\"%s-%s\" name=\"%s\" inputmode=\"numeric\" size=\"%d\"",
                   shown->form, name, name, parts[i].width);
        if (value != NULL) add_attribute(shown, "value", value);
        if (field->is_required) add(shown, " required");
        add(shown, "></div>");
    }
    add(shown, "</div></fieldset>");
}

static void add_flag(struct shown *shown, const struct show_field *field)
{
    const char *value = value_of(shown, field, field->name);

    add_fault(shown, field);
    out_format(
        shown->out,
        "<div class=\"choice\"><input type=\"checkbox\" id=\"%s-%s\" name=\"%s\" value=\"yes\"",
        shown->form, field->name, field->name);
    if (value != NULL && strcmp(value, "yes") == 0) add(shown, " checked");
    if (field->is_required) add(shown, " required");
    add_described(shown, field);
    out_format(shown->out, "><label for=\"%s-%s\">", shown->form, field->name);
    show_word(shown, field->label);
    add(shown, "</label></div>");
    add_hint(shown, field);
}

void show_name(const char *within, const char *field, char name[SHOW_NAME_SIZE])
{
    snprintf(name, SHOW_NAME_SIZE, "%s.%s", within, field);
}

static void note_label(struct shown_labels *labels, const char *form,
                       const struct show_field *field)
{
    const size_t place = labels->count;

    if (place == SHOWN_LABELS_MAX) return;
    text_copy(labels->at[place].form, sizeof labels->at[place].form, form);
    text_copy(labels->at[place].name, sizeof labels->at[place].name, field->name);
    labels->at[place].label = field->label;
    labels->count++;
}

void show_field(struct shown *shown, const struct show_field *field)
{
    const bool is_group = field->kind == SHOW_FIELD_CHOICE || field->kind == SHOW_FIELD_DATE ||
                          field->kind == SHOW_FIELD_MANY || field->kind == SHOW_FIELD_FLAG;

    if (shown->labels != NULL) note_label(shown->labels, shown->form, field);
    add(shown, "<div class=\"field\">");
    if (!is_group) {
        add_label(shown, field);
        add_hint(shown, field);
        add_fault(shown, field);
    }
    switch (field->kind) {
    case SHOW_FIELD_TEXT: add_input(shown, field, "text", ""); break;
    case SHOW_FIELD_EMAIL:
        add_input(shown, field, "email", " dir=\"ltr\" spellcheck=\"false\"");
        break;
    case SHOW_FIELD_TEL: add_input(shown, field, "tel", " dir=\"ltr\""); break;
    case SHOW_FIELD_NUMBER: add_input(shown, field, "text", " inputmode=\"numeric\""); break;
    case SHOW_FIELD_CODE:
        add_input(shown, field, "text", " inputmode=\"numeric\" dir=\"ltr\" maxlength=\"9\"");
        break;
    case SHOW_FIELD_LONG: add_long(shown, field); break;
    case SHOW_FIELD_DATE: add_date(shown, field); break;
    case SHOW_FIELD_CHOICE: add_choice(shown, field); break;
    case SHOW_FIELD_MANY: add_many(shown, field); break;
    case SHOW_FIELD_SELECT: add_select(shown, field); break;
    case SHOW_FIELD_FLAG: add_flag(shown, field); break;
    case SHOW_FIELD_FILE: add_file(shown, field); break;
    }
    add(shown, "</div>");
}

void show_open(struct shown *shown, const char *form)
{
    if (shown->typed != NULL && strcmp(form, shown->act) == 0) add(shown, " open");
}

void show_form(struct shown *shown, const char *form)
{
    shown->form = form;
    out_format(shown->out, "<input type=\"hidden\" name=\"_key\" value=\"%s\">", shown->key);
    if (shown->version > 0)
        out_format(shown->out, "<input type=\"hidden\" name=\"_version\" value=\"%lld\">",
                   (long long)shown->version);
}

/* Why it was not taken, in the reader's words where there are such. */
static enum words_key reason_of(const struct error *error)
{
    switch (error->kind) {
    case ERROR_CONFLICT: return WORDS_PAGE_ERROR_CONFLICT;
    case ERROR_FORBIDDEN: return WORDS_PAGE_ERROR_FORBIDDEN;
    case ERROR_INVALID: return WORDS_PAGE_ERROR_INVALID;
    case ERROR_NOT_FOUND: return WORDS_PAGE_ERROR_NOT_FOUND;
    case ERROR_BUSY: return WORDS_PAGE_ERROR_BUSY;
    case ERROR_BROKEN: return WORDS_PAGE_ERROR_BROKEN;
    case ERROR_REFUSED:
    case ERROR_NONE: break;
    }
    return WORDS_PAGE_ERROR_REFUSED;
}

/* The field that is at fault, or the list or object that it is part of; SHOWN_LABELS_MAX: it is not shown. */
static size_t find_label(const struct shown *shown, const char *field)
{
    const struct shown_labels *labels = shown->labels;

    for (size_t i = 0; labels != NULL && i < labels->count; i++) {
        const size_t size = strlen(labels->at[i].name);

        if (strcmp(labels->at[i].form, shown->act) == 0 &&
            strncmp(labels->at[i].name, field, size) == 0 &&
            strchr("[.", field[size]) != NULL) /* its end too */
            return i;
    }
    return SHOWN_LABELS_MAX;
}

/* Which field, with a link to it. */
static void add_field_link(struct shown *shown, const char *field)
{
    const size_t place = find_label(shown, field);
    const bool is_shown = place < SHOWN_LABELS_MAX;

    out_format(shown->out, "<a href=\"#%s-", shown->act);
    html_text(shown->out, is_shown ? shown->labels->at[place].name : field);
    add(shown, "\">");
    if (is_shown)
        show_word(shown, shown->labels->at[place].label);
    else
        show_english(shown, field);
    add(shown, "</a>");
}

void show_error(struct shown *shown)
{
    const struct error *error = shown->error;

    if (error == NULL) return;
    add(shown, "<div class=\"error\" role=\"alert\" id=\"error\" tabindex=\"-1\"><h2>");
    show_word(shown, WORDS_PAGE_ERROR_TITLE);
    add(shown, "</h2><p>");
    show_word(shown, reason_of(error));
    add(shown, "</p>");
    if (error->kind == ERROR_REFUSED) {
        add(shown, "<p>");
        show_said(shown, error->text);
        add(shown, "</p>");
    }
    if (error->fault_count > 0) {
        add(shown, "<ul>");
        for (size_t i = 0; i < error->fault_count; i++) {
            add(shown, "<li>");
            add_field_link(shown, error->faults[i].field);
            add(shown, ": ");
            show_said(shown, error->faults[i].what);
            add(shown, "</li>");
        }
        add(shown, "</ul>");
    }
    add(shown, "</div>");
}
