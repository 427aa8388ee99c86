/**
 * Long work in turns: a table of ten thousand real servers is read, told and counted without keeping
 * checks from being heard meanwhile.
 */
import type { ServerResponse } from 'node:http';
import type { Director, ServerHealth } from '../director/types';

/** How many characters are sent in one turn. */
const BLOCK = 64 * 1024;

/** Lets the event loop do what waits. */
export function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** The health of all real servers, service by service. */
export async function wholeHealth(director: Director): Promise<ServerHealth[]> {
  const whole: ServerHealth[] = [];
  for (const { key } of director.services()) {
    for (const one of director.health(key)) whole.push(one);
    await turn();
  }
  return whole;
}

/** A list as JSON, piece by piece. */
export function* jsonList(items: Iterable<unknown>): Generator<string> {
  let before = '[';
  for (const item of items) {
    yield before + JSON.stringify(item);
    before = ',';
  }
  yield `${before === '[' ? before : ''}]\n`;
}

/**
 * Sends a text that is made while it is sent, no faster than it is read. Ends early if the reader
 * leaves.
 */
export async function sendInTurns(response: ServerResponse, pieces: Iterable<string>): Promise<void> {
  let block = '';
  for (const piece of pieces) {
    block += piece;
    if (block.length < BLOCK) continue;
    const isFull = !response.write(block);
    block = '';
    if (isFull) await drained(response);
    await turn();
    if (response.destroyed) return;
  }
  response.end(block);
}

function drained(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      response.off('drain', end).off('close', end);
      resolve();
    };
    response.on('drain', end).on('close', end);
    if (response.destroyed) end();
  });
}
