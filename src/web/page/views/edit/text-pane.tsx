/** The text of the document, with the numbers of its lines and marks where problems are. */
import type { RefObject } from 'preact';
import { useLayoutEffect, useState } from 'preact/hooks';
import type { DocumentProblem } from '../../../contract';
import { usePage } from '../../context';
import { windowOfRows } from '../../state/rows';

/** As in the styles. */
const LINE = 20;
const PADDING = 8;

export function TextPane(props: {
  readonly name: string;
  readonly text: string;
  readonly problems: readonly DocumentProblem[];
  readonly area: RefObject<HTMLTextAreaElement | null>;
  readonly change: (text: string) => void;
}) {
  const { texts } = usePage();
  const { area, text } = props;
  const [seen, setSeen] = useState({ top: 0, height: 600 });
  const count = text.split('\n').length;
  const wrong = new Set(props.problems.map(({ line }) => line));
  const { first, end } = windowOfRows(count, LINE, seen.top, seen.height);
  const measure = () => {
    const { scrollTop, clientHeight } = area.current!;
    setSeen({ top: scrollTop, height: clientHeight });
  };
  useLayoutEffect(measure, []);
  return (
    <div class="text-pane">
      <svg class="numbers" aria-hidden="true" width="48">
        {Array.from({ length: end - first }, (_, index) => first + index).map((row) => (
          <text
            key={row}
            x="40"
            y={PADDING + row * LINE - seen.top + 14}
            text-anchor="end"
            class={wrong.has(row + 1) ? 'wrong' : ''}
          >
            {wrong.has(row + 1) ? `▶ ${row + 1}` : row + 1}
          </text>
        ))}
      </svg>
      <textarea
        ref={area}
        aria-label={texts.textOfDocument(props.name)}
        aria-invalid={props.problems.length > 0}
        aria-describedby="problems"
        spellcheck={false}
        autocomplete="off"
        autocapitalize="off"
        wrap="off"
        value={text}
        onScroll={measure}
        onInput={(event) => props.change(event.currentTarget.value)}
      />
    </div>
  );
}
