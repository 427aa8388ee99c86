/** ldirectord itself, for tests that compare its table with ours. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { cached } from '../../scripts/debian/cache';
import { unpackPackages } from '../../scripts/debian/packages';
import { usePrivateLibraries } from '../../scripts/debian/private-programs';
import { checkout } from './paths';
import { shellAssignments, shellQuote } from './shell';

const suite = 'bookworm';
const packages = ['ldirectord', 'patchelf'];
const programs = ['usr/bin/perl'];

/** Returns the tree with ldirectord and its perl. Downloads it first if necessary. */
export async function ldirectordTree(): Promise<string> {
  return await cached({
    name: 'ldirectord',
    recipe: { suite, packages, programs },
    async build(now, later) {
      await unpackPackages({ suite, packages }, now);
      await usePrivateLibraries({ now, later }, programs, now);
    },
  });
}

/**
 * Returns the lines of a job that run ldirectord with each file of the current directory: see
 * ldirectord/AllServersUp.pm. `FILE.log` receives what it says.
 */
export function ldirectordScript(tree: string, files: readonly string[]): string {
  const variables = {
    LDIRECTORD_FILES: files.join('\n'),
    // Otherwise ldirectord runs itself again to set it.
    PERLIO: 'perlio',
    LC_ALL: 'C',
    PERL5LIB: [join(checkout, 'test/lab/ldirectord'), ...perlLibraries(tree)].join(':'),
  };
  const program = ['usr/bin/perl', 'usr/sbin/ldirectord'].map((name) => shellQuote(join(tree, name)));
  // With -d ldirectord prefers the ipvsadm of the current directory.
  return `[ -e ipvsadm ] || ln -s "$IPVSADM_C" ipvsadm
    ( ${shellAssignments(variables, ' ')}
      export LDIRECTORD_FILES PERLIO LC_ALL PERL5LIB
      exec ${program[0]} -MAllServersUp ${program[1]} )\n`;
}

/** The directories of perl's modules: modules of packages first, as in perl's own list. */
export function perlLibraries(tree: string): string[] {
  const parents = ['usr/lib/x86_64-linux-gnu', 'usr/share'].map((name) => join(tree, name));
  const versions = parents.flatMap((parent) =>
    ['perl5', 'perl'].flatMap((name) =>
      existsSync(join(parent, name))
        ? readdirSync(join(parent, name))
            .filter((entry) => /^5\.[0-9]+$/.test(entry))
            .map((entry) => join(parent, name, entry))
        : [],
    ),
  );
  return [join(tree, 'usr/share/perl5'), ...versions, join(parents[0]!, 'perl-base')];
}

/** The end of ldirectord with one file, and its table. */
export interface Outcome {
  /** 0 if it accepts the file, 2 if not. */
  readonly status: string;
  readonly table: KernelTable;
}

/** Parses what the lines of `ldirectordScript` print. */
export function ldirectordOutcomes(output: string): ReadonlyMap<string, Outcome> {
  const [, ...blocks] = output.split(/^@@ /m);
  return new Map(
    blocks.map((block) => {
      const [, file = '', status = '', text = ''] = /^(\S+) ([^\n]*)\n(.*)$/s.exec(block) ?? [];
      return [file, { status, table: kernelTable(text) }];
    }),
  );
}

/** A table as the C program prints it. */
export interface KernelTable {
  /** The lines of -Sn. */
  readonly rules: readonly string[];
  /** Service, real server, upper and lower threshold. */
  readonly thresholds: readonly string[];
}

/** The commands whose output `kernelTable` parses. */
export const printTable = '"$IPVSADM_C" -Sn; echo ...; "$IPVSADM_C" -Ln --thresholds';

export function kernelTable(output: string): KernelTable {
  const [rules = '', listing = ''] = output.split('...\n');
  let service = '';
  const thresholds: string[] = [];
  for (const line of listing.split('\n').slice(3)) {
    const words = line.trim().split(/\s+/);
    if (words[0] === '->') thresholds.push([service, ...words.slice(1, 4)].join(' '));
    else service = line.trim();
  }
  return { rules: rules.split('\n').filter((line) => line !== ''), thresholds };
}
