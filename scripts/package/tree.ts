/** The files that the Debian package and the RPM have in common, put into a directory tree. */
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import candidates from '../../src/commands/support/candidates-program';
import { commands } from '../../src/commands/tree';
import { completionScripts } from '../../src/completion/scripts';
import { unitText } from '../../src/setup/persist';
import { runCommand } from '../debian/command';
import { formatSbom, type Sbom, sbom } from '../sbom';

export const project = join(__dirname, '../..');

/** The files of dist/ that the program does not need: the library, and its fake kernel. */
const library: readonly string[] = ['index.js', 'library-extras.js', 'testing.js'];

/** What one kind of package does differently. */
export interface PackageKind {
  /** How to build dist/ for it, for a message. */
  command: string;
  /** The directory of zsh's completions. */
  zsh: string;
  /** What the shell script of ipvsadm.service does differently: the words behind @ there. */
  service: Readonly<Record<string, string>>;
}

/** Lets everybody read what is packed, whatever the umask of whoever builds it. */
export function ignoreUmask(): void {
  process.umask(0o022);
}

/** Puts a file into the tree. */
export type Put = (path: string, content: string | Uint8Array, mode?: number) => void;

export function putInto(tree: string): Put {
  return (path, content, mode = 0o644) => {
    const file = join(tree, path);
    mkdirSync(dirname(file), { recursive: true, mode: 0o755 });
    writeFileSync(file, content);
    chmodSync(file, mode);
  };
}

export async function fillTree(tree: string, kind: PackageKind, strip: string): Promise<void> {
  const put = putInto(tree);
  const built = (path: string) => readBuilt(path, kind.command);

  put('usr/sbin/ipvsadm', built('native/ipvsadm'), 0o755);
  for (const name of ['ipvsadm-save', 'ipvsadm-restore'])
    symlinkSync('ipvsadm', join(tree, 'usr/sbin', name));

  put('usr/lib/ipvsadm/bin/ipvsadm', readFileSync(join(project, 'bin/ipvsadm-node')), 0o755);
  put('usr/lib/ipvsadm/package.json', readFileSync(join(project, 'package.json')));
  const bundles = readdirSync(join(project, 'dist')).filter(
    (name) => /\.c?js$/.test(name) && !library.includes(name),
  );
  for (const name of bundles) put(`usr/lib/ipvsadm/dist/${name}`, built(name));
  for (const name of readdirSync(join(project, 'dist/web')))
    put(`usr/lib/ipvsadm/dist/web/${name}`, built(`web/${name}`));
  const addon = `prebuilds/linux-${process.arch}/node.napi.node`;
  put(`usr/lib/ipvsadm/dist/${addon}`, built(addon));
  await runCommand(strip, ['--strip-unneeded', join(tree, 'usr/lib/ipvsadm/dist', addon)]);

  const service = readFileSync(join(project, 'packaging/service'), 'utf8');
  put('usr/lib/ipvsadm/service', fillIn(service, kind.service), 0o755);
  put('usr/lib/systemd/system/ipvsadm-realserver.service', unitText('/usr/sbin/ipvsadm'));

  for (const page of readdirSync(join(project, 'dist/man'))) {
    put(`usr/share/man/man8/${page}.gz`, compressed(built(`man/${page}`)));
  }
  put('usr/share/bash-completion/completions/ipvsadm', completionScripts.bash(commands, candidates));
  put(`${kind.zsh}/_ipvsadm`, completionScripts.zsh(commands, candidates));
  put('usr/share/fish/vendor_completions.d/ipvsadm.fish', completionScripts.fish(commands, candidates));
}

/** Returns a file of dist/. */
export function readBuilt(path: string, command: string): Buffer {
  const file = join(project, 'dist', path);
  if (!existsSync(file)) throw new Error(`${file} is missing: run '${command}'`);
  return readFileSync(file);
}

/** Returns the bill of what others wrote in the bundles and in the native executable. */
export function shippedSbom(command: string): string {
  const bills = ['sbom.json', 'native/sbom.json'].map(
    (path) => JSON.parse(readBuilt(path, command).toString()) as Sbom,
  );
  return formatSbom(sbom(bills.flatMap((bill) => bill.components)));
}

/** Returns the copyright file with our license, whose first lines it has already. */
export function copyright(): string {
  const text = readFileSync(join(project, 'LICENSE'), 'utf8').trimEnd();
  const lines = text.slice(text.indexOf('Permission is')).split('\n');
  const license = lines.map((line) => ` ${line || '.'}`).join('\n');
  return fillIn(readFileSync(join(project, 'packaging/copyright'), 'utf8'), { license });
}

export function compressed(content: string | Uint8Array): Uint8Array {
  return gzipSync(content, { level: 9 });
}

/** Replaces each `@name@` of a text by its value. */
export function fillIn(text: string, values: Readonly<Record<string, string>>): string {
  return text.replace(/@(\w+)@/g, (_, name: string) => {
    const value = values[name];
    if (value === undefined) throw new Error(`no value for @${name}@`);
    return value;
  });
}
