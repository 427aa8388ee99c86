/** What the calls of a probe amount to: who answered how many, beside what the scheduler would give. */
import { spreadOf } from '../model/schedulers';
import type { Call } from '../platform/interactive-system';

/** A call, and the real server that the director chose for it, if that is known. */
export interface Probed {
  readonly call: Call;
  readonly server: string | undefined;
  /** The server that the scheduler's arithmetic gives, if it can be computed. */
  readonly foretold?: string | undefined;
}

/** The step at which a call failed. */
export type FailedStep = 'connect' | 'answer' | 'status';

export interface Failure {
  readonly step: FailedStep;
  readonly reason: string;
  readonly server: string | undefined;
  readonly count: number;
}

/** One server, or one answer where the server is not known. */
export interface Share {
  readonly name: string;
  readonly count: number;
  /** How many the weights and the scheduler would give; undefined: that is not known. */
  readonly expected: number | undefined;
  /** Milliseconds, the median of those that got so far; undefined: none did. */
  readonly connect: number | undefined;
  readonly answer: number | undefined;
}

export interface Summary {
  readonly count: number;
  readonly good: number;
  readonly shares: readonly Share[];
  readonly failures: readonly Failure[];
}

/** A real server, and the weight that the table has for it. */
export interface Weighted {
  readonly name: string;
  readonly weight: number;
}

/** @param servers those of the table; undefined: there is no table here. */
export function summarize(
  probed: readonly Probed[],
  servers: readonly Weighted[] | undefined,
  scheduler: string | undefined,
): Summary {
  const names = new Set([...(servers ?? []).map(({ name }) => name), ...probed.flatMap(nameOf)]);
  const shares = [...names].map((name): Share => {
    const own = probed.filter((one) => nameOf(one).includes(name));
    return {
      name,
      count: own.length,
      expected: expected(name, probed, servers, scheduler),
      connect: median(own.flatMap(({ call }) => call.connected ?? [])),
      answer: median(own.flatMap(({ call }) => call.answered ?? [])),
    };
  });
  const failures = failuresOf(probed);
  const bad = failures.reduce((sum, { count }) => sum + count, 0);
  return { count: probed.length, good: probed.length - bad, shares, failures };
}

/** The server, or else what the answer says. */
function nameOf({ server, call }: Probed): string[] {
  if (server !== undefined) return [server];
  const [, body = ''] = call.answer.split(/\r?\n\r?\n/, 2);
  const [line = ''] = body.trim().split('\n', 1);
  return line === '' ? [] : [`"${line.slice(0, 40)}"`];
}

function expected(
  name: string,
  probed: readonly Probed[],
  servers: readonly Weighted[] | undefined,
  scheduler: string | undefined,
): number | undefined {
  if (!servers || scheduler === undefined) return undefined;
  if (probed.some(({ foretold }) => foretold !== undefined)) {
    return probed.filter(({ foretold }) => foretold === name).length;
  }
  const taking = servers.filter(({ weight }) => weight > 0);
  const share = (of: (server: Weighted) => number) => {
    const sum = taking.reduce((total, server) => total + of(server), 0);
    const own = taking.find((server) => server.name === name);
    return own ? (probed.length * of(own)) / sum : 0;
  };
  switch (spreadOf(scheduler)) {
    case 'evenly':
      return share(() => 1);
    case 'by weight':
      return share(({ weight }) => weight);
    case 'first': {
      const most = Math.max(0, ...taking.map(({ weight }) => weight));
      return taking.find(({ weight }) => weight === most)?.name === name ? probed.length : 0;
    }
    case 'none':
      return undefined;
  }
}

const reasons: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'refused',
  ECONNRESET: 'reset',
  ETIMEDOUT: 'no answer in time',
  EHOSTUNREACH: 'host unreachable',
  ENETUNREACH: 'network unreachable',
  EADDRNOTAVAIL: 'the address is not of this machine',
};

function failuresOf(probed: readonly Probed[]): Failure[] {
  const found = new Map<string, Failure>();
  for (const { call, server } of probed) {
    const failed = failureOf(call);
    if (!failed) continue;
    const key = `${failed.step} ${failed.reason} ${server}`;
    found.set(key, { ...failed, server, count: (found.get(key)?.count ?? 0) + 1 });
  }
  return [...found.values()];
}

function failureOf({ connected, failure, answer }: Call): { step: FailedStep; reason: string } | undefined {
  if (failure !== undefined) {
    return { step: connected === undefined ? 'connect' : 'answer', reason: reasons[failure] ?? failure };
  }
  const [, status] = /^HTTP\/[0-9.]+ ([0-9]{3})/.exec(answer) ?? [];
  return status !== undefined && status >= '400'
    ? { step: 'status', reason: `HTTP status ${status}` }
    : undefined;
}

function median(values: readonly number[]): number | undefined {
  if (values.length === 0) return undefined;
  return [...values].sort((a, b) => a - b)[values.length >> 1];
}
