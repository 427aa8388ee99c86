/** The language of the page: that of the browser, until somebody chooses the other one. */
import { useEffect, useState } from 'preact/hooks';
import { english, type Texts } from './texts';
import { chinese } from './texts.zh';

const KEY = 'language';
const languages = { en: ['en-GB', english], zh: ['zh-CN', chinese] } as const;
type Language = keyof typeof languages;

function isLanguage(name: string | null): name is Language {
  return name === 'en' || name === 'zh';
}

/** @returns the tag for numbers and times, the texts, and how to choose another language. */
export function useLanguage(): [string, Texts, (language: string) => void] {
  const [language, setLanguage] = useState<Language>(firstLanguage);
  const [tag, texts] = languages[language];
  useEffect(() => {
    document.documentElement.lang = tag;
  }, [tag]);
  const choose = (chosen: string) => {
    if (!isLanguage(chosen)) return;
    setLanguage(chosen);
    try {
      localStorage.setItem(KEY, chosen);
    } catch {
      // It is not kept where the browser keeps nothing.
    }
  };
  return [tag, texts, choose];
}

function firstLanguage(): Language {
  try {
    const kept = localStorage.getItem(KEY);
    if (isLanguage(kept)) return kept;
  } catch {
    // A browser that keeps nothing.
  }
  const wanted = navigator.languages.map((tag) => tag.slice(0, 2)).find(isLanguage);
  return wanted ?? 'en';
}
