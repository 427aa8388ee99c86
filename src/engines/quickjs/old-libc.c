/*
 * Lets the executable start with every glibc since 2.17 (RHEL 7), although it is linked with a newer one. Two
 * things would ask for more: the start code of the newer glibc, and mathematical functions of which
 * newer versions differ only in how they report errors. The linker's --wrap sends the engine's calls of
 * those to the functions here (scripts/native/build.ts), which name the oldest version.
 */
#include <stdint.h>

#if defined(__x86_64__)
#define OLDEST "GLIBC_2.2.5"
#elif defined(__aarch64__)
#define OLDEST "GLIBC_2.17"
#else
#error "the oldest version of glibc for this processor is not known"
#endif

#define ONE_ARGUMENT(name)                                                                                             \
  double old_##name(double);                                                                                           \
  __asm__(".symver old_" #name "," #name "@" OLDEST);                                                                  \
  double __wrap_##name(double x) { return old_##name(x); }

#define TWO_ARGUMENTS(name)                                                                                            \
  double old_##name(double, double);                                                                                   \
  __asm__(".symver old_" #name "," #name "@" OLDEST);                                                                  \
  double __wrap_##name(double x, double y) { return old_##name(x, y); }

ONE_ARGUMENT(exp)
ONE_ARGUMENT(log)
ONE_ARGUMENT(log2)
TWO_ARGUMENTS(pow)
TWO_ARGUMENTS(hypot)

/* What crtbeginS.o and Scrt1.o of the toolchain would bring. */
__attribute__((visibility("hidden"))) void *__dso_handle = &__dso_handle;

typedef void initializer(int, char **, char **);
extern initializer *__init_array_start[] __attribute__((visibility("hidden")));
extern initializer *__init_array_end[] __attribute__((visibility("hidden")));

/* glibc before 2.34 leaves the initializers to the program; newer ones call this in their place. */
__attribute__((used)) static void initialize(int argc, char **argv, char **environment) {
  for (initializer **each = __init_array_start; each < __init_array_end; each++) (*each)(argc, argv, environment);
}

int main(int argc, char **argv);
extern int old_libc_start_main(int (*)(int, char **), int, char **, initializer *, void (*)(void), void (*)(void),
                               void *);
__asm__(".symver old_libc_start_main,__libc_start_main@" OLDEST);

/* The kernel enters here: the stack holds argc and argv, a register what ends the loader. */
__attribute__((used, noreturn)) static void start(uintptr_t *stack, void (*end_of_loader)(void)) {
  old_libc_start_main(main, (int)stack[0], (char **)(stack + 1), initialize, 0, end_of_loader, stack);
  __builtin_trap();
}

#if defined(__x86_64__)
__asm__(".text\n.globl _start\n.type _start, @function\n_start:\n"
        "  xor %ebp, %ebp\n" // the outermost frame
        "  mov %rsp, %rdi\n"
        "  mov %rdx, %rsi\n"
        "  and $-16, %rsp\n"
        "  call start\n"
        "  hlt\n");
#else
__asm__(".text\n.globl _start\n.type _start, %function\n_start:\n"
        "  mov x29, #0\n"
        "  mov x30, #0\n"
        "  mov x1, x0\n"
        "  mov x0, sp\n"
        "  bl start\n"
        "  brk #1\n");
#endif
