/*
 * Many real servers at once: BulkRows of src/platform/bulk-rows.ts. The rows are arrays of 32-bit
 * words (src/ipvs/server-columns.ts). Everything unusual is left to the program's own code. The
 * arrays come from the program, so every place that is read or written is checked.
 */
#ifndef ROWS_H
#define ROWS_H

#include "quickjs.h"

/** The columns that C knows, and the number of words in a row. */
enum { ROW_ADDRESS = 0, ROW_FAMILY = 4, ROW_PORT = 5, ROW_INCOMPLETE = 36, ROW_WORDS = 37 };

/** (datagram, at, sequence, length, address, headers, steps, rows, row): how many were copied. */
JSValue copy_rows(JSContext *context, JSValueConst self, int count, JSValueConst *values);

/** (rows, numbers, whether as in documents): sorts the numbers of rows. */
JSValue order_rows(JSContext *context, JSValueConst self, int count, JSValueConst *values);

/** (steps, end, texts, rows, order, bytes, cursor): writes lines and moves the cursor. */
JSValue write_lines(JSContext *context, JSValueConst self, int count, JSValueConst *values);

#endif
