/**
 * The Transport over a netlink socket. Node has no netlink sockets, so the native addon of the
 * `netlink` package opens it; write(2) and read(2) on its descriptor transfer the datagrams.
 *
 * The addon's send and receive use the event loop: a poll, a new buffer and a callback for each
 * message, and an exception in the callback ends the process. The kernel replies to generic netlink
 * inside sendmsg(2), so a read after a write never waits, takes a quarter of the time, and keeps
 * the core synchronous.
 */
import { closeSync, fstatSync, openSync, readSync, writeSync } from 'node:fs';
import { TransportError } from '../../netlink/errors';
import type { Transport } from '../../netlink/transport';

const NETLINK_GENERIC = 16;

/** Dumps come in parts of at most 32 KiB (kernel: netlink_dump). */
const RECEIVE_BYTES = 64 * 1024;

/**
 * Room for the errors of a complete batch: 128 messages, including the kernel's overhead for each.
 */
const SOCKET_RECEIVE_BUFFER = 1024 * 1024;

/** Room for a complete batch of 64 KiB. The kernel grants less if net.core.wmem_max is smaller. */
const SOCKET_SEND_BUFFER = 256 * 1024;

/** A number that no descriptor has, and that Node passes on: read(2) and write(2) fail with EBADF. */
const CLOSED = 2 ** 31 - 1;

interface NativeNetlink {
  setRecvBufferSize(bytes: number): void;
  getRecvBufferSize(): number;
  setSendBufferSize(bytes: number): void;
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

/**
 * A netlink socket of this process's network namespace.
 * @param protocol generic netlink unless another is named.
 * @throws TransportError with the errno.
 */
export function openNodeTransport(protocol = NETLINK_GENERIC): Transport {
  try {
    return new NodeTransport(protocol);
  } catch (error) {
    throw transportError(error);
  }
}

class NodeTransport implements Transport {
  readonly receiveBuffer: number;
  readonly #socket: NativeNetlink;
  #descriptor: number;
  readonly #buffer = new Uint8Array(RECEIVE_BYTES);

  constructor(protocol: number) {
    const { NativeNetlink } = loadAddon();
    // The addon does not report its descriptor, but a new one is always the lowest free number.
    this.#descriptor = openSync('/', 'r');
    closeSync(this.#descriptor);
    // Not bound by the addon, which would start its poll: the kernel binds it on the first write.
    this.#socket = new NativeNetlink(protocol, RECEIVE_BYTES, ignore, ignore);
    if (!fstatSync(this.#descriptor).isSocket()) {
      this.#socket.close();
      throw new Error('the netlink socket has an unexpected descriptor');
    }
    this.#socket.setRecvBufferSize(SOCKET_RECEIVE_BUFFER);
    this.#socket.setSendBufferSize(SOCKET_SEND_BUFFER);
    this.receiveBuffer = this.#socket.getRecvBufferSize();
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
    // Another file may get the number.
    this.#descriptor = CLOSED;
  }
}

function ignore(): void {}

/**
 * A failed system call as TransportError; returns other errors, such as a missing addon, unchanged.
 */
function transportError(error: unknown): unknown {
  const { message, errno } = error as NodeJS.ErrnoException;
  return errno === undefined ? error : new TransportError(message, Math.abs(errno));
}

let addon: NetlinkAddon | undefined;

/**
 * The addon: the prebuilt one for glibc, which the build copied next to the bundle; if that does
 * not load, the one that the installation of the netlink package compiled.
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
  // Loading 'module' takes as long as the rest of the start-up.
  const { createRequire } = require('node:module') as typeof import('node:module');
  const manifest = createRequire(__filename).resolve('netlink/package.json');
  return createRequire(manifest)('node-gyp-build')(
    manifest.slice(0, -'/package.json'.length),
  ) as NetlinkAddon;
}
