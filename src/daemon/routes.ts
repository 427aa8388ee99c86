/** The API of the daemon, a row for each request. */
import * as z from 'zod';
import type { CheckStep } from '../model/check';
import { S32_MAX } from '../model/limits';
import { documentRoutes } from './document-routes';
import { contentTypes, type MetricFormat } from './exposition';
import { jsonList } from './in-turns';
import { machineRoutes } from './machine-routes';
import { openApi } from './openapi';
import { reloadFile, reloadText, rollBack } from './reload-file';
import { type ApiAnswer, outcomeAnswer, problem, type Route, route } from './route';
import { eventsOf, healthItems, nameProblem, serviceComments } from './select';
import { whatStays } from './sharing';

const name = z.string().min(1).max(300);
/** Who asks, as the client says: whoever may use the socket may do everything. */
const author = z.string().min(1).max(100).default('socket');
const admin = z.enum(['ready', 'drain', 'maint']);
const YEAR = 366 * 86_400_000;
/** Of a check that is heard. */
const MAX_STEPS = 1000;
const MAX_RESULTS = 20;
const milliseconds = z.number().int().min(1).max(YEAR);
const wish = { admin, author, reason: z.string().max(200).optional(), for: milliseconds.optional() };

export const routes: readonly Route[] = [
  route({
    method: 'GET',
    path: /^\/v1\/status$/,
    what: ['/v1/status', 'generation, uptime, changes sent, alarms'],
    role: 'view',
    answer: ({ director }) => ({ json: director.status() }),
  }),
  route({
    method: 'GET',
    path: /^\/v1\/services$/,
    what: [
      '/v1/services',
      'the keys of the services that it tends, the comments of services by their keys, and the network namespace of the table',
    ],
    role: 'view',
    answer: ({ director, namespace }) => ({
      json: { namespace, services: director.tended(), comments: serviceComments(director) },
    }),
  }),
  route({
    method: 'GET',
    path: /^\/v1\/ha$/,
    what: ['/v1/ha', 'role of this director, who leads, VIPs; null if they are not shared'],
    role: 'view',
    answer: ({ sharing }) => ({ json: sharing.status ?? null }),
  }),
  route({
    method: 'GET',
    path: /^\/v1\/ha\/directors$/,
    what: ['/v1/ha/directors', 'what all directors say about themselves in etcd; null without etcd'],
    role: 'view',
    answer: ({ documents }) => ({ json: documents.directors() ?? null }),
  }),
  route({
    method: 'POST',
    path: /^\/v1\/ha\/resign$/,
    what: ['/v1/ha/resign', 'hands the VIPs over to another director'],
    role: 'edit',
    body: z.strictObject({ author }),
    action: () => 'hand over',
    async answer({ sharing }) {
      const outcome = await sharing.resign();
      return outcome.ok ? { json: outcome } : problem('conflict', outcome.problem);
    },
  }),
  route({
    method: 'GET',
    path: /^\/v1\/health(?:\/([^/]+))?(?:\/([^/]+))?$/,
    what: ['/v1/health[/SERVICE[/SERVER]]?results=N', 'real servers with their last results, 20 at most'],
    role: 'view',
    answer({ director }, { parameters: [service, server], query }) {
      const results = Number(query.get('results') ?? MAX_RESULTS);
      if (!Number.isSafeInteger(results) || results < 0)
        return problem('invalid', 'results must be how many of each server are shown');
      const wrong = nameProblem(director, service, server);
      if (wrong !== undefined) return problem('unknown', wrong);
      return {
        type: 'application/json',
        pieces: jsonList(healthItems(director, service, server, results)),
      };
    },
  }),
  route({
    method: 'GET',
    path: /^\/v1\/events$/,
    what: [
      '/v1/events?since=N&service=S&server=R&follow=1',
      'events after N, newest first; follow: lines of JSON as they come',
    ],
    role: 'view',
    answer({ director }, { query }) {
      const since = Number(query.get('since') ?? 0);
      if (!Number.isSafeInteger(since) || since < 0)
        return problem('invalid', 'since must be a number of an event');
      const wanted = eventsOf(director, query.get('service'), query.get('server'));
      if ('problem' in wanted) return problem('unknown', wanted.problem);
      const events = director.events(since).filter(wanted.wants);
      return query.get('follow') === '1' ? { events: events.toReversed(), ...wanted } : { json: events };
    },
  }),
  route({
    method: 'GET',
    path: /^\/v1\/generations$/,
    what: ['/v1/generations', 'documents that were accepted, newest first'],
    role: 'view',
    answer: ({ director }) => ({ json: director.generations() }),
  }),
  route({
    method: 'GET',
    path: /^\/v1\/metrics$/,
    what: ['/v1/metrics?by=service&format=openmetrics', 'metrics as text; by: server or service'],
    role: 'view',
    async answer(context, { query }) {
      const by = query.get('by') ?? 'server';
      const format = query.get('format') ?? 'prometheus';
      if (by !== 'server' && by !== 'service')
        return problem('invalid', `by=${by}: must be server or service`);
      if (!Object.hasOwn(contentTypes, format)) {
        return problem('invalid', `format=${format}: must be prometheus or openmetrics`);
      }
      const pieces = await context.metrics(by, format as MetricFormat);
      return { type: contentTypes[format as MetricFormat], pieces };
    },
  }),
  route({
    method: 'POST',
    path: /^\/v1\/admin$/,
    what: ['/v1/admin', 'drain, maint or ready, of a server, a service or a host'],
    role: 'operate',
    body: z
      .strictObject({ service: name.optional(), server: name.optional(), host: name.optional(), ...wish })
      .refine((body) => (body.host === undefined ? body.service !== undefined : namesNoService(body)), {
        message: 'must name a service, with or without a server, or a host',
      }),
    action: ({ admin: what, service, server, host, reason }) =>
      `${what} ${host ?? [service, server].filter((part) => part !== undefined).join('/')}${reason === undefined ? '' : `: ${reason}`}`,
    answer({ director }, { body }) {
      const { for: period, ...rest } = body;
      const until = period === undefined ? {} : { until: Date.now() + period };
      const { host, service = '', server } = body;
      const selector = host === undefined ? { service, server } : { host };
      return outcomeAnswer(
        director.setAdmin(selector, {
          admin: rest.admin,
          author: rest.author,
          reason: rest.reason,
          ...until,
        }),
      );
    },
  }),
  route({
    method: 'POST',
    path: /^\/v1\/weight$/,
    what: ['/v1/weight', 'sets the weight of a server, as ipvsadm -e does'],
    role: 'operate',
    body: z.strictObject({
      ...{ service: name, server: name, author, reason: z.string().max(200).optional() },
      weight: z.number().int().min(0).max(S32_MAX),
    }),
    action: ({ service, server, weight }) => `weight ${weight} ${service}/${server}`,
    answer: ({ director }, { body: { service, server, ...wish } }) =>
      outcomeAnswer(director.setWeight({ service, server }, wish)),
  }),
  route({
    method: 'POST',
    path: /^\/v1\/reload$/,
    what: ['/v1/reload', 'takes another document; without text, the file of the daemon again'],
    role: 'edit',
    large: true,
    body: z.strictObject({
      text: z.string().optional(),
      name: z.string().min(1).max(4096).optional(),
      confirm: milliseconds.optional(),
      takeOver: z.boolean().optional(),
      author,
    }),
    action: ({ text, name: file, confirm }) =>
      text === undefined
        ? 'reload'
        : `reload ${file}${confirm === undefined ? '' : ` --confirm ${confirm / 1000}s`}`,
    async answer(context, { body: { text, name: file = 'socket', ...options } }) {
      const outcome =
        text === undefined
          ? await reloadFile(context, options)
          : await reloadText(context, { text, name: file }, options);
      return outcomeAnswer(outcome);
    },
  }),
  route({
    method: 'POST',
    path: /^\/v1\/confirm$/,
    what: ['/v1/confirm', 'keeps a document that waits to be confirmed'],
    role: 'edit',
    body: z.strictObject({ author }),
    action: () => 'confirm',
    answer: ({ director }, { body }) => outcomeAnswer(director.confirm(body.author)),
  }),
  route({
    method: 'POST',
    path: /^\/v1\/rollback$/,
    what: ['/v1/rollback', 'goes back to an earlier document'],
    role: 'edit',
    body: z.strictObject({ generation: z.number().int().min(1).optional(), author }),
    action: ({ generation }) => `rollback ${generation ?? ''}`.trim(),
    answer: async (context, { body }) => outcomeAnswer(await rollBack(context, body.generation, body.author)),
  }),
  route({
    method: 'POST',
    path: /^\/v1\/adopt$/,
    what: ['/v1/adopt', 'takes over a service that others made or fight for'],
    role: 'operate',
    body: z.strictObject({ service: name, author }),
    action: ({ service }) => `adopt ${service}`,
    answer: ({ director }, { body }) => outcomeAnswer(director.adopt(body.service, body.author)),
  }),
  route({
    method: 'POST',
    path: /^\/v1\/check$/,
    what: ['/v1/check', 'runs the checks of a server now; changes nothing'],
    role: 'operate',
    body: z.strictObject({ service: name, server: name }),
    async answer(context, { body: { service, server }, caller }) {
      const steps: CheckStep[] = [];
      // Checks that begin within this call are heard; one that runs already tells only its result.
      context.hear((step) => {
        if (steps.length < MAX_STEPS) steps.push(step);
      });
      const running = context.director.checkNow(service, server);
      context.hear(undefined);
      const results = await running;
      if (!results) return problem('unknown', `${service}/${server}: there is no such server`);
      const mayRead = caller === undefined || caller.role === 'edit';
      return { json: { results, steps: mayRead ? steps : steps.map(withoutSecrets) } };
    },
  }),
  route({
    method: 'POST',
    path: /^\/v1\/stop$/,
    what: ['/v1/stop', 'ends the daemon; table and VIPs stay'],
    role: 'socket',
    body: z.strictObject({ author }),
    action: () => 'stop',
    answer(context): ApiAnswer {
      context.stop();
      return { json: { ok: true, text: `the daemon stops: ${whatStays(context.sharing.status)}` } };
    },
  }),
  route({
    method: 'GET',
    path: /^\/v1\/openapi$/,
    what: ['/v1/openapi', 'this API as OpenAPI 3.1'],
    role: 'view',
    answer: () => ({ json: openApi(routes) }),
  }),
  ...documentRoutes,
  ...machineRoutes,
];

/** What is sent is in the document, often with a password in it: who may not see that one reads neither. */
function withoutSecrets(step: CheckStep): CheckStep {
  if (step.kind !== 'sent') return step;
  return { ...step, kind: 'note', text: 'a request was sent: the role edit shows it' };
}

function namesNoService(body: { readonly service?: unknown; readonly server?: unknown }): boolean {
  return body.service === undefined && body.server === undefined;
}
