/** The views of the page, as the part of its address behind `#`. */
export const viewNames = ['edit', 'directors', 'connections', 'doctor', 'history'] as const;

export type Route =
  | { readonly view: 'overview' }
  | { readonly view: 'service'; readonly key: string; readonly server?: string }
  | { readonly view: (typeof viewNames)[number] };

export function readRoute(hash: string): Route {
  const [, first = '', key = '', server = ''] = hash.replace(/^#/, '').split('/').map(decoded);
  if (first === 'service' && key !== '') {
    return { view: 'service', key, ...(server !== '' && { server }) };
  }
  const view = viewNames.find((name) => name === first);
  return { view: view ?? 'overview' };
}

export function linkTo(route: Route): string {
  if (route.view === 'overview') return '#/';
  if (route.view !== 'service') return `#/${route.view}`;
  const parts = route.server === undefined ? [route.key] : [route.key, route.server];
  return `#/service/${parts.map(encodeURIComponent).join('/')}`;
}

/** The token of an address that logs in: `#token=...`. */
export function tokenOf(hash: string): string | undefined {
  const token = /^#token=(.+)$/.exec(hash)?.[1];
  return token === undefined ? undefined : decoded(token);
}

/** What cannot be decoded stands for itself: addresses come from anywhere. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
