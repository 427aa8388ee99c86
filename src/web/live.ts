/**
 * What viewers of the page see as it happens. The table is read once for all of them, every two
 * seconds (the kernel counts no faster), and without viewers every ten, for the hour of rates.
 */
import type { ServerResponse } from 'node:http';
import type { DirectorEvent } from '../director/types';
import type { TableNow } from '../live/top-rows';
import type { WebBackend } from './backend';
import type { Overview, RateHistory, ServiceDetail, StreamMessages } from './contract';
import { changeOf, overviewServices, serviceDetail } from './overview';
import { RATE_STEP, RateRings } from './rate-history';

const PERIOD = 2000;
/** After an event. */
const SOON = 500;
/** Reading the table takes no more than a tenth of the time. */
const MOST_BUSY = 10;
/** A sign of life for proxies, and for sockets that are gone without a word. */
const PING = 15_000;
/** What may wait for a viewer who does not read, beside the overview that it gets first. */
const MAX_BEHIND = 1024 * 1024;
/** How long one who may not stay has to take what waits. */
const TO_LEAVE = 5000;
const EVENTS = 50;
export const MAX_VIEWERS = 256;

interface Viewer {
  readonly response: ServerResponse;
  /** The key of a service that is watched, too. */
  readonly service: string | undefined;
  /** Whether who logged in still may see it. */
  readonly mayStay: () => boolean;
  /** What may wait for it, in bytes. */
  readonly most: number;
  seen: number;
  /** The service as it was told last. */
  told: string;
}

export class Live {
  readonly #viewers = new Set<Viewer>();
  #coming = 0;
  readonly #rings = new RateRings();
  readonly #leave: () => void;
  #timer: NodeJS.Timeout | undefined;
  #soon: NodeJS.Timeout | undefined;
  #reading: Promise<void> | undefined;
  #table: TableNow = [];
  #overview: Overview | undefined;
  /** Messages about services, by key: many may watch the same one. Those of the last reading. */
  readonly #details = new Map<string, string>();
  #eventAt = Number.NEGATIVE_INFINITY;
  #begunAt = Number.NEGATIVE_INFINITY;
  #readAt = Number.NEGATIVE_INFINITY;
  /** What reading the table took, and what summing it up with the health of all takes. */
  #cost = 0;
  #sumCost = 0;
  #ringAt = Number.NEGATIVE_INFINITY;
  #closed = false;

  constructor(
    readonly backend: WebBackend,
    readonly say: (problem: string) => void,
  ) {
    this.#leave = backend.director?.subscribe((event) => this.#happened(event)) ?? (() => {});
    this.#plan(0);
  }

  /** With those who wait for their overview. */
  get viewers(): number {
    return this.#viewers.size + this.#coming;
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
    clearTimeout(this.#soon);
    this.#leave();
    for (const { response } of this.#viewers) response.end();
    this.#viewers.clear();
  }

  /** @throws netlink failures. */
  async overview(): Promise<Overview> {
    await this.#fresh();
    return this.#overview!;
  }

  /** @throws netlink failures. */
  async service(key: string): Promise<ServiceDetail | undefined> {
    await this.#fresh();
    return serviceDetail(this.#table, this.backend.director, key);
  }

  rates(key: string): RateHistory | undefined {
    return this.#rings.of(key);
  }

  /** Sends what happens until the viewer leaves or falls behind. @throws netlink failures. */
  async follow(viewer: Pick<Viewer, 'response' | 'service' | 'mayStay'>): Promise<void> {
    this.#coming += 1;
    const overview = await this.overview().finally(() => {
      this.#coming -= 1;
    });
    const { response } = viewer;
    response.socket?.setTimeout(0);
    response.socket?.setNoDelay(true);
    response.writeHead(200, { 'content-type': 'text/event-stream', 'x-accel-buffering': 'no' });
    const first = message('overview', overview);
    const most = MAX_BEHIND + Buffer.byteLength(first);
    const watching: Viewer = { ...viewer, most, seen: Date.now(), told: '' };
    send(watching, first);
    this.#tellService(watching);
    if (response.destroyed) return;
    this.#viewers.add(watching);
    response.on('close', () => this.#viewers.delete(watching));
    this.#plan(this.#pause());
  }

  /** What it led to is shown soon, too, but not once for each of many. */
  #happened(event: DirectorEvent): void {
    this.#tellAll('happened', event);
    this.#eventAt = performance.now();
    if (!this.#reading) this.#plan(this.#pause());
    // Health is known without a table that takes long to read.
    if (this.#viewers.size > 0 && this.#rest() > SOON)
      this.#soon ??= setTimeout(() => this.#tellAgain(), Math.max(SOON, this.#sumCost * MOST_BUSY)).unref();
  }

  #tellAgain(): void {
    this.#soon = undefined;
    if (this.#closed || !this.#overview) return;
    const before = this.#overview;
    try {
      this.#sumUp();
      this.#tellChanges(before);
    } catch (error) {
      this.say(`the page cannot be told what happens: ${(error as Error).message}`);
    }
  }

  #pause(): number {
    const most = this.#eventAt > this.#begunAt ? SOON : PERIOD;
    const period = this.#viewers.size > 0 ? most : RATE_STEP;
    const due = this.#readAt + Math.max(period, this.#rest()) - performance.now();
    return Math.max(0, due);
  }

  /** How long the table is not read. A slow machine shows its page late, but not by minutes. */
  #rest(): number {
    return Math.min(this.#cost * MOST_BUSY, RATE_STEP);
  }

  #plan(pause: number): void {
    clearTimeout(this.#timer);
    if (this.#closed) return;
    this.#timer = setTimeout(() => void this.#tick(), pause).unref();
  }

  async #tick(): Promise<void> {
    const before = this.#overview;
    try {
      await this.#read();
      this.#record();
      this.#tellChanges(before);
    } catch (error) {
      this.say(`the table cannot be read for the page: ${(error as Error).message}`);
    }
    this.#plan(this.#pause());
  }

  /** One that is less than a second old will do. */
  async #fresh(): Promise<void> {
    if (this.#overview && performance.now() - this.#readAt < Math.max(1000, this.#rest())) return;
    const before = this.#overview;
    await this.#read();
    this.#tellChanges(before);
  }

  /** Who comes while it is read waits for that reading. */
  #read(): Promise<void> {
    this.#reading ??= this.#readNow().finally(() => {
      this.#reading = undefined;
    });
    return this.#reading;
  }

  async #readNow(): Promise<void> {
    this.#begunAt = performance.now();
    try {
      this.#table = await this.backend.table();
      this.#sumUp();
    } finally {
      this.#readAt = performance.now();
      this.#cost = this.#readAt - this.#begunAt;
    }
  }

  #sumUp(): void {
    const begun = performance.now();
    const { director } = this.backend;
    this.#details.clear();
    this.#overview = {
      at: Date.now(),
      services: overviewServices(this.#table, director),
      status: director?.status() ?? null,
      ha: this.backend.ha(),
      events: (director?.events(0) ?? []).slice(0, EVENTS),
    };
    this.#sumCost = performance.now() - begun;
  }

  #record(): void {
    if (this.#readAt - this.#ringAt < RATE_STEP - PERIOD / 2) return;
    this.#ringAt = this.#readAt;
    this.#rings.add(this.#overview!.services, this.#overview!.at);
  }

  #tellChanges(before: Overview | undefined): void {
    const now = this.#overview!;
    const change = before && before !== now ? changeOf(before, now) : undefined;
    const text = change && message('changed', change);
    for (const viewer of this.#viewers) {
      if (!viewer.mayStay()) leave(viewer);
      else if (text !== undefined) send(viewer, text);
      else if (Date.now() - viewer.seen > PING) send(viewer, ': well\n\n');
      this.#tellService(viewer);
    }
  }

  #tellService(viewer: Viewer): void {
    const { destroyed, writableEnded } = viewer.response;
    if (viewer.service === undefined || destroyed || writableEnded) return;
    const text = this.#detailOf(viewer.service);
    if (text === viewer.told) return;
    viewer.told = text;
    send(viewer, text);
  }

  #detailOf(key: string): string {
    const known = this.#details.get(key);
    if (known !== undefined) return known;
    const detail = serviceDetail(this.#table, this.backend.director, key) ?? null;
    const text = message('service', detail);
    this.#details.set(key, text);
    return text;
  }

  #tellAll<K extends keyof StreamMessages>(name: K, data: StreamMessages[K]): void {
    const text = message(name, data);
    for (const viewer of this.#viewers) send(viewer, text);
  }
}

function message<K extends keyof StreamMessages>(name: K, data: StreamMessages[K]): string {
  return `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`;
}

function send(viewer: Viewer, text: string): void {
  const { response } = viewer;
  if (response.destroyed || response.writableEnded) return;
  viewer.seen = Date.now();
  // What waited before counts: a large table is one message of many megabytes.
  if (response.writableLength > viewer.most) response.destroy();
  else response.write(text);
}

/** One who does not read would keep its place until then. */
function leave({ response }: Viewer): void {
  if (response.writableEnded) return;
  response.socket?.setTimeout(TO_LEAVE);
  response.end();
}
