/** The requests of the fake server, a row each. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AdminState } from '../../src/model/director';
import type { AuditEntry, DoctorReport, PreviewRequest, WebRole } from '../../src/web/contract';
import { type Answer, type FakeDaemon, refusal } from './fake-daemon';
import { documentIn, preview } from './fake-document';
import { check, type FakeServer, HOSTILE, weightOf } from './fake-table';

interface Asked {
  readonly role: WebRole;
  readonly parameters: readonly string[];
  readonly query: URLSearchParams;
  // biome-ignore lint/suspicious/noExplicitAny: whatever the page sends
  readonly body: any;
}

interface FakeRequest {
  readonly method: 'GET' | 'POST';
  readonly path: RegExp;
  readonly role: WebRole;
  /** Refused when the page has seen another generation. */
  readonly guarded?: boolean;
  answer(daemon: FakeDaemon, asked: Asked): Answer | Promise<Answer>;
}

const schema = join(__dirname, '../../docs/schema/state-2.json');
const later = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

function done(daemon: FakeDaemon, role: WebRole, action: string, text: string): Answer {
  const entry: AuditEntry = {
    at: Date.now(),
    author: `${role}-token`,
    role,
    from: '127.0.0.1',
    action,
    outcome: text,
    ok: true,
  };
  daemon.audit.unshift(entry);
  daemon.tell();
  return { json: { ok: true, text } };
}

function read(
  path: RegExp,
  answer: (daemon: FakeDaemon, asked: Asked) => unknown,
  role: WebRole = 'view',
): FakeRequest {
  return {
    method: 'GET',
    path,
    role,
    async answer(daemon, asked) {
      const json = await answer(daemon, asked);
      return json === undefined ? refusal(404, 'there is no such thing') : { json };
    },
  };
}

export const requests: readonly FakeRequest[] = [
  read(/^me$/, (daemon, { role }) => daemon.me(role)),
  read(/^overview$/, (daemon) => daemon.overview()),
  read(/^status$/, (daemon) => daemon.status()),
  read(/^service\/(.+)$/, (daemon, { parameters }) => daemon.detail(parameters[0]!) ?? undefined),
  read(/^rates\/(.+)$/, (daemon, { parameters }) => {
    const service = daemon.find(parameters[0]!);
    return service && daemon.rates(service);
  }),
  read(/^events$/, (daemon) => daemon.events),
  read(/^ha$/, (daemon) => daemon.ha()),
  read(/^ha\/directors$/, (daemon) =>
    ['lvs01', 'lvs02', 'lvs03'].map((name) => ({
      name,
      role: name === daemon.leader ? 'leader' : name === 'lvs03' ? 'unfit' : 'standby',
      ready: name !== 'lvs03',
      generation: name === 'lvs03' ? daemon.generation - 1 : daemon.generation,
      table: name === 'lvs03' ? '77e1c0ffee00aa' : '9a0364b9e99bb480dd25e1f0284c8555',
      ...(name === 'lvs03' && { problem: 'the interface eth0 has no carrier' }),
    })),
  ),
  read(/^generations$/, (daemon) => daemon.documents.map(({ text: _, ...generation }) => generation)),
  read(
    /^generations\/(\d+)$/,
    (daemon, { parameters }) => {
      const found = daemon.documents.find(({ number }) => number === Number(parameters[0]));
      return found && { ...found, name: 'lvs.yaml' };
    },
    'edit',
  ),
  read(
    /^document$/,
    (daemon) => {
      const { number, text, confirmUntil = null } = daemon.documents[0]!;
      return { generation: number, name: 'lvs.yaml', text, document: documentIn(text), confirmUntil };
    },
    'edit',
  ),
  read(/^schema$/, () => JSON.parse(readFileSync(schema, 'utf8'))),
  read(/^audit$/, (daemon) => daemon.audit),
  read(/^connections$/, (daemon, { query }) => connections(daemon, query)),
  read(/^doctor$/, async () => {
    await later(1200);
    return report();
  }),
  {
    method: 'POST',
    path: /^preview$/,
    role: 'edit',
    answer: (daemon, { body }) => ({
      json: preview(body as PreviewRequest, daemon.documents[0]!.text),
    }),
  },
  {
    method: 'POST',
    path: /^reload$/,
    role: 'edit',
    guarded: true,
    answer(daemon, { role, body }) {
      const { problems } = preview({ text: body.text, name: body.name }, '');
      if (problems.length > 0) return refusal(422, problems.map(({ message }) => message).join('\n'));
      daemon.accept(body.text, `${role}-token`, Date.now(), body.confirm);
      daemon.happened({ kind: 'reloaded', text: `generation ${daemon.generation} is in effect` });
      return done(daemon, role, 'reload lvs.yaml', `generation ${daemon.generation} is in effect`);
    },
  },
  {
    method: 'POST',
    path: /^confirm$/,
    role: 'edit',
    guarded: true,
    answer(daemon, { role }) {
      daemon.confirm();
      return done(daemon, role, 'confirm', `generation ${daemon.generation} is confirmed`);
    },
  },
  {
    method: 'POST',
    path: /^rollback$/,
    role: 'edit',
    guarded: true,
    answer(daemon, { role, body }) {
      const wanted = body.generation ?? daemon.documents[1]?.number;
      const found = daemon.documents.find(({ number }) => number === wanted);
      if (!found) return refusal(404, `generation ${wanted}: there is none`);
      daemon.confirm();
      daemon.accept(found.text, `${role}-token`);
      const text = `generation ${wanted} is in effect again, as generation ${daemon.generation}`;
      daemon.happened({ kind: 'rolled-back', text });
      return done(daemon, role, `rollback ${wanted}`, text);
    },
  },
  { method: 'POST', path: /^admin$/, role: 'operate', guarded: true, answer: setAdmin },
  {
    method: 'POST',
    path: /^weight$/,
    role: 'operate',
    guarded: true,
    answer(daemon, { role, body }) {
      const server = serverOf(daemon, body.service, body.server);
      if (!server) return refusal(404, `${body.service}/${body.server}: there is no such server`);
      server.override = override('ready', role, body.reason, undefined, body.weight);
      server.weight = weightOf(server);
      return done(daemon, role, `weight ${body.weight}: ${server.name}`, `the weight is ${body.weight}`);
    },
  },
  {
    method: 'POST',
    path: /^adopt$/,
    role: 'operate',
    guarded: true,
    answer(daemon, { role, body }) {
      const service = daemon.find(body.service);
      if (!service) return refusal(404, `${body.service}: there is no such service`);
      service.owner = 'ours';
      daemon.alarms = daemon.alarms.filter((alarm) => !alarm.startsWith(`service ${service.name}:`));
      return done(daemon, role, `adopt ${service.name}`, `${service.name} is ours`);
    },
  },
  {
    method: 'POST',
    path: /^check$/,
    role: 'operate',
    async answer(daemon, { body }) {
      const server = serverOf(daemon, body.service, body.server);
      if (!server) return refusal(404, `${body.service}/${body.server}: there is no such server`);
      await later(300);
      const result = check(
        server,
        daemon.table.indexOf(daemon.find(body.service)!),
        daemon.random,
        Date.now(),
      );
      const steps = [
        { at: 0, stage: 'connect', kind: 'note', text: `connecting to ${server.key}` },
        { at: 3, stage: 'connect', kind: 'note', text: 'connected in 3ms' },
        { at: 4, stage: 'send', kind: 'sent', text: `GET /health HTTP/1.1\r\nHost: ${server.key}\r\n\r\n` },
        { at: 9, stage: 'wait', kind: 'received', text: `HTTP/1.1 200 OK\r\nServer: ${HOSTILE}\r\n\r\n` },
        { at: 11, stage: 'body', kind: 'received', text: `${HOSTILE}\r\n` },
      ];
      return { json: { results: [result], steps } };
    },
  },
  {
    method: 'POST',
    path: /^ha\/resign$/,
    role: 'edit',
    guarded: true,
    answer(daemon, { role }) {
      daemon.leader = 'lvs02';
      daemon.happened({ kind: 'role', text: 'standby: handed over to lvs02' });
      return done(daemon, role, 'resign', 'lvs02 has the VIPs');
    },
  },
];

function serverOf(daemon: FakeDaemon, service: string, server: string): FakeServer | undefined {
  return daemon.find(service)?.servers.find(({ key, name }) => key === server || name === server);
}

function setAdmin(daemon: FakeDaemon, { role, body }: Asked): Answer {
  const chosen = daemon.table
    .filter(({ key, name }) => body.host !== undefined || key === body.service || name === body.service)
    .flatMap(({ servers }) => servers)
    .filter(({ key, name }) => {
      if (body.host !== undefined) return key.startsWith(`${body.host}:`);
      return body.server === undefined || key === body.server || name === body.server;
    });
  if (chosen.length === 0) return refusal(404, `${body.server ?? body.host}: there is no such server`);
  const admin = body.admin as AdminState;
  for (const server of chosen) {
    server.admin = admin;
    server.override = admin === 'ready' ? undefined : override(admin, role, body.reason, body.for);
    server.weight = weightOf(server);
  }
  const names = chosen.map(({ name }) => name).join(', ');
  const reason = body.reason === undefined ? '' : `: ${body.reason}`;
  daemon.happened({ kind: 'override', text: `${names}: ${admin} by ${role}-token${reason}` });
  return done(daemon, role, `${admin} ${names}${reason}`, `${names}: ${admin}`);
}

function override(admin: AdminState, role: WebRole, reason?: string, period?: number, weight?: number) {
  return {
    admin,
    author: `${role}-token`,
    since: Date.now(),
    fileAdmin: 'ready' as const,
    ...(weight !== undefined && { weight }),
    ...(reason !== undefined && { reason }),
    ...(period !== undefined && { until: Date.now() + period }),
  };
}

const states = ['ESTABLISHED', 'ESTABLISHED', 'ESTABLISHED', 'TIME_WAIT', 'FIN_WAIT', 'SYN_RECV'];

function connections(daemon: FakeDaemon, query: URLSearchParams): unknown {
  const all = Array.from({ length: 4000 }, (_, index) => {
    const service = daemon.table[index % daemon.table.length]!;
    const server = service.servers[index % service.servers.length]!;
    return {
      protocol: 'TCP',
      client: `198.51.100.${index % 200}:${30000 + index}`,
      service: service.key.replace(/^tcp:/, ''),
      server: server.key,
      state: states[index % states.length]!,
      expires: (index * 37) % 900,
    };
  });
  const names = ['client', 'service', 'server', 'state'] as const;
  const fits = (row: (typeof all)[number]) =>
    names.every((name) => row[name].includes((query.get(name) ?? '').replace(/^tcp:/, '')));
  const rows = all.filter(fits);
  const by = names.find((name) => name === query.get('summary'));
  if (by === undefined) return { total: rows.length, rows: rows.slice(0, 1000) };
  const counts = new Map<string, number>();
  for (const row of rows) {
    const what = by === 'client' ? row.client.replace(/:\d+$/, '') : row[by];
    counts.set(what, (counts.get(what) ?? 0) + 1);
  }
  const sorted = [...counts].map(([what, count]) => ({ what, count })).sort((a, b) => b.count - a.count);
  return { total: rows.length, counts: sorted.slice(0, Number(query.get('top') ?? 20)) };
}

function report(): DoctorReport {
  return {
    at: Date.now(),
    findings: [
      {
        id: 'ip-forward',
        certainty: 'certain',
        what: 'net.ipv4.ip_forward is 0, and web has real servers with masquerading',
        how: 'sysctl net.ipv4.ip_forward',
        effect: 'packets from clients reach no real server: connections time out',
        remedy: 'sysctl -w net.ipv4.ip_forward=1',
      },
      {
        id: 'conntrack',
        certainty: 'possible',
        what: 'the table of conntrack is 91 % full',
        how: 'sysctl net.netfilter.nf_conntrack_count net.netfilter.nf_conntrack_max',
        effect: 'when it is full, new connections are dropped',
        remedy: 'sysctl -w net.netfilter.nf_conntrack_max=524288',
      },
      {
        id: 'hostile',
        certainty: 'possible',
        what: `an interface is called ${HOSTILE}`,
        how: 'ip link',
        effect: 'none',
        remedy: "ip link set dev '<img src=x onerror=alert(1)>' name eth1",
      },
    ],
  };
}
