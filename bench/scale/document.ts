/** The document of the measurement: many services, of which several share each real server. */

export interface Shape {
  readonly services: number;
  /** The real servers of each service. */
  readonly servers: number;
  /** The addresses of real servers, each with a check of its own. */
  readonly hosts: number;
}

/** Checks of even hosts are of type tcp, those of odd hosts of type http. */
export const TCP_PORT = 8001;
export const HTTP_PORT = 8080;
/** All of it is local by a route (`AnyIP`). */
export const HOSTS = '10.64.0.0/14';
export const SERVICES = '10.96.0.0/14';

export const hostAddress = (host: number) => `10.${64 + (host >> 16)}.${(host >> 8) & 255}.${host & 255}`;
export const isHttp = (host: number) => host % 2 === 1;
export const serviceAddress = (service: number) =>
  `10.${96 + (service >> 16)}.${(service >> 8) & 255}.${service & 255}`;

/** The host of a real server of a service. */
export function hostOf({ servers, hosts }: Shape, service: number, server: number): number {
  return (service * servers + server) % hosts;
}

/** A service that a host serves, as the API names it and its server. */
export function whereIs({ servers }: Shape, host: number): string {
  return `s${Math.floor(host / servers)}/r${host % servers}`;
}

/** @param director what its part of that name has. */
export function documentOf(shape: Shape, interval: number, director?: object): string {
  const services = Array.from({ length: shape.services }, (_, service) => ({
    name: `s${service}`,
    protocol: 'tcp',
    address: serviceAddress(service),
    port: 80,
    scheduler: 'wlc',
    servers: Array.from({ length: shape.servers }, (_, server) => {
      const host = hostOf(shape, service, server);
      return {
        name: `r${server}`,
        address: hostAddress(host),
        port: isHttp(host) ? HTTP_PORT : TCP_PORT,
        forwarding: 'masquerading',
        check: isHttp(host) ? 'page' : 'port',
      };
    }),
  }));
  const checks = {
    port: { type: 'tcp', interval: `${interval}ms` },
    page: { type: 'http', path: '/health', interval: `${interval}ms` },
  };
  return JSON.stringify({ format: 'ipvsadm-state', version: 2, director, checks, services });
}
