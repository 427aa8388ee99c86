/** Builds native executables: the core with an entry point, on QuickJS. */
import { chmodSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { runCommand } from '../debian/command';
import { bundle } from './bundle';
import { withMusl } from './musl';
import { compileModules, type Quickjs, quickjs } from './quickjs';
import {
  type Architecture,
  findToolchain,
  linkingSanitizers,
  ownArchitecture,
  type Toolchain,
} from './toolchain';

export const root = join(__dirname, '../..');

/** The program that `npm run build:native` builds, which a link names without its processor. */
export const nativeProgram = join(root, 'dist/native/ipvsadm');

/** Where the program for a processor is built, here and in the npm package. */
export function nativeProgramFor(architecture: Architecture): string {
  return join(root, 'dist/native', architecture, 'ipvsadm');
}

const sources = join(root, 'src/engines/quickjs');

const files = [
  ...['main', 'arrays', 'ask', 'bindings', 'connection', 'connections', 'frames', 'guard', 'lines'],
  ...['memory', 'packets', 'parts', 'relay', 'rows', 'rules'],
];

/**
 * SECURITY.md, test/native/executable.test.ts. Not -fcf-protection: Debian's C library is built
 * without it, and the linker then drops it from the executable.
 */
const hardening = ['-fstack-protector-strong', '-fstack-clash-protection', '-D_FORTIFY_SOURCE=2', '-fPIE'];
const linking = ['-pie', '-Wl,-z,relro,-z,now,-z,noexecstack', '-Wl,--gc-sections,--as-needed,-O1'];
/** Old versions of the C library: src/engines/quickjs/old-libc.c. */
const anyLibc = [
  '-nostartfiles',
  ...['exp', 'log', 'log2', 'pow', 'hypot'].map((name) => `-Wl,--wrap=${name}`),
];
/** The variant that needs no file but itself: src/engines/quickjs/static-names.c. */
const noLibc = ['gethostbyname', 'gethostbyaddr'].map((name) => `-Wl,--wrap=${name}`);
const sections = ['-ffunction-sections', '-fdata-sections'];
const sanitizers = ['-fsanitize=address,undefined', '-fno-sanitize-recover=undefined'];
const warnings = ['-std=gnu11', '-Wall', '-Wextra', '-Wno-unused-parameter', '-Wno-cast-function-type'];

export interface NativeBuild {
  /** The TypeScript entry point, relative to the project's root. */
  entry: string;
  executable: string;
  /** Compiles the engine and our C files with AddressSanitizer and UndefinedBehaviorSanitizer. */
  sanitized?: boolean;
  /** By default that of this machine. */
  architecture?: Architecture;
  /**
   * Links another C library, statically: scripts/native/musl.ts. Sanitizers do not work with it: together
   * with them only our functions for it are linked.
   */
  isStatic?: boolean;
}

/** The compiler's flags for the engine and our C files. */
export function flagsOf(sanitized: boolean): string[] {
  return sanitized ? ['-O1', '-g', ...sanitizers] : ['-O2', ...hardening, ...sections];
}

/** Builds an executable and returns the engine in it. */
export async function buildNative({
  entry,
  executable,
  sanitized = false,
  architecture = ownArchitecture(),
  isStatic = false,
}: NativeBuild): Promise<Quickjs> {
  const gcc = await findToolchain(architecture);
  const toolchain = isStatic && !sanitized ? await withMusl(gcc) : gcc;
  const flags = flagsOf(sanitized);
  const engine = await engineFor(architecture, toolchain, flags);
  const folder = mkdtempSync(join(tmpdir(), 'ipvsadm-native-'));
  try {
    const modules = await bundle(entry, folder, engine.version);
    const bytecode = await compileModules(engine, folder, modules);
    mkdirSync(dirname(executable), { recursive: true });
    const libc = libcOf({ sanitized, isStatic });
    const own = [...files, ...libc.files].map((name) => join(sources, `${name}.c`));
    const inputs = [`-I${sources}`, `-isystem${engine.include}`, ...own, ...bytecode, ...engine.objects];
    const unfinished = `${executable}.${process.pid}`;
    const output = ['-o', unfinished, '-lm'];
    await toolchain.compile([
      ...flags,
      ...warnings,
      ...inputs,
      ...(sanitized ? linkingSanitizers : linking),
      ...libc.linking,
      ...output,
    ]);
    if (!sanitized) await runCommand(toolchain.programs.strip, [unfinished]);
    chmodSync(unfinished, 0o755); // npm packs the modes that it finds
    renameSync(unfinished, executable); // atomically, even while the program is in use
    return engine;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What adapts the executable to its C library. */
function libcOf({ sanitized, isStatic }: Record<'sanitized' | 'isStatic', boolean>) {
  if (isStatic) return { files: ['static-names'], linking: noLibc };
  if (sanitized) return { files: [], linking: [] };
  return { files: ['old-libc'], linking: anyLibc };
}

/**
 * The engine for a processor, with this machine's bytecode compiler: the bytecode is the same on all
 * 64-bit little-endian processors.
 */
async function engineFor(
  architecture: Architecture,
  toolchain: Toolchain,
  flags: readonly string[],
): Promise<Quickjs> {
  const engine = await quickjs(toolchain, flags);
  if (architecture === process.arch) return engine;
  return { ...engine, qjsc: (await quickjs(await findToolchain(), flags)).qjsc };
}
