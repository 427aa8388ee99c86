/** The directors that share the VIPs. */
import { useState } from 'preact/hooks';
import type { DirectorRecord } from '../../../ha/etcd/records';
import type { DocumentNow } from '../../contract';
import { may, usePage } from '../context';
import { useLoaded } from '../hooks';
import { useSend } from '../parts/actions';
import { FormDialog } from '../parts/dialog';
import { Problem } from '../parts/small';
import { vipsOf } from '../state/document';

type Shown = Pick<DirectorRecord, 'name' | 'role'> & Partial<DirectorRecord>;

export function Directors() {
  const { live, me, texts } = usePage();
  const send = useSend();
  const [handing, setHanding] = useState(false);
  const { ha, status } = live;
  // Whatever changes roles comes with the stream; the rest is asked for every five seconds.
  const version = `${ha?.role} ${ha?.leader} ${Math.floor(live.at / 5000)}`;
  const directors = useLoaded<readonly DirectorRecord[] | null>(ha ? 'ha/directors' : null, version);
  const document = useLoaded<DocumentNow>(
    ha && me.can.document && may(me, 'edit') ? 'document' : null,
    status?.generation.wanted,
  );
  const vips = vipsOf(document.value?.document);
  if (!ha)
    return (
      <>
        <h1>{texts.directors}</h1>
        <p class="empty">{texts.noDirectors}</p>
      </>
    );
  const own: Shown = { name: ha.name, role: ha.role };
  const others: Shown[] =
    ha.leader !== undefined && ha.leader !== ha.name ? [{ name: ha.leader, role: 'leader' }] : [];
  const shown: readonly Shown[] = directors.value ?? [own, ...others];
  return (
    <>
      <h1>{texts.directors}</h1>
      <p class="muted">{texts.engine(ha.engine)}</p>
      {ha.problems.map((problem) => (
        <p key={problem} class="note bad">
          {problem}
        </p>
      ))}
      {ha.duplicate && <p class="note bad">{texts.duplicateVip}</p>}
      <Problem text={directors.problem} />
      <div class="cards">
        {shown.map((director) => (
          <Director key={director.name} director={director} own={director.name === ha.name} vips={vips} />
        ))}
      </div>
      {may(me, 'edit') && ha.role === 'leader' && (
        <p>
          <button type="button" onClick={() => setHanding(true)}>
            {texts.handOver}
          </button>
        </p>
      )}
      {handing && (
        <FormDialog
          title={texts.handOver}
          done={texts.handOver}
          danger
          close={() => setHanding(false)}
          send={() => send('ha/resign', {})}
        >
          <p>{texts.handOverMeaning}</p>
        </FormDialog>
      )}
    </>
  );
}

const shapes = { leader: '★', standby: '○', unfit: '▼' } as const;

function Director(props: {
  readonly director: Shown;
  readonly own: boolean;
  readonly vips: readonly string[];
}) {
  const { texts } = usePage();
  const { director, own, vips } = props;
  const { role } = director;
  return (
    <article class={`card director ${role}`}>
      <h2>
        {director.name} {own && <span class="badge">{texts.thisOne}</span>}
      </h2>
      <dl class="facts">
        <dt>{texts.role}</dt>
        <dd class={`role ${role}`}>
          <span aria-hidden="true">{shapes[role]}</span> {texts.roles[role]}
        </dd>
        {director.ready !== undefined && (
          <>
            <dt>{texts.couldTakeOver}</dt>
            <dd>{director.ready ? texts.yes : texts.no}</dd>
          </>
        )}
        {role === 'leader' && vips.length > 0 && (
          <>
            <dt>{texts.vips}</dt>
            <dd class="mono">{vips.join(', ')}</dd>
          </>
        )}
        {director.generation !== undefined && (
          <>
            <dt>{texts.generation}</dt>
            <dd>{director.generation}</dd>
          </>
        )}
        {director.table !== undefined && (
          <>
            <dt>{texts.tableDigest}</dt>
            <dd class="mono" title={director.table}>
              {director.table.slice(0, 12)}
            </dd>
          </>
        )}
      </dl>
      {[director.problem, director.refused].map(
        (problem) =>
          problem !== undefined && (
            <p key={problem} class="note bad">
              {problem}
            </p>
          ),
      )}
    </article>
  );
}
