/* Answering a call: the one place where a status is counted and a problem is worded. */
#pragma once

#include <stddef.h>

#include "http/http.h"

struct call;
struct error;
struct out;
struct reply;

/* The call is over then. headers as in http_answer; Cache-Control says that nobody may keep it. */
void answer(struct call *call, unsigned status, const char *type, const struct http_header *headers,
            const char *body, size_t size);
/* 200, and the same to anybody who asks: it may be kept. */
void answer_anybody(struct call *call, const char *type, const char *body, size_t size);
void answer_json(struct call *call, unsigned status, const struct http_header *headers,
                 const struct out *out);

/* application/problem+json (RFC 9457): {type, title, status, detail, code} and, for faulty fields,
 * errors [{detail, pointer, field}] with pointers into the body. */
void answer_problem(struct call *call, unsigned status, const char *code, const char *text,
                    const struct http_header *headers);
void answer_error(struct call *call, const struct error *err, const struct http_header *headers);
/* 404: the page that was asked for has no such row, or none that they may see. */
void answer_unseen(struct call *call, const struct reply *reply, const char *text);
/* The HTTP status of an error. */
unsigned answer_status(const struct error *err);
