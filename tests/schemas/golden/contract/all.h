/* Generated: every aggregate of every service, for programs that know none by name. */
#pragma once

#include "core/descriptor.h"

extern const struct contract *const contracts[];
extern const size_t contract_count;
