/** Asks for a token. */
import { useState } from 'preact/hooks';
import type { Me } from '../../contract';
import { post } from '../api';
import { problemText, useTexts } from '../context';
import { Field, Problem } from '../parts/small';

export function Login({ done, problem: given }: { done: (me: Me) => void; problem: string | undefined }) {
  const texts = useTexts();
  const [problem, setProblem] = useState(given);
  const [busy, setBusy] = useState(false);
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    const token = String(new FormData(event.currentTarget as HTMLFormElement).get('token')).trim();
    setBusy(true);
    setProblem(undefined);
    try {
      done(await post<Me>('login', { token }));
    } catch (error) {
      setProblem(problemText(error, texts));
      setBusy(false);
    }
  };
  return (
    <main class="login">
      <form onSubmit={submit} class="stack card">
        <h1>{texts.logIn}</h1>
        <p class="muted">{texts.loginMeaning}</p>
        <Field label={texts.token}>
          <input name="token" type="password" required autocomplete="current-password" spellcheck={false} />
        </Field>
        <Problem text={problem} />
        <button type="submit" class="main" disabled={busy}>
          {texts.logIn}
        </button>
      </form>
    </main>
  );
}
