/** Builds native executables: the core with an entry point, on QuickJS. */
import { mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { build } from 'esbuild';
import { runCommand } from '../debian/command';
import { compileScript, quickjs } from './quickjs';
import { findToolchain, linkingSanitizers } from './toolchain';

export const root = join(__dirname, '../..');

/** The program that `npm run build:native` builds. */
export const nativeProgram = join(root, 'dist/native/ipvsadm');

const sources = join(root, 'src/engines/quickjs');

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
const sections = ['-ffunction-sections', '-fdata-sections'];
const sanitizers = ['-fsanitize=address,undefined', '-fno-sanitize-recover=undefined'];
const warnings = ['-std=gnu11', '-Wall', '-Wextra', '-Wno-unused-parameter', '-Wno-cast-function-type'];

export interface NativeBuild {
  /** The TypeScript entry point, relative to the project's root. */
  entry: string;
  executable: string;
  /** Compiles the engine and our C files with AddressSanitizer and UndefinedBehaviorSanitizer. */
  sanitized?: boolean;
}

export async function buildNative({ entry, executable, sanitized = false }: NativeBuild): Promise<void> {
  const toolchain = await findToolchain();
  const flags = sanitized ? ['-O1', '-g', ...sanitizers] : ['-O2', ...hardening, ...sections];
  const engine = await quickjs(toolchain, flags);
  const folder = mkdtempSync(join(tmpdir(), 'ipvsadm-native-'));
  try {
    const script = join(folder, 'program.js');
    const bytecode = join(folder, 'program.c');
    await bundle(entry, script, engine.version);
    await compileScript(engine, script, bytecode);
    mkdirSync(dirname(executable), { recursive: true });
    const files = [
      'main.c',
      'bindings.c',
      'packets.c',
      'connection.c',
      'relay.c',
      ...(sanitized ? [] : ['old-libc.c']),
    ];
    const own = files.map((file) => join(sources, file));
    const inputs = [`-I${sources}`, `-isystem${engine.include}`, ...own, bytecode, ...engine.objects];
    const unfinished = `${executable}.${process.pid}`;
    const output = ['-o', unfinished, '-lm'];
    await toolchain.compile([
      ...flags,
      ...warnings,
      ...inputs,
      ...(sanitized ? linkingSanitizers : [...linking, ...anyLibc]),
      ...output,
    ]);
    if (!sanitized) await runCommand(toolchain.programs.strip, [unfinished]);
    renameSync(unfinished, executable); // atomically, even while the program is in use
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * Bundles everything into one script. Unlike on Node, rarely used parts cost little as bytecode.
 */
async function bundle(entry: string, outfile: string, version: string): Promise<void> {
  await build({
    absWorkingDir: root,
    entryPoints: [entry],
    outfile,
    bundle: true,
    platform: 'neutral',
    target: 'es2023',
    format: 'iife',
    minify: true,
    define: { QUICKJS_VERSION: JSON.stringify(version) },
    logLevel: 'warning',
  });
}
