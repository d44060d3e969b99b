import type { Ajv, ErrorObject, ValidateFunction } from 'ajv';
import { closest, distance } from 'fastest-levenshtein';
import type { Issue } from '../../errors.js';
import type { JsonSchema } from './json-schema.js';

let known: Ajv | undefined;
const compiled = new WeakMap<JsonSchema, ValidateFunction>();

const FORMATS: Readonly<Record<string, string>> = {
  'date-time': 'must be an instant with its zone, such as 2026-11-24T03:00:00.000Z',
  date: 'must be a date, such as 2026-11-24',
  uuid: 'must be a UUID, such as 0190e2a4-7c1f-7000-8000-000000000000',
};

/** Where a value stands, and what is wrong with it. */
export type PlainError = Pick<Issue, 'key' | 'value' | 'message'>;

/**
 * Everything that is wrong with a value by a schema.
 * @param path where the value stands, in front of every issue's key
 */
export function faultsOf(schema: JsonSchema, value: unknown, path = ''): PlainError[] {
  const validate = compiled.get(schema) ?? validator().compile(schema);
  compiled.set(schema, validate);
  if (validate(value)) return [];
  const issues = (validate.errors ?? [])
    .filter(({ keyword }) => keyword !== 'if')
    .map((error) => faultOf(error, path));
  // A text may break its format and its pattern at once.
  return [...new Map(issues.map((issue) => [`${issue.key} ${issue.message}`, issue])).values()];
}

function validator(): Ajv {
  if (known) return known;
  // Not at the top: it would slow down the import for all who never validate.
  const { Ajv2020 }: typeof import('ajv/dist/2020.js') = require('ajv/dist/2020.js');
  const formats: typeof import('ajv-formats') = require('ajv-formats');
  known = new Ajv2020({ allErrors: true, verbose: true, allowUnionTypes: true });
  known.addVocabulary(['x-unit']);
  return formats.default(known, ['date', 'date-time', 'uuid']);
}

/** `a` and `b` → `a.b`, for the path of a value. */
export function joined(path: string, part: string | number): string {
  if (typeof part === 'number') return `${path}[${part}]`;
  return path ? `${path}.${part}` : part;
}

/** A value as it is shown in an issue. */
export function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}

const LONGEST = 80;

function faultOf(error: ErrorObject, path: string): PlainError {
  const { params, data } = error;
  const key = error.instancePath
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
    .reduce((sum, part) => joined(sum, /^\d+$/.test(part) ? Number(part) : part), path);
  if (error.keyword === 'required')
    return { key: joined(key, params.missingProperty), value: 'nothing', message: 'must be given' };
  if (error.keyword === 'additionalProperties') {
    const { additionalProperty: name } = params;
    const value = shown((data as Record<string, unknown>)[name]);
    return { key: joined(key, name), value, message: unknownProperty(name, error.parentSchema) };
  }
  return { key, value: shown(data), message: messageOf(error) };
}

function messageOf({ keyword, params, parentSchema = {}, message = keyword }: ErrorObject): string {
  const types = [parentSchema.type].flat().join(' or ');
  switch (keyword) {
    case 'type':
      return `must be of type ${types}`;
    case 'enum':
      return `must be one of ${params.allowedValues.join(', ')}`;
    case 'const':
      return `must be ${params.allowedValue}`;
    case 'minLength':
      return params.limit === 1 ? 'must not be empty' : `must have ${params.limit} characters`;
    case 'maxLength':
      return `must have ${params.limit} characters`;
    case 'format':
    case 'pattern':
      return FORMATS[parentSchema.format as string] ?? 'must not contain the character U+0000';
    default:
      return message;
  }
}

function unknownProperty(name: string, schema: JsonSchema = {}): string {
  const known = Object.keys(schema.properties ?? {});
  const nearest = closest(name, known);
  const isNear = distance(name, nearest) <= Math.ceil(name.length / 3);
  return isNear ? `is not known; did you mean ${nearest}?` : `is not known; known are ${known.join(', ')}`;
}
