/** The page around its views: who is logged in, where one is, and whether the server is there. */
import { useCallback, useEffect, useLayoutEffect, useMemo, useReducer, useRef, useState } from 'preact/hooks';
import type { Me } from '../contract';
import { get, onLogout, post, Refused } from './api';
import { Context, type PageContext, problemText, TextContext, useTexts } from './context';
import { useLanguage } from './language';
import { Confirmation } from './parts/confirm';
import { Frame } from './parts/frame';
import { merged, nothingYet } from './state/live';
import { type Route, readRoute, tokenOf } from './state/route';
import { openStream } from './stream';
import { forgetDraft } from './views/edit/draft';
import { Login } from './views/login';
import { View } from './views/view';

export function App() {
  const [language, texts, setLanguage] = useLanguage();
  const [me, setMe] = useState<Me | null>();
  const [problem, setProblem] = useState<string>();

  useEffect(() => {
    onLogout(() => setMe(null));
    const failed = (error: unknown) => {
      if (!(error instanceof Refused) || error.status !== 401) setProblem(problemText(error, texts));
      setMe(null);
    };
    const begin = () => {
      const token = takeToken();
      (token === undefined ? get<Me>('me') : post<Me>('login', { token })).then(setMe, failed);
    };
    const hear = () => {
      if (tokenOf(location.hash) !== undefined) begin();
    };
    begin();
    addEventListener('hashchange', hear);
    return () => removeEventListener('hashchange', hear);
  }, []);

  return (
    <TextContext.Provider value={texts}>
      {me === undefined && (
        <p class="empty" role="status">
          {texts.loading}
        </p>
      )}
      {me === null && <Login done={setMe} problem={problem} />}
      {me && (
        <Page
          key={me.name}
          me={me}
          language={language}
          setLanguage={setLanguage}
          logOut={() => {
            setProblem(undefined);
            forgetDraft();
            post('logout', {}).then(
              () => setMe(null),
              (error) => {
                setProblem(problemText(error, texts));
                setMe(null);
              },
            );
          }}
        />
      )}
    </TextContext.Provider>
  );
}

/** A token in the address is taken out of it at once: it must not stay in the browser's history. */
function takeToken(): string | undefined {
  const token = tokenOf(location.hash);
  if (token !== undefined) history.replaceState(null, '', `${location.pathname}${location.search}#/`);
  return token;
}

function Page(props: {
  readonly me: Me;
  readonly language: string;
  readonly setLanguage: (language: string) => void;
  readonly logOut: () => void;
}) {
  const { me, language } = props;
  const texts = useTexts();
  const route = useRoute();
  const [live, hear] = useReducer(merged, nothingYet);
  const [lost, setLost] = useState<number>();
  const [said, setSaid] = useState('');
  const silence = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const service = route.view === 'service' ? route.key : undefined;

  useEffect(() => {
    const connected = (is: boolean) => setLost((old) => (is ? undefined : (old ?? Date.now())));
    return openStream(service, hear, connected);
  }, [service]);

  const say = useCallback((text: string) => {
    clearTimeout(silence.current);
    setSaid(text);
    silence.current = setTimeout(() => setSaid(''), 6000);
  }, []);

  const generation = live.status?.generation.wanted;
  const page = useMemo<PageContext>(
    () => ({ me, live, texts, language, generation, say }),
    [me, live, texts, language, generation, say],
  );
  return (
    <Context.Provider value={page}>
      <Frame route={route} lost={lost} setLanguage={props.setLanguage} logOut={props.logOut}>
        <Confirmation />
        <View route={route} />
      </Frame>
      <Toast text={said} />
    </Context.Provider>
  );
}

/** Above dialogs, where the browser can put it there. */
function Toast({ text }: { readonly text: string }) {
  const ref = useRef<HTMLParagraphElement>(null);
  useLayoutEffect(() => {
    const { current } = ref;
    if (text === '' || !current?.showPopover) return undefined;
    current.showPopover();
    return () => current.hidePopover();
  }, [text]);
  return (
    <p ref={ref} popover="manual" class={text === '' ? 'toast hidden' : 'toast'} role="status">
      {text}
    </p>
  );
}

function useRoute(): Route {
  const [hash, setHash] = useState(location.hash);
  useEffect(() => {
    const hear = () => setHash(location.hash);
    addEventListener('hashchange', hear);
    return () => removeEventListener('hashchange', hear);
  }, []);
  return useMemo(() => readRoute(hash), [hash]);
}
