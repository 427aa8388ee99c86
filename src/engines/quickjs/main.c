/*
 * Starts QuickJS with the features that the program needs, and runs the program, which is linked as
 * bytecode.
 */
#include "memory.h"
#include "packets.h"
#include "parts.h"
#include "world.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>

/** The exit status after a bug: exitStatus.listing in src/errors/exit-status.ts. */
#define INTERNAL_ERROR 1

/** As in start.ts. */
#define OUT_OF_MEMORY "ipvsadm: out of memory: raise the limit of this process (ulimit -v), or use a machine with more\n"

/**
 * The allocated bytes from which garbage is collected. Reference counting frees almost everything;
 * only long runs need the search for cycles.
 */
#define COLLECT_FROM (2 * 1024 * 1024)

static JSRuntime *new_runtime(void) {
#ifdef __SANITIZE_ADDRESS__
  return JS_NewRuntime(); // each piece by malloc(3), which the sanitizer watches
#else
  return JS_NewRuntime2(&memory_functions, NULL);
#endif
}

static JSContext *new_context(JSRuntime *runtime) {
  JSContext *context = JS_NewContextRaw(runtime);
  if (!context) return NULL;
  JS_AddIntrinsicBaseObjects(context);
  JS_AddIntrinsicDate(context);
  JS_AddIntrinsicJSON(context);
  JS_AddIntrinsicRegExpCompiler(context);
  JS_AddIntrinsicRegExp(context);
  JS_AddIntrinsicMapSet(context);
  JS_AddIntrinsicTypedArrays(context);
  JS_AddIntrinsicPromise(context);
  return context;
}

static int complain(JSContext *context) {
  JSValue exception = JS_GetException(context);
  // Without memory for an error, the engine throws something else.
  const char *text = JS_IsObject(exception) ? JS_ToCString(context, exception) : NULL;
  if (!text || strcmp(text, "InternalError: out of memory") == 0) fputs(OUT_OF_MEMORY, stderr);
  else fprintf(stderr, "ipvsadm: internal error: %s\n", text);
  JS_FreeCString(context, text);
  JS_FreeValue(context, exception);
  return INTERNAL_ERROR;
}

static int run(JSContext *context) {
  JSValue program = load_part(context, PROGRAM);
  if (JS_IsException(program)) return complain(context);
  JS_FreeValue(context, program);
  for (;;) {
    JSContext *other;
    int more = JS_ExecutePendingJob(JS_GetRuntime(context), &other);
    if (more < 0) return complain(other);
    if (more == 0) return 0;
  }
}

int main(int argc, char **argv) {
  if (argc > 0 && strcmp(argv[0], PACKETS_NAME) == 0) return packets_main(argc, argv);
  occupy_standard_streams();
  signal(SIGPIPE, SIG_IGN); // write(2) fails with EPIPE instead
  struct world world = {.argc = argc, .argv = argv, .status = INTERNAL_ERROR};
  JSRuntime *runtime = new_runtime();
  JSContext *context = runtime ? new_context(runtime) : NULL;
  if (!context) {
    fputs(OUT_OF_MEMORY, stderr);
    return INTERNAL_ERROR;
  }
  JS_SetGCThreshold(runtime, COLLECT_FROM);
  if (add_world(context, &world) < 0) return complain(context);
  int failed = run(context);
  return failed ? failed : world.status; // the kernel frees the memory faster
}
