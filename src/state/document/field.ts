/**
 * The types of the tables of fields (*-fields.ts). A field of a state document is declared there
 * and nowhere else: the writer, the reader, the zod schema, the JSON Schema and docs/state.md are
 * made from these tables.
 */
import type { Path } from '../source/tree';
import type { Kind, ValueProblem, WrittenKind } from './kinds';

/** An object of a state document. */
export interface ObjectType {
  /** Its name in the `$defs` of the JSON Schema; absent: the schema has it where it is used. */
  readonly id?: string;
  readonly title?: string;
  readonly summary?: string;
  readonly fields: readonly Field[];
  /** Returns problems of which fields there are, rather than of their values. */
  readonly problems?: (document: object) => readonly ObjectProblem[];
}

/** A problem at `path` in an object. */
export interface ObjectProblem extends ValueProblem {
  readonly path: Path;
}

export type Field = ValueField | ObjectField | ListField | EitherField | EntriesField;

interface AnyField {
  readonly name: string;
  readonly required?: true;
  /** The property of the model; absent: the property with the same name. */
  readonly property?: string;
  /** A counter: written in listings, left out of snapshots, ignored when a document is loaded. */
  readonly counter?: true;
}

export interface ValueField extends AnyField {
  readonly kind: WrittenKind | Kind;
  /** The kernel attribute (uapi/linux/ip_vs.h); '' for none. */
  readonly attribute: string;
  /** A description with the unit. */
  readonly summary: string;
  /** The value in the model when the document does not have the field: the default of ipvsadm. */
  readonly default?: unknown;
  /** What docs/state.md says about leaving it out; absent: `default`. */
  readonly absent?: string;
  /**
   * Returns the value in the model when it is not that of the property; undefined leaves the field
   * out.
   */
  readonly of?: (source: never) => unknown;
  readonly object?: undefined;
  readonly items?: undefined;
  readonly either?: undefined;
  readonly entries?: undefined;
}

export interface ObjectField extends AnyField {
  readonly kind?: undefined;
  readonly object: ObjectType;
  /** The model has its fields in the object around it. */
  readonly inline?: true;
  /** Whether it is written; absent: it is, when the model has it. */
  readonly when?: (source: never) => boolean;
  readonly items?: undefined;
  readonly either?: undefined;
  readonly entries?: undefined;
}

/** A list of objects; the writer and the reader handle its items one by one. */
export interface ListField extends AnyField {
  readonly kind?: undefined;
  readonly items: ObjectType;
  readonly summary?: string;
  readonly object?: undefined;
  readonly either?: undefined;
  readonly entries?: undefined;
}

/** The name of an object that stands elsewhere, an object, or a list of both; handled like a list. */
export interface EitherField extends AnyField {
  readonly kind?: undefined;
  readonly either: { readonly name: Kind<string, string>; readonly object: ObjectType };
  readonly summary: string;
  readonly absent: string;
  readonly object?: undefined;
  readonly items?: undefined;
  readonly entries?: undefined;
}

/** An object of objects, by names of the user's; handled like a list. */
export interface EntriesField extends AnyField {
  readonly kind?: undefined;
  readonly entries: { readonly name: Kind<string, string>; readonly object: ObjectType };
  readonly summary: string;
  readonly object?: undefined;
  readonly items?: undefined;
  readonly either?: undefined;
}

/**
 * A field of an object that stands for a `Source` of the model: `[...] as const satisfies readonly
 * FieldOf<Source>[]`.
 */
export type FieldOf<Source> =
  | PropertyField<Source>
  | ComputedField<Source>
  | NestedField<Source>
  | ListField
  | EitherField
  | EntriesField;

type NamesProperty<P> = { readonly name: P; readonly property?: undefined } | { readonly property: P };

/** A field whose kind fits the property's type. */
type PropertyField<Source> = {
  [P in keyof Source & string]: ValueField &
    NamesProperty<P> & {
      readonly kind: WrittenKind<NonNullable<Source[P]>>;
      readonly default?: NonNullable<Source[P]>;
      readonly of?: undefined;
    };
}[keyof Source & string];

type ComputedField<Source> =
  | ComputedAs<Source, number>
  | ComputedAs<Source, string>
  | ComputedAs<Source, number | string>
  | ComputedAs<Source, boolean>
  | ComputedAs<Source, Uint8Array>
  | ComputedAs<Source, readonly string[]>;

type ComputedAs<Source, Model> = ValueField & {
  readonly kind: WrittenKind<Model>;
  readonly of: (source: Source) => Model | undefined;
};

type NestedField<Source> =
  | (ObjectField & {
      readonly inline: true;
      readonly when?: (source: Source) => boolean;
      readonly object: { readonly fields: readonly FieldOf<Source>[] };
    })
  | {
      [P in keyof Source & string]: ObjectField &
        NamesProperty<P> & {
          readonly inline?: undefined;
          readonly when?: (source: Source) => boolean;
          readonly object: { readonly fields: readonly FieldOf<NonNullable<Source[P]>>[] };
        };
    }[keyof Source & string];

/** The type of an object in a document that has the fields of `Table`. */
export type DocumentOf<Table extends readonly Field[]> = Plain<
  {
    -readonly [F in Table[number] as F extends { required: true } ? F['name'] : never]: ValueOf<F>;
  } & {
    -readonly [F in Table[number] as F extends { required: true } ? never : F['name']]?:
      | ValueOf<F>
      | undefined;
  }
>;

type ValueOf<F> = F extends { items: { fields: infer T extends readonly Field[] } }
  ? DocumentOf<T>[]
  : F extends { either: { object: { fields: infer T extends readonly Field[] } } }
    ? string | DocumentOf<T> | (string | DocumentOf<T>)[]
    : F extends { entries: { object: { fields: infer T extends readonly Field[] } } }
      ? Record<string, DocumentOf<T>>
      : F extends { object: { fields: infer T extends readonly Field[] } }
        ? DocumentOf<T>
        : F extends { kind: { write(value: never): infer V } }
          ? Exclude<V, undefined>
          : never;

/** The values of the model that are read from such an object, by property. */
export type ModelOf<Table extends readonly Field[]> = Plain<{
  -readonly [F in LoadedFields<Table> as PropertyOf<F>]: LoadedValue<F>;
}>;

type LoadedFields<Table extends readonly Field[]> = Loaded<Table[number]>;

type Loaded<F> = F extends { counter: true } | { items: object } | { either: object } | { entries: object }
  ? never
  : F extends { inline: true; object: { fields: infer T extends readonly Field[] } }
    ? Loaded<T[number]>
    : F extends { object: object } | { kind: { read: unknown } }
      ? F
      : never;

type PropertyOf<F> = F extends { property: infer P extends string }
  ? P
  : F extends { name: infer N extends string }
    ? N
    : never;

type LoadedValue<F> = F extends { object: { fields: infer T extends readonly Field[] } }
  ? ModelOf<T>
  : F extends { kind: { read(value: never): infer M } }
    ? F extends { required: true } | { default: unknown }
      ? M
      : M | undefined
    : never;

type Plain<T> = { [K in keyof T]: T[K] };
