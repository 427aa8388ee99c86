/** What is done to a server: each in a dialog that asks for the reason. */
import { useState } from 'preact/hooks';
import type { AdminState } from '../../../model/director';
import type { ServiceServer, WeightRequest } from '../../contract';
import { post, Refused } from '../api';
import { type PageContext, usePage } from '../context';
import { readDuration } from '../state/format';
import { FormDialog } from './dialog';
import { Field } from './small';

export interface Target {
  /** Keys, which are never ambiguous. */
  readonly service: string;
  readonly server: ServiceServer;
}

interface Asked {
  readonly target: Target;
  readonly close: () => void;
}

/** Sends something with the generation that was seen, or another one, and shows what came of it. */
export function useSend() {
  const { generation, say, texts } = usePage();
  return async (path: string, body: object, seen = generation) => {
    const answer = await post<{ readonly text?: string }>(path, body, seen);
    say(answer.text ?? texts.done);
  };
}

function hostOf(key: string): string {
  return key.replace(/:\d+$/, '').replace(/^\[(.*)\]$/, '$1');
}

/** @throws Refused when it is neither empty nor a duration. */
function periodOf(values: FormData, texts: PageContext['texts']): number | undefined {
  const text = String(values.get('for') ?? '').trim();
  if (text === '') return undefined;
  const period = readDuration(text);
  if (period === undefined || period < 1) throw new Refused(422, texts.badDuration(text));
  return period;
}

export function AdminDialog({ target, admin, close }: Asked & { readonly admin: AdminState }) {
  const { texts } = usePage();
  const send = useSend();
  const { server, service } = target;
  const host = hostOf(server.key);
  return (
    <FormDialog
      title={`${texts.adminActions[admin]}: ${server.name}`}
      done={texts.adminActions[admin]}
      close={close}
      send={async (values) => {
        const reason = String(values.get('reason') ?? '').trim();
        const period = periodOf(values, texts);
        const where = values.get('host') ? { host } : { service, server: server.key };
        await send('admin', {
          ...where,
          admin,
          ...(reason !== '' && { reason }),
          ...(period !== undefined && { for: period }),
        });
      }}
    >
      <p>{texts.adminMeaning[admin]}</p>
      <Field label={texts.reason}>
        <input name="reason" maxLength={200} autocomplete="off" placeholder={texts.reasonExample} />
      </Field>
      {admin !== 'ready' && (
        <Field label={texts.forHowLong} hint={texts.forHint}>
          <input name="for" list="periods" autocomplete="off" placeholder={texts.untilEnded} />
          <datalist id="periods">
            {['10m', '30m', '1h', '4h', '1d'].map((period) => (
              <option key={period} value={period} />
            ))}
          </datalist>
        </Field>
      )}
      <label class="check">
        <input type="checkbox" name="host" value="1" /> {texts.wholeHost(host)}
      </label>
    </FormDialog>
  );
}

export function WeightDialog({ target, close }: Asked) {
  const { texts } = usePage();
  const send = useSend();
  const { server, service } = target;
  return (
    <FormDialog
      title={`${texts.setWeight}: ${server.name}`}
      done={texts.setWeight}
      close={close}
      send={async (values) => {
        const reason = String(values.get('reason') ?? '').trim();
        const weight = Number(values.get('weight'));
        const request: WeightRequest = {
          service,
          server: server.key,
          weight,
          ...(reason !== '' && { reason }),
        };
        await send('weight', request);
      }}
    >
      <p>{texts.weightMeaning}</p>
      <Field label={texts.weight}>
        <input
          name="weight"
          type="number"
          min="0"
          max="2147483647"
          required
          defaultValue={String(server.weight ?? 1)}
        />
      </Field>
      <Field label={texts.reason}>
        <input name="reason" maxLength={200} autocomplete="off" placeholder={texts.reasonExample} />
      </Field>
    </FormDialog>
  );
}

type Open = AdminState | 'weight';

/** The buttons of a server that the role and the server have. */
export function ServerActions({ target, brief }: { readonly target: Target; readonly brief?: boolean }) {
  const { me, texts } = usePage();
  const [open, setOpen] = useState<Open>();
  const { server } = target;
  const close = () => setOpen(undefined);
  const state = server.health?.admin ?? 'ready';
  const ends = state !== 'ready' || server.health?.override !== undefined;
  const health: AdminState[] = ends
    ? state === 'ready'
      ? ['ready', 'drain', 'maint']
      : ['ready', state === 'drain' ? 'maint' : 'drain']
    : ['drain', 'maint'];
  // Without the daemon nobody would keep a weight, or say whose it is.
  const offered: Open[] = me.can.health ? [...(server.health ? health : []), 'weight'] : [];
  const label = (action: Open) => (action === 'weight' ? texts.setWeight : texts.adminActions[action]);
  return (
    <>
      {(brief ? offered.slice(0, 1) : offered).map((action, index) => (
        <button
          // The button that was pressed stays, with the focus, when it becomes another.
          key={index}
          type="button"
          class={brief ? 'small' : ''}
          aria-label={`${label(action)}: ${server.name}`}
          onClick={() => setOpen(action)}
        >
          {label(action)}
        </button>
      ))}
      {open === 'weight' && <WeightDialog target={target} close={close} />}
      {open !== undefined && open !== 'weight' && <AdminDialog target={target} admin={open} close={close} />}
    </>
  );
}
