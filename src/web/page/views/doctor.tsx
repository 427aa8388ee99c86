/** What is wrong with this machine as a director, and the lines that mend it. */
import type { DoctorReport } from '../../contract';
import { usePage } from '../context';
import { useLoaded } from '../hooks';
import { Copy, Problem } from '../parts/small';
import { Time } from '../parts/time';

export function Doctor() {
  const { texts } = usePage();
  const { value, problem, busy, again } = useLoaded<DoctorReport>('doctor');
  return (
    <>
      <div class="bar-of-tools">
        <h1>{texts.doctor}</h1>
        <button type="button" disabled={busy} onClick={again}>
          {busy ? texts.examining : texts.examineAgain}
        </button>
      </div>
      <p class="muted" role="status">
        {busy && texts.examiningMeaning}
        {!busy && value && (
          <>
            {texts.findings(value.findings.length)}, <Time at={value.at} />
          </>
        )}
      </p>
      <Problem text={problem} />
      {value && value.findings.length === 0 && !busy && <p class="note good">{texts.nothingFound}</p>}
      <div class="stack findings">
        {value?.findings.map(({ id, certainty, what, how, effect, remedy }) => (
          <article key={id} class="card finding">
            <h2>
              <span class={`badge ${certainty}`}>{texts.certainties[certainty]}</span> {what}
            </h2>
            <dl class="facts">
              <dt>{texts.effect}</dt>
              <dd>{effect}</dd>
              <dt>{texts.howToSee}</dt>
              <dd>
                <Line text={how} label={texts.howToSee} />
              </dd>
              <dt>{texts.remedy}</dt>
              <dd>
                <Line text={remedy} label={texts.remedy} />
              </dd>
            </dl>
          </article>
        ))}
      </div>
    </>
  );
}

function Line({ text, label }: { readonly text: string; readonly label: string }) {
  return (
    <span class="line">
      <code>{text}</code> <Copy text={text} label={label} />
    </span>
  );
}
