/**
 * The logical columns of the model: one spelling for both databases.
 *
 * Each helper is a property decorator. A column is nullable exactly when it says what null means, and the
 * compiler holds the property's type against that: `null: 'not measured'` demands `T | null`.
 */
import {
  type ColumnOptions,
  type ColumnType,
  CreateDateColumn,
  PrimaryColumn,
  PrimaryGeneratedColumn,
  UpdateDateColumn,
} from 'typeorm';
import { CHECKSUM_LENGTHS } from './checksum.js';
import { addCheck, type Described, define, type Range } from './column-rules.js';
import { relativePathOnPostgresql, relativePathOnSqlite } from './relative-path.js';
import { snakeCase } from './snake-case.js';

interface Measured extends Described, Range {
  /** The unit in VOUnits spelling; without one the number is a pure number. */
  readonly unit?: string;
}

type Nullability<O> = O extends { readonly null: string } ? true : false;
type Fits<Property, Value, O> = [Property] extends [Value | null]
  ? (null extends Property ? true : false) extends Nullability<O>
    ? unknown
    : 'null in the type and `null:` in the column must go together'
  : 'the type of the property is not the type of the column';

/** A property decorator that compiles only on a property with the type and nullability of the column. */
type ColumnOf<Value, O> = <T extends object, K extends keyof T & string>(
  target: T,
  property: K & Fits<T[K], Value, O>,
) => void;

/** A short text in UTF-8, not empty. */
export function Text<const O extends Described>(options: O): ColumnOf<string, O> {
  return (target, property) => {
    define(target, property, 'text', options);
    addCheck(target, `"${snakeCase(property)}" <> ''`);
  };
}

/** A path below the root of a location: it never leads out of it, see `relative-path.ts`. */
export function RelativePath<const O extends Described>(options: O): ColumnOf<string, O> {
  return (target, property) => {
    define(target, property, 'text', options, {}, { isRelativePath: true });
    const column = `"${snakeCase(property)}"`;
    addCheck(target, relativePathOnPostgresql(column), relativePathOnSqlite(column));
  };
}

/** A text of exactly so many characters, such as a hash in hexadecimal digits. */
export function FixedText<
  const O extends Described & { readonly length: number } & Omit<ColumnOptions, 'default' | 'comment'>,
>(options: O): ColumnOf<string, O> {
  const { length, ...column } = options;
  return (target, property) => {
    define(target, property, 'text', column, { select: column.select }, { length });
    addCheck(target, `length("${snakeCase(property)}") = ${length}`);
  };
}

/** A whole number of at most 32 bits. */
export function Int<const O extends Measured>(options: O): ColumnOf<number, O> {
  return number('integer', options);
}

/** A whole number of at most 64 bits; exact in JavaScript up to 2^53 - 1. */
export function WideInt<const O extends Measured>(options: O): ColumnOf<number, O> {
  return number('bigint', options);
}

/** A whole number up to 2^53 - 1, exact in JavaScript; bytes unless it says otherwise. */
export function ByteCount<const O extends Measured>(options: O): ColumnOf<number, O> {
  return WideInt({ unit: 'byte', min: 0, max: Number.MAX_SAFE_INTEGER, ...options }) as ColumnOf<number, O>;
}

/** A 64-bit floating point number. */
export function Real<const O extends Measured>(options: O): ColumnOf<number, O> {
  return number('double precision', options);
}

/** True or false. */
export function Flag<const O extends Described>(options: O): ColumnOf<boolean, O> {
  return (target, property) => define(target, property, 'boolean', options);
}

/** A point in time, UTC, to the millisecond. */
export function Instant<const O extends Described>(options: O): ColumnOf<Date, O> {
  return (target, property) =>
    define(target, property, Date as unknown as ColumnType, options, { precision: 3 });
}

/**
 * One of the values of an enum object; the database refuses every other. `typeOf` is the table and column whose type in
 * PostgreSQL is taken, `table_column`, where a foreign key compares the two.
 */
export function Enum<const V extends string, const O extends Described & { readonly typeOf?: string }>(
  values: Readonly<Record<string, V>>,
  options: O,
): ColumnOf<V, O> {
  const { typeOf } = options;
  const enumName = typeOf && `${typeOf}_enum`;
  return (target, property) =>
    define(target, property, 'simple-enum', options, { enum: Object.values(values), enumName });
}

/** A JSON value; the property's type says of which shape. */
export function Json<const O extends Described>(options: O): ColumnOf<object, O> {
  return (target, property) => define(target, property, 'jsonb', options);
}

/** The key of another row, an integer; the relation beside it makes it a foreign key. */
export function ReferenceKey<const O extends Described>(options: O): ColumnOf<number, O> {
  return (target, property) => define(target, property, 'integer', options);
}

/** The key of another row, a UUID; the relation beside it makes it a foreign key. */
export function UuidReference<const O extends Described>(options: O): ColumnOf<string, O> {
  return (target, property) => define(target, property, 'uuid', options);
}

/** The hash of a content in hexadecimal digits; {@link ChecksumAlgorithm} says of which kind. */
export function Checksum<const O extends Described>(options: O): ColumnOf<string, O> {
  return (target, property) => {
    const lengthBy = { property: 'checksumAlgorithm', lengths: CHECKSUM_LENGTHS };
    define(target, property, 'text', options, {}, { lengthBy });
    const lengths = Object.entries(CHECKSUM_LENGTHS).map(([name, length]) => `WHEN '${name}' THEN ${length}`);
    const column = `"${snakeCase(property)}"`;
    addCheck(
      target,
      `coalesce(length(${column}), -1) = CASE "checksum_algorithm" ${lengths.join(' ')} ELSE -1 END ` +
        `AND ltrim(coalesce(${column}, ''), '0123456789abcdef') = ''`,
    );
  };
}

/** The key of a row that the telescope or a service makes: a UUID given by the writer, version 7 by default. */
export function UuidKey(): PropertyDecorator {
  return PrimaryColumn('uuid', { comment: 'Key of the row, a UUID given by its writer.' });
}

/** A night or day without a time, as `2026-11-24`. */
export function CalendarDate<const O extends Described>(options: O): ColumnOf<string, O> {
  return (target, property) => define(target, property, 'date', options);
}

/** The integer key of a row of plans, places and access, given by the database. */
export function Key(): PropertyDecorator {
  return PrimaryGeneratedColumn({ type: 'integer', comment: 'Key of the row, given by the database.' });
}

/** When the row was written first, UTC; the database fills it in. */
export function CreatedAt(): PropertyDecorator {
  return CreateDateColumn({ precision: 3, comment: 'When the row was written first, UTC.' });
}

/** When the row was changed last, UTC; filled in with every write. */
export function UpdatedAt(): PropertyDecorator {
  return UpdateDateColumn({ precision: 3, comment: 'When the row was changed last, UTC.' });
}

function number<O extends Measured>(type: ColumnType, options: O): ColumnOf<number, O> {
  return (target, property) => {
    const { unit, min, max, above, below, comment } = options;
    const limited = { ...options, comment: unit ? `${comment} [${unit}]` : comment };
    define(target, property, type, limited, {}, { min, max, above, below, unit });
    const limits = [
      [min, '>='],
      [above, '>'],
      [max, '<='],
      [below, '<'],
    ] as const;
    const terms = limits
      .filter(([limit]) => limit !== undefined)
      .map(([limit, sign]) => `"${snakeCase(property)}" ${sign} ${limit}`);
    addCheck(target, [...terms, ofType(`"${snakeCase(property)}"`, type)].join(' AND '));
  };
}

/** Neither infinite nor not a number, both of which PostgreSQL takes; on SQLite neither text nor a fraction. */
function ofType(column: string, type: ColumnType): string {
  return type === 'double precision' ? `${column} - ${column} = 0` : `${column} = CAST(${column} AS ${type})`;
}
