/** The view of a route. */
import type { Route } from '../state/route';
import { Connections } from './connections';
import { Directors } from './directors';
import { Doctor } from './doctor';
import { Edit } from './edit/edit';
import { History } from './history';
import { Overview } from './overview';
import { Service } from './service';

const views = {
  overview: Overview,
  edit: Edit,
  directors: Directors,
  connections: Connections,
  doctor: Doctor,
  history: History,
} as const;

export function View({ route }: { readonly route: Route }) {
  if (route.view === 'service') return <Service key={route.key} id={route.key} server={route.server} />;
  const Chosen = views[route.view];
  return <Chosen />;
}
