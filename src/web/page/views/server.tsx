/** One server, beside its service: results, override, actions, and its checks run now. */
import { useState } from 'preact/hooks';
import type { TimedResult } from '../../../director/types';
import type { CheckStep } from '../../../model/check';
import type { ServiceServer } from '../../contract';
import { post } from '../api';
import { may, problemText, usePage } from '../context';
import { useNow } from '../hooks';
import { ServerActions, type Target } from '../parts/actions';
import { Dialog } from '../parts/dialog';
import { Admin, Share, State, Strip } from '../parts/health';
import { Problem, Scrolled, ScrolledTable } from '../parts/small';
import { Time } from '../parts/time';
import { byteRate, duration, percent, seconds, short, textOfBytes } from '../state/format';

export function ServerDialog({ target, close }: { readonly target: Target; readonly close: () => void }) {
  const { me, texts } = usePage();
  const { server } = target;
  return (
    <Dialog side title={server.name} close={close}>
      <p class="muted mono">
        {target.service} → {server.key} {server.forwarding !== '' && `· ${server.forwarding}`}
      </p>
      {server.comment !== null && <p class="muted">{server.comment}</p>}
      <Facts server={server} />
      <Overridden server={server} />
      {me.can.health && may(me, 'operate') && (
        <div class="buttons">
          <ServerActions target={target} />
        </div>
      )}
      {may(me, 'operate') && me.can.health && server.health && <CheckNow target={target} />}
      {server.health && <Results results={server.health.results} />}
      {!server.health && me.can.health && <p class="empty">{texts.unchecked}</p>}
    </Dialog>
  );
}

function Facts({ server }: { readonly server: ServiceServer }) {
  const { texts } = usePage();
  const now = useNow();
  const { health, rates } = server;
  return (
    <dl class="facts">
      {health && (
        <>
          <dt>{texts.state}</dt>
          <dd>
            <State state={health.state} /> <Admin admin={health.admin} />{' '}
            <span class="muted">{texts.since(seconds(now - health.since))}</span>
          </dd>
        </>
      )}
      {health?.holdDown && (
        <>
          <dt>{texts.holdDown}</dt>
          <dd>{texts.holdDownFor(seconds(health.holdDown.remaining), health.holdDown.falls)}</dd>
        </>
      )}
      <dt>{texts.weight}</dt>
      <dd>{server.weight ?? texts.notThere}</dd>
      <dt>{texts.share}</dt>
      <dd>
        <Share share={server.share} meant={server.meant} />
        {texts.shareOf(percent(server.share), percent(server.meant))}
      </dd>
      <dt>{texts.connections}</dt>
      <dd>{texts.activeAndInactive(short(server.active), short(server.inactive))}</dd>
      <dt>{texts.rates}</dt>
      <dd>
        {short(rates.connections)} {texts.connectionRate} · {byteRate(rates.inBytes)} {texts.in} ·{' '}
        {byteRate(rates.outBytes)} {texts.outOnly}
      </dd>
      {health?.nextCheck !== undefined && (
        <>
          <dt>{texts.nextCheck}</dt>
          <dd>{duration(health.nextCheck)}</dd>
        </>
      )}
      {health?.certificateEnds !== undefined && (
        <>
          <dt>{texts.certificateEnds}</dt>
          <dd>
            <Time at={health.certificateEnds} />
          </dd>
        </>
      )}
    </dl>
  );
}

function Overridden({ server }: { readonly server: ServiceServer }) {
  const { texts } = usePage();
  const override = server.health?.override;
  if (!override) return null;
  return (
    <div class="note warn">
      <p>
        <strong>{override.weight === undefined ? texts.admins[override.admin] : texts.weightByHand}</strong>{' '}
        {override.weight !== undefined && override.weight}
        {override.reason !== undefined && <> — {override.reason}</>}
      </p>
      <p class="muted">
        {texts.by(override.author)}, <Time at={override.since} />
        {override.until !== undefined && (
          <>
            {' '}
            · {texts.until} <Time at={override.until} />
          </>
        )}
      </p>
    </div>
  );
}

/** The checks of a server run now, with what was sent and received. */
function CheckNow({ target }: { readonly target: Target }) {
  const { texts } = usePage();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string>();
  const [answer, setAnswer] = useState<{ results: readonly TimedResult[]; steps: readonly CheckStep[] }>();
  const run = async () => {
    setBusy(true);
    setProblem(undefined);
    try {
      setAnswer(await post('check', { service: target.service, server: target.server.key }));
    } catch (error) {
      setProblem(problemText(error, texts));
    }
    setBusy(false);
  };
  const marks = { note: '*', sent: '>', received: '<' } as const;
  return (
    <div class="check-now">
      <button type="button" disabled={busy} onClick={run}>
        {busy ? texts.checking : texts.checkNow}
      </button>
      <Problem text={problem} />
      {answer && (
        <div role="status">
          <ResultTable results={answer.results} label={texts.checkNow} />
          <Scrolled class="conversation" label={texts.conversation}>
            {answer.steps.map(({ at, kind, text }) =>
              textOfBytes(text)
                .replace(/\r?\n$/, '')
                .split(/\r?\n/)
                .map((line) => `${String(Math.round(at)).padStart(5)} ms ${marks[kind]} ${line}\n`)
                .join(''),
            )}
          </Scrolled>
        </div>
      )}
    </div>
  );
}

function Results({ results }: { readonly results: readonly TimedResult[] }) {
  const { texts } = usePage();
  const checks = [...new Set(results.map(({ check }) => check))];
  if (results.length === 0) return <p class="empty">{texts.noResults}</p>;
  return checks.map((check) => {
    const own = results.filter((result) => result.check === check);
    return (
      <section key={check}>
        <h3 class="check-name">
          {check} <Strip results={own} />
        </h3>
        <ResultTable results={own} label={check} />
      </section>
    );
  });
}

function ResultTable({ results, label }: { results: readonly TimedResult[]; label: string }) {
  const { texts } = usePage();
  return (
    <ScrolledTable label={label}>
      <table class="plain" aria-label={label}>
        <thead>
          <tr>
            <th scope="col">{texts.time}</th>
            <th scope="col">{texts.result}</th>
            <th scope="col">{texts.stage}</th>
            <th scope="col" class="number">
              {texts.durationHead}
            </th>
            <th scope="col">{texts.message}</th>
          </tr>
        </thead>
        <tbody>
          {results.map(({ at, ok, stage, duration: took, message, answer }, index) => (
            <tr key={`${at} ${index}`}>
              <td>
                <Time at={at} />
              </td>
              <td>
                <span class={`state ${ok ? 'up' : 'down'}`}>
                  <span aria-hidden="true">{ok ? '●' : '▼'}</span> {ok ? texts.ok : texts.failed}
                </span>
              </td>
              <td>{stage}</td>
              <td class="number">{duration(took)}</td>
              <td class="text">
                {message}
                {answer !== undefined && <small class="mono">{textOfBytes(answer)}</small>}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </ScrolledTable>
  );
}
