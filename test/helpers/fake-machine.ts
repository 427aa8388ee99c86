/** A Machine in memory, and a journal, for tests of set-ups. */
import { HostClient } from '../../src/host/client';
import { type Journal, type JournalEntry, journalText, parseJournal } from '../../src/setup/journal';
import type { Machine, NftResult } from '../../src/setup/step';
import { FakeHost } from './fake-host';

export class FakeMachine implements Machine {
  readonly kernel = new FakeHost();
  readonly host = new HostClient(this.kernel.open());
  sysctls = new Map<string, string>();
  modules = new Set<string>();
  /** Modules that modprobe does not find. */
  missing = new Set<string>();
  gue: { port: number; ipv6: boolean }[] = [];
  /** The tables of nftables by family: the name of their chain. */
  tables = new Map<string, string>();
  nftMissing = false;
  /** What each run of nft was given. */
  readonly nftRuns: (readonly object[])[] = [];
  /** Called before each change, also before those through rtnetlink; may throw. */
  changing: (() => void) | undefined;
  /** Refuses changes through rtnetlink: as FakeHost.refuse. */
  refuse: ((type: number) => number) | undefined;

  constructor() {
    this.kernel.refuse = (type) => {
      this.changing?.();
      return this.refuse?.(type) ?? 0;
    };
  }

  /** Another machine in the same state. */
  clone(): FakeMachine {
    const copy = new FakeMachine();
    const { links, addresses, routes } = this.kernel;
    Object.assign(copy.kernel, structuredClone({ links, addresses, routes }));
    const { sysctls, modules, missing, gue, tables, nftMissing } = this;
    return Object.assign(copy, structuredClone({ sysctls, modules, missing, gue, tables, nftMissing }));
  }

  readSysctl(name: string): string | undefined {
    return this.sysctls.get(name);
  }

  writeSysctl(name: string, value: string): void {
    this.changing?.();
    this.sysctls.set(name, value);
  }

  hasModule(name: string): boolean {
    return this.modules.has(name);
  }

  loadModule(name: string): string | undefined {
    if (this.missing.has(name)) return `FATAL: Module ${name} not found`;
    this.changing?.();
    this.modules.add(name);
    return undefined;
  }

  guePorts(ipv6: boolean): readonly number[] {
    return this.gue.filter((each) => each.ipv6 === ipv6).map(({ port }) => port);
  }

  addGuePort(port: number, ipv6: boolean): void {
    this.changing?.();
    this.gue.push({ port, ipv6 });
  }

  deleteGuePort(port: number, ipv6: boolean): void {
    this.changing?.();
    this.gue = this.gue.filter((each) => each.port !== port || each.ipv6 !== ipv6);
  }

  nft(commands: readonly object[]): NftResult {
    if (this.nftMissing) return { failure: 'nft (nftables) cannot be run: install the package nftables' };
    this.nftRuns.push(commands);
    if (!commands.some((command) => 'list' in command)) this.changing?.();
    let output = '';
    for (const command of commands as readonly NftCommand[]) {
      const family = (command.list ?? command.add ?? command.delete)?.table?.family;
      if (command.list && family !== undefined) {
        const chain = this.tables.get(family);
        if (chain === undefined) return { failure: 'No such file or directory' };
        output = JSON.stringify({ nftables: [{ chain: { name: chain } }] });
      } else if (command.delete && family !== undefined) this.tables.delete(family);
      else if (command.add?.chain) this.tables.set(command.add.chain.family, command.add.chain.name);
    }
    return { output };
  }

  /** All that steps may change, as one value. Modules stay. */
  get state(): unknown {
    return {
      host: this.kernel.state,
      sysctls: Object.fromEntries(this.sysctls),
      gue: structuredClone(this.gue),
      tables: Object.fromEntries(this.tables),
    };
  }
}

interface NftCommand {
  readonly list?: { table: { family: string } };
  readonly delete?: { table: { family: string } };
  readonly add?: { table?: { family: string }; chain?: { family: string; name: string } };
}

/** A journal in memory that keeps text, as the file in /run does. */
export class FakeJournal implements Journal {
  text: string | undefined;

  read(): readonly JournalEntry[] {
    return this.text === undefined ? [] : parseJournal(this.text)!;
  }

  async write(entries: readonly JournalEntry[]): Promise<void> {
    this.text = entries.length === 0 ? undefined : journalText(entries);
  }
}
