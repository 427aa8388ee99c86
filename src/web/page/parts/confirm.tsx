/** A document that waits to be confirmed: how long it still does, and both ways out. */

import { useEffect, useState } from 'preact/hooks';
import type { Generation } from '../../../director/types';
import { may, problemText, usePage } from '../context';
import { useLoaded, useNow } from '../hooks';
import { useSend } from './actions';
import { Problem } from './small';

export function Confirmation() {
  const { live, me } = usePage();
  // Who keeps or takes back a document says so by an event.
  const last = live.events.find(
    ({ kind }) => kind === 'reloaded' || kind === 'rolled-back' || kind === 'note',
  );
  const version = `${JSON.stringify(live.status?.generation)} ${last?.id}`;
  const loaded = useLoaded<readonly Generation[]>(me.can.generations ? 'generations' : null, version);
  const waiting = loaded.value?.[0];
  if (waiting?.confirmUntil === undefined) return null;
  return <Countdown number={waiting.number} until={waiting.confirmUntil} again={loaded.again} />;
}

function Countdown(props: { readonly number: number; readonly until: number; readonly again: () => void }) {
  const { me, texts } = usePage();
  const send = useSend();
  const now = useNow();
  const [problem, setProblem] = useState<string>();
  const { again } = props;
  // Somebody else may keep it: that is no change of the table.
  useEffect(() => {
    const timer = setInterval(again, 3000);
    return () => clearInterval(timer);
  }, [again]);
  const left = Math.ceil((props.until - now) / 1000);
  if (left < -5) return null;
  const act = (path: string) => async () => {
    setProblem(undefined);
    try {
      await send(path, {}, props.number);
    } catch (error) {
      setProblem(problemText(error, texts));
    }
    again();
  };
  return (
    <section class="confirmation" aria-label={texts.confirmation}>
      <p>
        <strong>{texts.mustConfirm(props.number)}</strong>{' '}
        <span role="timer">{texts.secondsLeft(Math.max(0, left))}</span>
      </p>
      {may(me, 'edit') && (
        <span class="buttons">
          <button type="button" class="main" onClick={act('confirm')}>
            {texts.keep}
          </button>
          <button type="button" onClick={act('rollback')}>
            {texts.rollBack}
          </button>
        </span>
      )}
      <Problem text={problem} />
    </section>
  );
}
