/* The numbers of library's tables and indexes. */
#pragma once

enum library_table { BOOKS = 1 };
enum library_index { BOOKS_BY_PROGRAMME = 1 };
