/** The API as OpenAPI 3.1, made from the rows of its requests. */
import { toJSONSchema } from 'zod';
import { ownRequests } from '../web/own-requests';
import type { Route } from './route';

type Row = Pick<Route, 'method' | 'path' | 'what' | 'role'> & Pick<Partial<Route>, 'body' | 'action'>;

const refusals: Readonly<Record<string, string>> = {
  401: 'nobody is logged in',
  403: 'the token has another role, or a page of somebody else asks',
  404: 'what is named is not known',
  409: 'another was faster: look again first',
  422: 'what was given is wrong',
  428: 'If-Match is missing',
  429: 'too many wrong tokens',
  502: 'the kernel refused',
};

/** @returns the description, as it is written to docs/schema/openapi.json. */
export function openApi(table: readonly Row[]): object {
  const all: readonly Row[] = [...Object.values(ownRequests), ...table];
  const paths: Record<string, Record<string, object>> = {};
  for (const row of all) {
    for (const path of pathsOf(row)) {
      paths[path] ??= {};
      paths[path][row.method.toLowerCase()] = operation(row, path);
    }
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'ipvsadm: the director daemon',
      version: '1',
      description:
        'JSON over HTTP: on the socket of the daemon (whoever may use it can do what root can), and by the web page ' +
        "with a token ('ipvsadm web token'). Changes through the page need If-Match with the generation that was seen.",
    },
    servers: [{ url: 'http://127.0.0.1:3636' }],
    security: [{ token: [] }],
    paths,
    components: {
      securitySchemes: { token: { type: 'http', scheme: 'bearer' } },
      responses: Object.fromEntries(
        Object.entries(refusals).map(([status, description]) => [status, { description, content: problem }]),
      ),
      schemas: {
        Outcome: {
          type: 'object',
          properties: { ok: { const: true }, text: { type: 'string' } },
          required: ['ok', 'text'],
        },
        Problem: {
          type: 'object',
          properties: {
            ok: { const: false },
            problem: { type: 'string', description: 'what was given, what is wrong, what would be right' },
          },
          required: ['ok', 'problem'],
        },
      },
    },
  };
}

/** '/v1/health[/SERVICE[/SERVER]]?results=N': /v1/health, /v1/health/{SERVICE}, ... */
function pathsOf({ what: [text] }: Row): string[] {
  const [path = ''] = text.split('?');
  const parts = path.split('[').map((part) => part.replace(/\]/g, ''));
  return parts.map((_, index) =>
    parts
      .slice(0, index + 1)
      .join('')
      .replace(/\/([A-Z]+)/g, '/{$1}'),
  );
}

function operation({ what: [text, summary], role, body, action }: Row, path: string): object {
  const names = [...path.matchAll(/\{([A-Z]+)\}/g)].map(([, name]) => name!);
  const query = [...new URLSearchParams(text.split('?')[1] ?? '')].map(([name]) => name);
  const parameter = (place: string) => (name: string) => ({
    ...{ name, in: place, required: place === 'path', schema: { type: 'string' } },
  });
  const parameters = [...names.map(parameter('path')), ...query.map(parameter('query'))];
  const match = action && {
    ...parameter('header')('If-Match'),
    description: 'the generation that was seen: "7"',
  };
  const all = match ? [...parameters, match] : parameters;
  return {
    summary,
    'x-role': role,
    ...(all.length > 0 ? { parameters: all } : {}),
    ...(body
      ? { requestBody: { required: true, content: { 'application/json': { schema: schemaOf(body) } } } }
      : {}),
    responses: {
      200: {
        description: action ? 'it is done' : 'what was asked for',
        ...(action
          ? { content: { 'application/json': { schema: { $ref: '#/components/schemas/Outcome' } } } }
          : {}),
      },
      ...Object.fromEntries(
        Object.entries(refusals)
          .filter(([status]) => action || !['409', '428', '502'].includes(status))
          .map(([status]) => [status, { $ref: `#/components/responses/${status}` }]),
      ),
    },
  };
}

const problem = { 'application/json': { schema: { $ref: '#/components/schemas/Problem' } } };

function schemaOf(body: NonNullable<Row['body']>): object {
  const { $schema: _, ...schema } = toJSONSchema(body, { io: 'input' });
  return schema;
}
