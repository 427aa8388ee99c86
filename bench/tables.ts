/** The tables of the workloads, as rules and as keepalived.conf. */

/** The number of services, and of real servers of each service. */
export interface Shape {
  readonly services: number;
  readonly servers: number;
}

export function shapeName({ services, servers }: Shape): string {
  return `${services} x ${servers}`;
}

/** The weight that no server of a table has: one server gets it where one change is measured. */
export const CHANGED_WEIGHT = 999;

const serviceAddress = (service: number) =>
  `10.${1 + (service >> 16)}.${(service >> 8) & 255}.${service & 255}`;
const serverAddress = (server: number) => `172.${16 + (server >> 16)}.${(server >> 8) & 255}.${server & 255}`;
const weightOf = (server: number) => 1 + (server % 100);

/** The address of the service that is the last of a table. */
export function lastService({ services }: Shape): string {
  return serviceAddress(services - 1);
}

/** Returns the rules of a table: services 10.x.y.z:80, real servers from 172.16.0.0. */
export function rules({ services, servers }: Shape): string {
  const lines: string[] = [];
  for (let service = 0; service < services; service++) {
    const address = `${serviceAddress(service)}:80`;
    lines.push(`-A -t ${address} -s wrr`);
    for (let server = 0; server < servers; server++) {
      lines.push(`-a -t ${address} -r ${serverAddress(server)}:8080 -m -w ${weightOf(server)}`);
    }
  }
  return `${lines.join('\n')}\n`;
}

const block = (head: string, lines: readonly string[]) => [
  `${head} {`,
  ...lines.map((line) => `    ${line}`),
  '}',
];

/** Health checks as people write them. */
const checks = {
  TCP_CHECK: block('TCP_CHECK', ['connect_timeout 3', 'retry 3']),
  HTTP_GET: block('HTTP_GET', [
    ...block('url', ['path /health', 'status_code 200']),
    ...['connect_timeout 3', 'retry 3', 'delay_before_retry 2'],
  ]),
} as const;

export type CheckName = keyof typeof checks;

/** The same table as a keepalived.conf. @param name the check of each server; undefined: none. */
export function keepalivedConf({ services, servers }: Shape, name?: CheckName): string {
  const check = name ? checks[name] : [];
  return Array.from({ length: services }, (_, service) => {
    const real = Array.from({ length: servers }, (_, server) =>
      block(`real_server ${serverAddress(server)} 8080`, [`weight ${weightOf(server)}`, ...check]),
    );
    const lines = ['delay_loop 6', 'lb_algo wrr', 'lb_kind NAT', 'protocol TCP', ...real.flat()];
    return `${block(`virtual_server ${serviceAddress(service)} 80`, lines).join('\n')}\n`;
  }).join('');
}
