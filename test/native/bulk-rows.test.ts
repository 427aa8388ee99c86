/**
 * Listings of the native program, in C (src/engines/quickjs/rows.c, lines.c), equal those of the plain
 * versions: a build with sanitizers gets the replies of a simulated kernel.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { listFormats } from '../../src/command-line/request';
import { formatServerRule, formatServiceRule } from '../../src/format/rules';
import { formatServer, formatService, formatTitles, formatVersion } from '../../src/format/service-list';
import { commandAttributes, infoAttributes } from '../../src/ipvs/attributes';
import { ipvsCommands } from '../../src/ipvs/commands';
import { serverFromAttributes, serviceFromAttributes, serviceToAttributes } from '../../src/ipvs/convert';
import { AF_INET } from '../../src/model/address';
import { compareServerKeys } from '../../src/model/address-order';
import { compareServers, sortLikeC } from '../../src/model/order';
import type { ListedService } from '../../src/model/virtual-service';
import { encodeAttributes } from '../../src/netlink/attribute';
import { encodeGenlMessage, encodeMessage, NLMSG_DONE } from '../../src/netlink/message';
import { writeState } from '../../src/state/document/write';
import { answersOf, type DestinationRecord, dump, similarDump } from '../helpers/arbitrary-rows';
import { service } from '../helpers/table-rows';
import { buildFuzzed, fuzzedProgram, sanitizerVariables } from './fuzz/run';

const info = { version: 0x010201, connectionTableSize: 4096 };
const family = { id: 31, version: 1 };
const done = encodeMessage(
  { type: NLMSG_DONE, header: new Uint8Array(4), attributes: new Uint8Array(0) },
  2,
  0,
);

let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ipvsadm-rows-'));
  await buildFuzzed();
}, 600_000);
afterAll(() => rmSync(folder, { recursive: true }));

/** The services of the table; the second one shows whether rows are reused correctly. */
const services: readonly ListedService[] = [
  service(),
  service({ key: { ...service().key, port: 443 } as never }),
];

function reply(command: number, attributes: Uint8Array): Uint8Array {
  return encodeGenlMessage(family, { command, attributes }, 2, 0);
}

/** What the kernel replies when a table is listed, each datagram after its length. */
function repliesOf(dumps: readonly (readonly DestinationRecord[])[]): Buffer {
  const named = encodeGenlMessage(
    { id: 16, version: 2 },
    { command: 1, attributes: Uint8Array.of(6, 0, 1, 0, 31, 0, 0, 0) },
    0,
    0,
  );
  const datagrams = [
    named,
    reply(ipvsCommands.getInfo, encodeAttributes(infoAttributes, info)),
    ...services.map((each) =>
      reply(
        ipvsCommands.newService,
        encodeAttributes(commandAttributes, { service: serviceToAttributes(each) }),
      ),
    ),
    done,
    ...dumps.flatMap((records) => [...answersOf(records, 0), done]),
  ];
  return Buffer.concat(
    datagrams.flatMap((datagram) => [Buffer.from(Uint32Array.of(datagram.length).buffer), datagram]),
  );
}

/** Runs the program with the replies of a kernel that has the servers of `dumps`. */
function listed(args: readonly string[], dumps: readonly (readonly DestinationRecord[])[]) {
  const answers = join(folder, 'answers');
  writeFileSync(answers, repliesOf(dumps));
  const { stdout, stderr, status } = spawnSync(fuzzedProgram, args, {
    encoding: 'latin1',
    env: { ...process.env, ...sanitizerVariables, IPVSADM_ANSWERS: answers },
    maxBuffer: 1 << 28,
  });
  return { stdout, stderr, status };
}

const modelOf = (records: readonly DestinationRecord[]) =>
  records.map((record) => ({
    ...serverFromAttributes(record, AF_INET),
    unknown: new Map(record.newer ? [[20, record.newer]] : []),
  }));

const dumps = fc.tuple(fc.oneof(dump, similarDump), fc.oneof(dump, similarDump));

/** Without the service lines' statistics, which are not asked for here. */
const table = (records: readonly (readonly DestinationRecord[])[]) =>
  services.map((each, index) => ({
    service: serviceFromAttributes(serviceToAttributes(each)),
    servers: modelOf(records[index]!),
  }));

test.each(['plain', ...listFormats] as const)(
  '-L of %s',
  (format) => {
    fc.assert(
      fc.property(dumps, fc.boolean(), fc.boolean(), (records, exact, sorted) => {
        const options = { format, exact, names: undefined };
        const args = [
          '-Ln',
          ...(format === 'plain' ? [] : [`--${format}`]),
          ...(exact ? ['--exact'] : []),
          ...(sorted ? [] : ['--nosort']),
        ];
        const expected = table(records).map(
          (entry) =>
            formatService(entry.service, options) +
            (sorted ? sortLikeC(entry.servers, compareServers) : entry.servers)
              .map((server) => formatServer(entry.service.key, server, options))
              .join(''),
        );
        expect(listed(args, records)).toEqual({
          stdout: formatVersion(info) + formatTitles(format) + expected.join(''),
          stderr: '',
          status: 0,
        });
      }),
      { numRuns: 30 },
    );
  },
  300_000,
);

test('-S', () => {
  fc.assert(
    fc.property(dumps, (records) => {
      const expected = table(records).map(
        (entry) =>
          formatServiceRule(entry.service, undefined) +
          sortLikeC(entry.servers, compareServers)
            .map((server) => formatServerRule(entry.service.key, server, undefined))
            .join(''),
      );
      expect(listed(['-Sn'], records)).toEqual({ stdout: expected.join(''), stderr: '', status: 0 });
    }),
    { numRuns: 60 },
  );
}, 300_000);

test('-L --json', () => {
  fc.assert(
    fc.property(dumps, (records) => {
      const entries = table(records).map(({ service, servers }) => ({
        service,
        servers: sortLikeC(servers, compareServerKeys),
      }));
      const expected = [...writeState({ kernel: info, services: entries }, true)].join('');
      expect(listed(['-L', '--json'], records)).toEqual({ stdout: expected, stderr: '', status: 0 });
    }),
    { numRuns: 60 },
  );
}, 300_000);

test('more lines than the buffer holds', () => {
  const [record] = fc.sample(
    similarDump.filter(({ length }) => length > 0).map(([first]) => first!),
    { numRuns: 1, seed: 7 },
  );
  const records = Array.from({ length: 3000 }, (_, port) => ({ ...record!, port }));
  const options = { format: 'plain', exact: false, names: undefined } as const;
  const lines = modelOf(records).map((server) => formatServer(services[0]!.key, server, options));
  expect(listed(['-Ln'], [records, []]).stdout).toContain(lines.join(''));
});
