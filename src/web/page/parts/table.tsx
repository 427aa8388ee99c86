/** A table whose rows are of equal height, and made only where they are seen. */
import type { ComponentChildren } from 'preact';
import { useMemo } from 'preact/hooks';
import { useRows } from '../hooks';

export interface Column<Row> {
  readonly id: string;
  readonly head: string;
  /** Shown from a certain width on: `from-600`; `number`: to the right. */
  readonly class?: string;
  /** The first click sorts from the largest on. */
  readonly sort?: 'up' | 'down';
  cell(row: Row): ComponentChildren;
}

export interface Sorted {
  readonly key: string;
  readonly descending: boolean;
}

export function Table<Row>(props: {
  readonly label: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly keyOf: (row: Row, index: number) => string | number;
  readonly height?: number;
  readonly sorted?: Sorted;
  readonly sort?: (sorted: Sorted) => void;
  readonly empty: ComponentChildren;
}) {
  const { columns, rows, height = 48 } = props;
  const { body, rows: window } = useRows(rows.length, height);
  if (rows.length === 0) return <p class="empty">{props.empty}</p>;
  return (
    <table class="rows" aria-label={props.label} aria-rowcount={rows.length + 1}>
      <thead>
        <tr aria-rowindex={1}>
          {columns.map((column) => (
            <Head key={column.id} column={column} sorted={props.sorted} sort={props.sort} />
          ))}
        </tr>
      </thead>
      <tbody ref={body}>
        <Gap height={window.above} />
        {rows.slice(window.first, window.end).map((row, index) => (
          <Line
            key={props.keyOf(row, window.first + index)}
            row={row}
            columns={columns}
            height={height}
            index={window.first + index + 2}
          />
        ))}
        <Gap height={window.below} />
      </tbody>
    </table>
  );
}

/** Made anew only when something of it has changed: others scroll along. */
function Line<Row>(props: {
  readonly row: Row;
  readonly columns: readonly Column<Row>[];
  readonly height: number;
  readonly index: number;
}) {
  const { row, columns, height, index } = props;
  return useMemo(
    () => (
      <tr aria-rowindex={index} style={{ height: `${height}px` }}>
        {columns.map((column, position) =>
          position === 0 ? (
            <th key={column.id} scope="row" class={column.class}>
              {column.cell(row)}
            </th>
          ) : (
            <td key={column.id} class={column.class}>
              {column.cell(row)}
            </td>
          ),
        )}
      </tr>
    ),
    [row, columns, height, index],
  );
}

function Head<Row>(props: {
  readonly column: Column<Row>;
  readonly sorted: Sorted | undefined;
  readonly sort: ((sorted: Sorted) => void) | undefined;
}) {
  const { column, sorted, sort } = props;
  const own = sorted?.key === column.id ? sorted : undefined;
  if (!column.sort || !sort)
    return (
      <th scope="col" class={column.class}>
        {column.head}
      </th>
    );
  const next = own ? !own.descending : column.sort === 'down';
  return (
    <th
      scope="col"
      class={column.class}
      aria-sort={own ? (own.descending ? 'descending' : 'ascending') : 'none'}
    >
      <button type="button" class="sort" onClick={() => sort({ key: column.id, descending: next })}>
        {column.head}
        {own && <span aria-hidden="true">{own.descending ? '↓' : '↑'}</span>}
      </button>
    </th>
  );
}

/** Of one cell: columns that are not shown on a narrow screen must not come back by its span. */
function Gap({ height }: { readonly height: number }) {
  if (height === 0) return null;
  return (
    // biome-ignore lint/a11y/noAriaHiddenOnFocusable: a row takes no focus
    <tr aria-hidden="true" class="gap">
      <td style={{ height: `${height}px` }} />
    </tr>
  );
}
