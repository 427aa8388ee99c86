/** Checks and real servers for the tests of checks. */

import { runCheck } from '../../src/checks';
import { AF_INET, AF_INET6, type Family, parseAddress } from '../../src/model/address';
import type {
  Check,
  CheckKind,
  CheckPlace,
  CheckStep,
  CheckTiming,
  HttpExpectation,
} from '../../src/model/check';
import { defaultTiming } from '../../src/model/check';
import type { CheckTarget } from '../../src/model/director';
import { forwardingMethods, type RealServer } from '../../src/model/real-server';

/** A real server of the service tcp 192.0.2.10:80. */
export function targetOf(port: number, address = '127.0.0.1'): CheckTarget {
  const bytes = parseAddress(address)!;
  const family: Family = bytes.length === 4 ? AF_INET : AF_INET6;
  const server: RealServer = {
    ...{ family, address: bytes, port, forwarding: forwardingMethods.gatewaying, weight: 1 },
    ...{ upperThreshold: 0, lowerThreshold: 0, tunnel: { type: 0, port: 0, flags: 0 } },
  };
  const named = { name: 'web03', server, checks: [], any: false, admin: 'ready' } as const;
  return {
    server: named,
    service: {
      name: 'web',
      service: {
        key: {
          kind: 'address',
          protocol: 6,
          family: AF_INET,
          address: parseAddress('192.0.2.10')!,
          port: 80,
        },
        ...{ scheduler: 'rr', flags: 0, timeout: 0, netmask: 0xffffffff, persistenceEngine: '' },
      },
      servers: [named],
      quorum: { weight: 1 },
      ...{
        hysteresis: 0,
        whenAllDown: 'keep',
        onFail: 'weight0',
        slowStart: 0,
        critical: false,
        owner: 'ours',
      },
    },
  };
}

/** A limit that no test waits for, however slow the machine is. */
const AMPLE = 60_000;
jest.setTimeout(AMPLE);

/** A check with what every check has. */
export function checkOf(kind: CheckKind, more: Partial<CheckTiming & CheckPlace> = {}): Check {
  return { ...defaultTiming, timeout: AMPLE, via: 'server', ...kind, ...more };
}

export const anyAnswer: HttpExpectation = {
  ...{ path: '/', method: 'GET', version: '1.1', headers: {}, status: [[200, 299]], body: [], not: [] },
  ...{ answerHeaders: {}, json: [], digest: [] },
};

/** Runs a check of a local port; the result without its duration, and what was heard. */
export async function checked(
  kind: CheckKind,
  port: number,
  more: Partial<CheckTiming & CheckPlace> & { readonly host?: string } = {},
) {
  const steps: CheckStep[] = [];
  const { host, ...place } = more;
  const options = { hear: (step: CheckStep) => steps.push(step) };
  const { duration, ...result } = await runCheck(checkOf(kind, place), targetOf(port, host), options);
  return { duration, result, steps, said: `${result.ok ? 'ok' : result.stage}: ${result.message}` };
}
