/*
 * What the core does for many lines at once (src/platform/bulk-lines.ts), in C: functions of
 * `native`. Every place that is read or written is checked.
 */
#ifndef BULK_LINES_H
#define BULK_LINES_H

#include "quickjs.h"

/** rules.c */
JSValue take_rules(JSContext *context, JSValueConst self, int count, JSValueConst *values);

/** connections.c */
JSValue take_connections(JSContext *context, JSValueConst self, int count, JSValueConst *values);

#endif
