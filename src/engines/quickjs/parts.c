/* The parts of the program: see parts.h. */
#include "parts.h"

#include <string.h>

JSValue load_part(JSContext *context, const char *name) {
  const struct part *part = parts;
  while (part->name && strcmp(part->name, name)) part++;
  if (!part->name) return JS_ThrowReferenceError(context, "the program has no part %s", name);
  JSValue module = JS_ReadObject(context, part->code, *part->size, JS_READ_OBJ_BYTECODE);
  if (JS_IsException(module)) return module;
  if (JS_ResolveModule(context, module) < 0) {
    JS_FreeValue(context, module);
    return JS_EXCEPTION;
  }
  JSModuleDef *definition = JS_VALUE_GET_PTR(module); // kept by the context
  JSValue run = JS_EvalFunction(context, module);     // a promise: of a module
  if (JS_IsException(run)) return run;
  if (JS_PromiseState(context, run) == JS_PROMISE_REJECTED) {
    JSValue reason = JS_PromiseResult(context, run);
    JS_FreeValue(context, run);
    return JS_Throw(context, reason);
  }
  JS_FreeValue(context, run);
  return JS_GetModuleNamespace(context, definition);
}
