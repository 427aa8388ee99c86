/** The messages of etcd's JSON gateway. Keys and values are in base64, numbers of 64 bits are texts. */
import type { Compare, Entry, Head, Operation, Renewal, Transacted, Transaction } from '../../ha/etcd/store';

/** A message, or a part of one: not trusted. */
export type Json = Readonly<Record<string, unknown>>;

/** What does not look like an answer of etcd. */
export class NotEtcd extends Error {}

/** @throws NotEtcd */
export function parseAnswer(text: string): Json {
  try {
    return objectOf(JSON.parse(text));
  } catch {
    throw new NotEtcd('the answer is not JSON: is that etcd, with its JSON gateway (--enable-grpc-gateway)');
  }
}

/** gRPC's number for the failure, and the sentence of etcd. */
export interface Failure {
  readonly code: number;
  readonly message: string;
}

/** What an answer with a status other than 200 says. */
export function failureOf(answer: Json): Failure {
  const nested = typeof answer.error === 'object' && answer.error !== null ? (answer.error as Json) : answer;
  const code = nested.code ?? nested.grpc_code;
  const message = nested.message ?? nested.error;
  return {
    code: typeof code === 'number' ? code : 2,
    message: typeof message === 'string' ? message : 'unknown error',
  };
}

export function transactionMessage({ conditions, operations }: Transaction): Json {
  return { compare: conditions.map(compareMessage), success: operations.map(operationMessage) };
}

function compareMessage(compare: Compare): Json {
  const key = encode(compare.key);
  return 'created' in compare
    ? { key, result: 'EQUAL', target: 'CREATE', create_revision: `${compare.created}` }
    : { key, result: 'EQUAL', target: 'MOD', mod_revision: `${compare.modified}` };
}

function operationMessage(operation: Operation): Json {
  switch (operation.kind) {
    case 'put': {
      const { key, value, lease } = operation;
      return {
        request_put: { key: encode(key), value: encode(value), ...(lease === undefined ? {} : { lease }) },
      };
    }
    case 'delete':
      return { request_delete_range: { key: encode(operation.key) } };
    case 'read':
      return { request_range: { key: encode(operation.key) } };
    case 'list':
      return { request_range: { ...rangeOf(operation.prefix), limit: `${operation.most}` } };
  }
}

/** All keys that begin so. */
export function rangeOf(prefix: string): Json {
  const end = Buffer.from(prefix);
  // Prefixes end in a slash: there is a next byte.
  end[end.length - 1]! += 1;
  return { key: encode(prefix), range_end: end.toString('base64') };
}

/** @throws NotEtcd */
export function readTransacted(answer: Json): Transacted {
  const responses = Array.isArray(answer.responses) ? answer.responses : [];
  return {
    head: readHead(answer),
    done: answer.succeeded === true,
    found: responses.map((response) => {
      const { response_range: range } = objectOf(response);
      const { kvs } = range === undefined ? {} : objectOf(range);
      return Array.isArray(kvs) ? kvs.map(readEntry) : [];
    }),
  };
}

/** @throws NotEtcd */
export function readRenewal(answer: Json): Renewal {
  const result = objectOf(answer.result);
  return { head: readHead(result), seconds: result.TTL === undefined ? 0 : secondsOf(result.TTL) };
}

/** @throws NotEtcd */
export function readLease(answer: Json): { readonly id: string; readonly seconds: number } {
  return { id: idOf(answer.ID), seconds: secondsOf(answer.TTL) };
}

function readHead(answer: Json): Head {
  const { cluster_id: store, raft_term: term, revision } = objectOf(answer.header);
  return { store: idOf(store), term: numberOf(term), revision: numberOf(revision) };
}

function readEntry(value: unknown): Entry {
  const kv = objectOf(value);
  return {
    key: decode(kv.key),
    value: decode(kv.value),
    created: numberOf(kv.create_revision),
    modified: numberOf(kv.mod_revision),
    lease: kv.lease === undefined ? '0' : idOf(kv.lease),
  };
}

function encode(text: string): string {
  return Buffer.from(text).toString('base64');
}

function decode(value: unknown): string {
  return typeof value === 'string' ? Buffer.from(value, 'base64').toString() : '';
}

function objectOf(value: unknown): Json {
  if (typeof value !== 'object' || value === null) throw new NotEtcd('the answer is not one of etcd');
  return value as Json;
}

function idOf(value: unknown): string {
  if (typeof value !== 'string' || !/^-?\d{1,20}$/.test(value)) {
    throw new NotEtcd('the answer is not one of etcd: an identifier is missing');
  }
  return value;
}

/** 0 is left out of messages. */
function numberOf(value: unknown): bigint {
  return value === undefined ? 0n : BigInt(idOf(value));
}

/** A life that is longer than this is of no use, and would be no safe number. */
const LONGEST = 1_000_000;

function secondsOf(value: unknown): number {
  return Math.min(LONGEST, Math.max(0, Number(numberOf(value))));
}
