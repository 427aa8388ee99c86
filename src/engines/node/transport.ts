/**
 * The Transport over a real socket: the native addon of the `netlink` package opens it (Node has no netlink
 * sockets of its own), plain write(2) and read(2) on its descriptor do the talking.
 *
 * The addon's own send and receive go through the event loop: a poll, a fresh buffer and a callback a message,
 * in which an exception ends the process. The kernel answers generic netlink inside sendmsg(2), so reading
 * right after writing never waits, costs a quarter, and lets the core be plain synchronous code.
 */
import { closeSync, fstatSync, openSync, readSync, writeSync } from 'node:fs';
import { TransportError } from '../../netlink/errors';
import type { Transport } from '../../netlink/transport';

const NETLINK_GENERIC = 16;

/** Dumps come in parts of at most 32 KiB (kernel: netlink_dump). */
const RECEIVE_BYTES = 64 * 1024;

/** Room for the refusals of a whole batch, 128 messages with their headers in the kernel's accounting. */
const SOCKET_RECEIVE_BUFFER = 1024 * 1024;

interface NativeNetlink {
  setRecvBufferSize(bytes: number): void;
  close(): void;
}

interface NetlinkAddon {
  NativeNetlink: new (
    protocol: number,
    messageBuffer: number,
    onMessage: () => void,
    onError: () => void,
  ) => NativeNetlink;
}

/** A generic netlink socket of this process's network namespace. @throws TransportError with the errno. */
export function openNodeTransport(): Transport {
  try {
    return new NodeTransport();
  } catch (error) {
    throw transportError(error);
  }
}

class NodeTransport implements Transport {
  readonly #socket: NativeNetlink;
  readonly #descriptor: number;
  readonly #buffer = new Uint8Array(RECEIVE_BYTES);

  constructor() {
    const { NativeNetlink } = loadAddon();
    // A new descriptor is the lowest free one; the addon does not tell which it got.
    this.#descriptor = openSync('/', 'r');
    closeSync(this.#descriptor);
    // Never bound through the addon, so that it does not start its poll; the kernel binds it at the first write.
    this.#socket = new NativeNetlink(NETLINK_GENERIC, RECEIVE_BYTES, ignore, ignore);
    if (!fstatSync(this.#descriptor).isSocket()) {
      this.#socket.close();
      throw new Error('the netlink socket is not where it was expected');
    }
    this.#socket.setRecvBufferSize(SOCKET_RECEIVE_BUFFER);
  }

  send(datagram: Uint8Array): void {
    try {
      writeSync(this.#descriptor, datagram);
    } catch (error) {
      throw transportError(error);
    }
  }

  receive(): Uint8Array {
    try {
      return this.#buffer.subarray(0, readSync(this.#descriptor, this.#buffer));
    } catch (error) {
      throw transportError(error);
    }
  }

  close(): void {
    this.#socket.close();
  }
}

function ignore(): void {}

/** A failed system call as TransportError; anything else, as a missing addon, is no failure of netlink. */
function transportError(error: unknown): unknown {
  const { message, errno } = error as NodeJS.ErrnoException;
  return errno === undefined ? error : new TransportError(message, Math.abs(errno));
}

let addon: NetlinkAddon | undefined;

/**
 * The addon: the prebuilt one that the build laid beside the bundle. It is for glibc; where it does not load, the one
 * that the netlink package's installation compiled.
 */
function loadAddon(): NetlinkAddon {
  addon ??= bundledAddon() ?? installedAddon();
  return addon;
}

function bundledAddon(): NetlinkAddon | undefined {
  const module = { exports: {} as NetlinkAddon };
  try {
    process.dlopen(module, `${__dirname}/prebuilds/linux-${process.arch}/node.napi.node`);
    return module.exports;
  } catch {
    return undefined;
  }
}

function installedAddon(): NetlinkAddon {
  // Loading 'module' costs as much as all the rest of a start.
  const { createRequire } = require('node:module') as typeof import('node:module');
  const manifest = createRequire(__filename).resolve('netlink/package.json');
  return createRequire(manifest)('node-gyp-build')(
    manifest.slice(0, -'/package.json'.length),
  ) as NetlinkAddon;
}
