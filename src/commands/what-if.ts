import * as Args from '@oclif/core/args';
import * as Flags from '@oclif/core/flags';
import { exitStatus } from '../errors/exit-status';
import { IpvsadmError } from '../errors/ipvsadm-error';
import type { IpvsClient } from '../ipvs/client';
import { formatAddress, parseAddress } from '../model/address';
import type { ListedServer } from '../model/real-server';
import type { ListedService } from '../model/virtual-service';
import { movedShare, predictors } from '../prediction';
import type { Call, Candidate, Choose } from '../prediction/types';
import { parseServiceName } from '../state/table/parse-service-name';
import { serverName, serviceName } from '../state/table/table-state';
import { IpvsCommand } from './support/base';
import { candidateOf, chooserOf } from './support/candidate';
import { CommandLineError } from './support/command-line-error';
import { asksData, type DataFlags, dataFlags, writeValue } from './support/data';

/** A client's port that stands for any, where ports do not count. */
const ANY_PORT = 40_000;
const WEIGHT = /^(.+)=(\d{1,10})$/;

export default class WhatIf extends IpvsCommand {
  static override summary = 'compute which real server a client gets, now and after a change';
  static override description =
    'For the schedulers whose choice follows from the client alone: sh, dh and mh. Nothing is changed. A client ' +
    'that is bound by persistence, or has the same connection open, stays where it is.';
  static override examples = [
    '<%= config.bin %> what-if tcp:192.0.2.10:80 --client 198.51.100.7',
    '<%= config.bin %> what-if tcp:192.0.2.10:80 --client 192.0.2.7 --without 10.0.0.8:80',
    '<%= config.bin %> what-if tcp:192.0.2.10:80 --client 192.0.2.7 --weight 10.0.0.7:80=3',
  ];
  static override args = {
    service: Args.string({
      required: true,
      ignoreStdin: true,
      description: 'a virtual service, such as tcp:192.0.2.10:80, udp:[2001:db8::1]:53 or fwmark:7',
    }),
  };
  static override flags = {
    client: Flags.string({
      required: true,
      helpValue: 'ADDRESS[:PORT]',
      description: 'the client; its port counts with the flags sh-port and mh-port only',
    }),
    destination: Flags.string({
      helpValue: 'ADDRESS',
      description: 'of a firewall mark with dh: the address that the client connects to',
    }),
    without: Flags.string({
      multiple: true,
      multipleNonGreedy: true,
      helpValue: 'SERVER',
      description: 'as if this real server were deleted; repeatable',
    }),
    weight: Flags.string({
      multiple: true,
      multipleNonGreedy: true,
      helpValue: 'SERVER=N',
      description: 'as if this real server had this weight; repeatable',
    }),
    ...dataFlags(),
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(WhatIf);
    const name = parseServiceName(args.service);
    if (name === undefined) {
      throw new CommandLineError([
        `${args.service}: a service is tcp:192.0.2.10:80, udp:[2001:db8::1]:53, fwmark:7 or fwmark:7:ipv6`,
      ]);
    }
    await this.connected(({ connection }) => {
      const service = findService(connection.client, name);
      const servers = connection.client.servers(service.key);
      const call = callOf(service, flags);
      const { weights, without } = changesOf(flags, servers, name);
      const now = servers.map((server) => candidateOf(server));
      const then = now
        .filter((server) => !without.has(server.name))
        .map((server) => ({
          ...server,
          weight: weights.get(server.name) ?? server.weight,
          lastWeight: server.weight,
        }));
      const before = chooser(service, now);
      const after = chooser(service, then);
      const changes = weights.size + without.size > 0;
      const result = {
        service: name,
        scheduler: service.scheduler,
        client: flags.client,
        server: before(call)?.name ?? null,
        ...(changes && { changed: after(call)?.name ?? null, movedShare: movedShare(before, after, call) }),
      };
      const unsure = servers.filter(({ weight }) => service.scheduler === 'mh' && weight === 0);
      if (unsure.length > 0) {
        const names = unsure.map(serverName).join(', ');
        this.context.output.error(
          `ipvsadm: note: mh remembers the last weight of ${names}, which the kernel does not tell: the result is possible, not certain`,
        );
      }
      this.print(result, flags);
      return exitStatus.ok;
    });
  }

  private print(result: Result, flags: DataFlags): void {
    const { output } = this.context;
    if (asksData(flags)) {
      writeValue(this.context, flags, result);
      return;
    }
    const told = (server: string | null) => server ?? 'no real server: the connection is refused';
    output.write(
      `${result.service} (${result.scheduler}), client ${result.client}: ${told(result.server)}\n`,
    );
    if (result.movedShare === undefined) return;
    output.write(`with the change: ${told(result.changed ?? null)}\n`);
    output.write(`${(result.movedShare * 100).toFixed(1)} % of clients would move\n`);
  }
}

interface Result {
  readonly service: string;
  readonly scheduler: string;
  readonly client: string;
  readonly server: string | null;
  readonly changed?: string | null;
  readonly movedShare?: number;
}

function findService(client: IpvsClient, name: string): ListedService {
  const services = client.services();
  const found = services.find(({ key }) => serviceName(key) === name);
  if (found) return found;
  const there = services.map(({ key }) => serviceName(key)).join(', ') || 'none';
  throw new IpvsadmError(`ipvsadm: there is no service ${name}; there are: ${there}`, exitStatus.refused);
}

function chooser(service: ListedService, servers: readonly Candidate[]): Choose {
  const choose = chooserOf(service, servers);
  if (choose) return choose;
  const known = [...predictors.keys()].join(', ');
  throw new IpvsadmError(
    `ipvsadm: the scheduler is ${service.scheduler}, whose choice depends on connections and turns, not on the client: what-if knows ${known}`,
    exitStatus.usage,
  );
}

function callOf(
  { key, scheduler }: ListedService,
  flags: { readonly client: string; readonly destination?: string | undefined },
): Call {
  const [, bracketed, plain, digits] =
    /^(?:\[([^\]]+)\]|([0-9.]+|[0-9a-fA-F:.]+?))(?::(\d{1,5}))?$/.exec(flags.client) ?? [];
  const source = parseAddress(bracketed ?? plain ?? '') ?? parseAddress(flags.client);
  const length = key.family === 10 ? 16 : 4;
  if (source?.length !== length || Number(digits ?? 0) > 65535) {
    const example =
      length === 4 ? '198.51.100.7 or 198.51.100.7:40000' : '2001:db8::7 or [2001:db8::7]:40000';
    throw new CommandLineError([
      `--client ${flags.client}: must be an address of the service's family: ${example}`,
    ]);
  }
  const port = parseAddress(flags.client) || digits === undefined ? ANY_PORT : Number(digits);
  if (key.kind === 'address') return { source, port, destination: key.address };
  const destination = parseAddress(flags.destination ?? '');
  if (destination?.length === length) return { source, port, destination };
  if (scheduler !== 'dh') return { source, port, destination: source };
  throw new CommandLineError([
    `with dh the address that the client connects to decides: name it with --destination, such as ${formatAddress(source)}`,
  ]);
}

function changesOf(
  flags: {
    readonly without?: readonly string[] | undefined;
    readonly weight?: readonly string[] | undefined;
  },
  servers: readonly ListedServer[],
  service: string,
): { readonly weights: ReadonlyMap<string, number>; readonly without: ReadonlySet<string> } {
  const names = servers.map(serverName);
  const problems: string[] = [];
  const check = (flag: string, name: string) => {
    if (!names.includes(name)) {
      problems.push(
        `--${flag} ${name}: ${service} has no such real server; it has ${names.join(', ') || 'none'}`,
      );
    }
    return name;
  };
  const weights = new Map<string, number>();
  for (const text of flags.weight ?? []) {
    const [, name, weight] = WEIGHT.exec(text) ?? [];
    if (name === undefined) problems.push(`--weight ${text}: must be SERVER=N, such as 10.0.0.17:80=3`);
    else weights.set(check('weight', name), Number(weight));
  }
  const without = new Set((flags.without ?? []).map((name) => check('without', name)));
  if (problems.length > 0) throw new CommandLineError(problems);
  return { weights, without };
}
