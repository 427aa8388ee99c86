/** The engine of failover that a document names, on this machine. */
import { hostname } from 'node:os';
import { EtcdEngine } from '../ha/etcd/engine';
import type { Facts } from '../ha/etcd/publishing';
import { keepalivedEngine } from '../ha/keepalived/engine';
import { foreignKeepalived } from '../ha/keepalived/foreign';
import type { HaListener } from '../ha/types';
import type { HaWorld } from '../ha/world';
import { NETLINK_ROUTE } from '../host/attributes';
import { HostClient } from '../host/client';
import type { SharedVips } from '../model/director';
import type { InteractiveSystem } from '../platform/interactive-system';
import { parseVip, type Vip } from '../setup/director';
import { interfacesFor } from '../setup/realserver';
import { openEtcd } from './etcd/open';
import { RealKeepalivedHost } from './ha/keepalived-host';
import { NodeHaWorld } from './ha/world';
import { reopening } from './reopening';
import type { OpenEngine, OpenedEngine } from './sharing';

/** A name of etcd's keys and of VRRP's configuration. */
const NAME = /^[A-Za-z0-9._-]{1,63}$/;

type StartEngine = (world: HaWorld, listener: HaListener) => Pick<OpenedEngine, 'engine' | 'cluster'>;

interface Place {
  readonly host: HostClient;
  readonly name: string;
  readonly interface: string;
  readonly vips: readonly Vip[];
  /** Of the files of the engine; ends with the machine. */
  readonly directory: string;
}

/** @param directory of the daemon, in /run. */
export function engineOpener(system: InteractiveSystem, directory: string): OpenEngine {
  return (shared, listener) => {
    const host = new HostClient(reopening(() => system.openNetlink(NETLINK_ROUTE)));
    try {
      const place: Place = {
        ...{ host, name: nameOf(shared), directory: `${directory}/ha` },
        interface: chosenInterface(shared, host),
        vips: shared.vips.map((vip) => parseVip(vip)!),
      };
      const world = new NodeHaWorld({
        ...place,
        stateFile: `${directory}/role`,
        helped: (problem) => listener.alarm('neighbours', problem),
      });
      const { start, close } = engineOf(shared, place);
      const { engine, cluster } = start(world, listener);
      return {
        ...{ engine, cluster },
        interface: place.interface,
        close: () => {
          close();
          host.close();
        },
      };
    } catch (error) {
      host.close();
      throw error;
    }
  };
}

function engineOf(
  { settings: { engine: settings, preempt } }: SharedVips,
  place: Place,
): { readonly start: StartEngine; close(): void } {
  const { name, host, directory } = place;
  if (settings.kind === 'etcd') {
    const { cluster, ttl } = settings;
    const store = openEtcd(settings);
    return {
      start: (world, listener) => {
        const engine = new EtcdEngine(world, listener, store, { cluster, name, ttl });
        const directors = () => engine.directors();
        const publish = (facts: Facts) => engine.publish(facts);
        return { engine, cluster: { name: cluster, store, directors, publish } };
      },
      close: () => store.close(),
    };
  }
  const { fifo, instance } = settings;
  const vips = place.vips.map(({ address }) => address);
  const keepalived = new RealKeepalivedHost({ host, interface: place.interface, vips, directory });
  const start =
    fifo === undefined
      ? keepalivedEngine({ settings, name, interface: place.interface, preempt }, keepalived)
      : foreignKeepalived({ settings, name, fifo, instance }, keepalived);
  return { start: (world, listener) => ({ engine: start(world, listener) }), close: () => {} };
}

function nameOf({ settings: { name = hostname() } }: SharedVips): string {
  if (NAME.test(name)) return name;
  throw new Error(`the host name '${name}' is no name of a director: give one as 'name' in director: { ha }`);
}

/** That of the document, or the only one that fits the VIPs. */
function chosenInterface({ interface: given, vips }: SharedVips, host: HostClient): string {
  const links = host.links();
  if (given !== undefined) {
    if (links.some(({ name }) => name === given)) return given;
    throw new Error(`there is no interface ${given} for the VIPs: this machine has ${namesOf(links)}`);
  }
  const addresses = vips.map((vip) => parseVip(vip)!.address);
  const fitting = interfacesFor(addresses, links, host.routes());
  if (fitting.length === 1) return fitting[0]!.name;
  const candidates = namesOf(fitting) || namesOf(links);
  throw new Error(`which interface gets the VIPs? name it as 'interface' in director: ${candidates}`);
}

function namesOf(links: readonly { readonly name: string }[]): string {
  return links.map(({ name }) => name).join(', ');
}
