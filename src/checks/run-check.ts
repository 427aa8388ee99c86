/** Runs health checks, each once: no kept connections, no redirects, no second tries. */
import { isIP } from 'node:net';
import { formatAddress } from '../model/address';
import type { Check, CheckResult, CheckType } from '../model/check';
import type { CheckTarget } from '../model/director';
import { checkAgent } from './agent';
import { Attempt, type AttemptOptions, CheckFailure, type Found } from './attempt';
import { ByteStream } from './byte-stream';
import { openDuplex, openStream } from './connect';
import { openDatagrams } from './datagrams';
import { checkDnsByTcp, checkDnsByUdp } from './dns';
import { checkFile } from './file';
import { checkGrpc } from './grpc';
import { checkHttp } from './http';
import { pathObstacle } from './path-settings';
import { checkPing } from './ping';
import { type Place, placeOf, placeText } from './place';
import { checkScript } from './script';
import { checkSmtp } from './smtp';
import { sourceTowards } from './source';
import { checkTcp } from './tcp';
import { openTls } from './tls';
import { checkUdp } from './udp';

type Carry<T extends CheckType> = (
  attempt: Attempt,
  check: Extract<Check, { type: T }>,
  place: Place,
  target: CheckTarget,
) => Promise<Found>;

/**
 * Runs a check once.
 * @returns what it found, at the latest at the check's limit, by which it has closed what it opened.
 * Never rejects.
 */
export function runCheck(
  check: Check,
  target: CheckTarget,
  options: AttemptOptions = {},
): Promise<CheckResult> {
  const attempt = new Attempt(check.timeout, options);
  return new Promise((resolve) => {
    let settled = false;
    const settle = (found: Found | undefined, error?: unknown) => {
      if (settled) return;
      settled = true;
      clearTimeout(timer);
      resolve(attempt.end(found, error));
    };
    const timer = setTimeout(() => settle(undefined, attempt.late()), check.timeout);
    carryOut(attempt, check, target).then(
      (found) => settle(found),
      (error) => settle(undefined, error),
    );
  });
}

async function carryOut(attempt: Attempt, check: Check, target: CheckTarget): Promise<Found> {
  const place = placeOf(check, target);
  if (typeof place === 'string') throw new CheckFailure(place, true);
  if (check.via === 'path' && place.mark === undefined) throw new CheckFailure(NO_MARK, true);
  const from = check.via === 'path' ? await fromServersSide(attempt, place, target) : place;
  const obstacle = check.via === 'path' ? pathObstacle(from, target) : undefined;
  if (obstacle !== undefined) throw new CheckFailure(obstacle, true);
  return (kinds[check.type] as Carry<CheckType>)(attempt, check, from, target);
}

const NO_MARK =
  'a check through the forwarding path needs the director daemon, which gives it a mark, or a mark of its own';

/** Then the real server, which has the VIP as well, would answer itself. */
const SOURCE_IS_VIP =
  'this machine reaches the real server from the VIP, so the check needs a source, or the VIP preferred_lft 0';

/** A connection to a VIP comes from the address that the real server is reached from. */
async function fromServersSide(attempt: Attempt, place: Place, target: CheckTarget): Promise<Place> {
  if (place.source !== undefined) return place;
  const server = formatAddress(target.server.server.address);
  if (isIP(server) !== place.family) return place; // tunnelled in the other family: the kernel's choice
  const source = await sourceTowards(attempt, server);
  if (source === place.address) throw new CheckFailure(`${SOURCE_IS_VIP}: ${source}`, true);
  return { ...place, source };
}

const HTTP_PORT = 80;
const HTTPS_PORT = 443;

const kinds: { readonly [T in CheckType]: Carry<T> } = {
  tcp: async (attempt, check, place) => checkTcp(attempt, await openStream(attempt, place), check),
  async http(attempt, check, place) {
    return checkHttp(attempt, await openStream(attempt, place), place, check, HTTP_PORT);
  },
  async https(attempt, check, place) {
    const { socket, summary } = await openTls(attempt, place, check.tls);
    const stream = new ByteStream(socket, attempt);
    const { message } = await checkHttp(attempt, stream, place, check, HTTPS_PORT);
    return { message: `${message}, ${summary}` };
  },
  async tls(attempt, check, place) {
    const { summary } = await openTls(attempt, place, check.tls);
    return { message: summary };
  },
  smtp: async (attempt, { helo }, place) => checkSmtp(attempt, await openStream(attempt, place), helo),
  async dns(attempt, check, place) {
    return check.transport === 'udp'
      ? checkDnsByUdp(attempt, await openDatagrams(attempt, place), check)
      : checkDnsByTcp(attempt, await openStream(attempt, place), check);
  },
  udp: async (attempt, check, place) => checkUdp(attempt, await openDatagrams(attempt, place), check),
  ping: (attempt, _, place) => checkPing(attempt, place),
  script: (attempt, check, _, target) => checkScript(attempt, check, target),
  async grpc(attempt, { service, tls }, place) {
    const duplex = tls
      ? (await openTls(attempt, place, tls, ['h2'])).socket
      : await openDuplex(attempt, place);
    return checkGrpc(attempt, duplex, tls?.sni ?? placeText(place), tls !== undefined, service);
  },
  agent: async (attempt, { send }, place) => checkAgent(attempt, await openStream(attempt, place), send),
  file: (attempt, { path, weight }) => checkFile(attempt, path, weight),
};
