/* Memory for QuickJS. */
#ifndef MEMORY_H
#define MEMORY_H

#include "quickjs.h"

/**
 * A program that ends after milliseconds spends a quarter of them in malloc(3), and as much in page
 * faults. These functions take pieces from regions that are mapped beforehand and keep freed pieces
 * by size; they serve one runtime, in one thread.
 */
extern const JSMallocFunctions memory_functions;

#endif
