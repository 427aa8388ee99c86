/** The world of the daemon's core on a real machine. */
import { createHash } from 'node:crypto';
import { runCheck } from '../checks';
import type { GatewayAnswer, World } from '../director/world';
import type { IpvsClient } from '../ipvs/client';
import { type Check, type CheckResult, defaultTiming, type HearStep } from '../model/check';
import type { CheckTarget } from '../model/director';
import type { HeldTableLock } from '../platform/director-system';
import type { InteractiveSystem } from '../platform/interactive-system';
import type { CheckCounts } from './check-counts';
import { defaultGateway } from './default-gateway';
import type { Notifier } from './notify';
import type { ConfigurationReader } from './read-configuration';
import type { StateDirectory } from './state-directory';

const GATEWAY_LIMIT = 1000;

export interface WorldParts {
  readonly system: InteractiveSystem;
  readonly client: IpvsClient;
  readonly tableLock: HeldTableLock;
  readonly state: StateDirectory;
  readonly reader: ConfigurationReader;
  readonly notifier: Notifier;
  readonly counts: CheckCounts;
}

export class NodeWorld implements World {
  readonly client: IpvsClient;
  readonly epoch: string;
  /** When this process began with it, by the wall clock. */
  readonly began = Date.now();
  /** Hears the conversation of the checks that begin while it is set. */
  hear: HearStep | undefined;

  constructor(readonly parts: WorldParts) {
    const { system } = parts;
    this.client = parts.client;
    const boot = system.readFile('/proc/sys/kernel/random/boot_id')?.trim() ?? 'unknown';
    this.epoch = `boot ${boot} net ${system.networkNamespace ?? 'unknown'}`;
  }

  /** CLOCK_MONOTONIC, which is of the machine. */
  now(): number {
    return Number(process.hrtime.bigint() / 1000n) / 1000;
  }

  wallClock(): number {
    return Date.now();
  }

  after(milliseconds: number, then: () => void): () => void {
    const timer = setTimeout(then, milliseconds);
    return () => clearTimeout(timer);
  }

  random(): number {
    return Math.random();
  }

  async check(check: Check, target: CheckTarget): Promise<CheckResult> {
    const result = await runCheck(check, target, { hear: this.hear });
    this.parts.counts.count(check, target, result);
    return result;
  }

  async pingGateway(address: string): Promise<GatewayAnswer> {
    const check: Check = { ...defaultTiming, type: 'ping', via: 'server', address, timeout: GATEWAY_LIMIT };
    const { ok, ours, message } = await runCheck(check, noTarget);
    return ours ? { kind: 'cannot', reason: message } : { kind: ok ? 'answered' : 'silent' };
  }

  defaultGateway(): string | undefined {
    return defaultGateway(this.parts.system);
  }

  lockTable() {
    return this.parts.tableLock.take();
  }

  readConfiguration(...document: Parameters<World['readConfiguration']>) {
    return this.parts.reader.read(...document);
  }

  readState(name: Parameters<World['readState']>[0]) {
    return this.parts.state.read(name);
  }

  writeState(name: Parameters<World['writeState']>[0], text: string): void {
    this.parts.state.write(name, text);
  }

  removeState(name: Parameters<World['removeState']>[0]): void {
    this.parts.state.remove(name);
  }

  sha256(text: string): string {
    return createHash('sha256').update(text, 'utf8').digest('hex');
  }

  notify(...told: Parameters<World['notify']>): void {
    this.parts.notifier.notify(...told);
  }
}

/** The ping of a gateway needs nothing of its target: the check has an address. */
const noTarget = { service: { service: { key: {} } }, server: {} } as unknown as CheckTarget;
