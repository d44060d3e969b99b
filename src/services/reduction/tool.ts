import { inspect } from 'node:util';
import { DataProductType, type Dims } from '../../entities/index.js';
import { InvalidInputError, type Issue, OpsDbError } from '../../errors.js';
import { nearest } from '../../nearest.js';

/**
 * Versions of the container contract that this package follows.
 *
 * @example
 * import { CONTRACT_VERSIONS } from 'ccat-ops-db';
 *
 * console.log(CONTRACT_VERSIONS); // [ 1 ]
 */
export const CONTRACT_VERSIONS: readonly number[] = [1];

/** What a tool says of one of its outputs. */
export interface ToolOutput {
  /** Name of the output. */
  readonly name: string;
  /** Whether the tool may leave it out. */
  readonly isOptional: boolean;
  /** What its files are; null: no products. */
  readonly role: DataProductType | null;
  /** What tells its files from others of the run. */
  readonly dims: Dims;
  /** Whether its file lists products. */
  readonly isManifest: boolean;
  /** Measurement of InfluxDB that its time series goes to; null: none. */
  readonly influx: string | null;
  /** Whether its presence means that the run completed with warnings. */
  readonly warns: boolean;
}

/** What this package reads of the definition of a tool. */
export interface Tool {
  /** Version of the contract that the tool follows. */
  readonly contractVersion: number;
  /** Its outputs, in the order of the definition. */
  readonly outputs: readonly ToolOutput[];
  /** Its `baseCommand` with its arguments; null: none, or one that depends on expressions of CWL. */
  readonly command: readonly string[] | null;
}

type Given = Readonly<Record<string, unknown>>;
type Report = (origin: string, key: string, value: unknown, message: string) => void;

const NAMESPACE = 'https://ccatobs.github.io/cwl/v1#';
const PREFIX = 'ccat:';
const TERMS = ['role', 'dims', 'manifest', 'sink', 'warnings'] as const;
type Term = (typeof TERMS)[number];
const ROLES: readonly string[] = Object.values(DataProductType);

/**
 * Reads the definition of a tool in CWL with the terms of the contract: its hint `ccat:Contract`, and of each output
 * `ccat:role`, `ccat:dims`, `ccat:manifest`, `ccat:sink` and `ccat:warnings`.
 * @param definition the CWL document as an object; lists and maps of hints and outputs are both read
 * @throws OpsDbError `reduction_contract_unsupported` when the tool follows another version of the contract;
 *   InvalidInputError `reduction_tool_invalid` with all issues of all outputs
 *
 * @example
 * import { readTool } from 'ccat-ops-db';
 *
 * const { outputs } = readTool({
 *   class: 'CommandLineTool',
 *   hints: { 'ccat:Contract': { version: 1 } },
 *   outputs: { map: { type: 'File', 'ccat:role': 'science', 'ccat:dims': { stokes: 'I' } } },
 * });
 * console.log(outputs[0]?.role, outputs[0]?.dims); // science { stokes: 'I' }
 */
export function readTool(definition: unknown): Tool {
  if (!isObject(definition)) throw invalid([issue('tool', 'tool', definition, 'must be a CWL document')]);
  const contractVersion = contractOf(definition);
  requireContract(contractVersion);
  const issues: Issue[] = [];
  const report: Report = (...details) => issues.push(issue(...details));
  const outputs = entriesOf(definition.outputs, 'id').map(([name, output]) =>
    readOutput(name, output, report),
  );
  if (issues.length > 0) throw invalid(issues);
  return { contractVersion, outputs, command: commandOf(definition) };
}

/**
 * Refuses what follows another version of the contract than this package.
 * @throws OpsDbError `reduction_contract_unsupported`
 */
export function requireContract(version: unknown): asserts version is number {
  if (CONTRACT_VERSIONS.includes(version as number)) return;
  throw new OpsDbError(
    'reduction_contract_unsupported',
    `Unsupported contract version ${inspect(version)}: this version of the package follows ${CONTRACT_VERSIONS.join(', ')}. ` +
      'Register a version of the software that follows it, or install a newer package',
  );
}

/** The error for a definition with issues. */
function invalid(issues: readonly Issue[]): InvalidInputError {
  return new InvalidInputError(
    'reduction_tool_invalid',
    'The definition of the tool cannot be used:',
    issues,
  );
}

/** One issue, with its value as it is shown. */
function issue(origin: string, key: string, value: unknown, message: string): Issue {
  return { origin, key, value: inspect(value, { breakLength: Infinity, depth: 1 }), message };
}

function contractOf(definition: Given): unknown {
  const hints = [...entriesOf(definition.hints, 'class'), ...entriesOf(definition.requirements, 'class')];
  const [, hint] = hints.find(([name]) => termOf(name) === 'Contract') ?? [];
  return isObject(hint) ? hint.version : undefined;
}

/** What is evaluated by a CWL runner, such as `$(inputs.map.path)`. */
const EXPRESSION = /\$[({]/;

function commandOf({ baseCommand = [], arguments: given = [] }: Given): readonly string[] | null {
  const parts = [baseCommand, given].flat();
  const isPlain = parts.every((part) => typeof part === 'string' && !EXPRESSION.test(part));
  return isPlain && parts.length > 0 ? (parts as string[]) : null;
}

function readOutput(name: string, output: unknown, report: Report): ToolOutput {
  const given = isObject(output) ? output : { type: output };
  const origin = `output ${name}`;
  const { base, isOptional } = typeOf(given.type);
  const terms = termsOf(origin, given, report);
  const say = (term: Term, message: string) => report(origin, PREFIX + term, terms.get(term), message);
  const role = terms.get('role') ?? null;
  if (role !== null && !ROLES.includes(role as string))
    say('role', `no such role${nearest(String(role), ROLES)}; allowed, in lower case: ${ROLES.join(', ')}`);
  const dims = terms.get('dims') ?? {};
  if (!isDims(dims)) say('dims', 'must be a map of names to texts, numbers, true or false');
  for (const term of ['manifest', 'warnings'] as const)
    if (terms.has(term) && typeof terms.get(term) !== 'boolean') say(term, 'must be true or false');
  const isManifest = terms.get('manifest') === true;
  if (isManifest && (base !== 'File' || isOptional)) say('manifest', 'a manifest is an output of type File');
  const warns = terms.get('warnings') === true;
  if (warns && !isOptional) say('warnings', 'the mark is for an optional output, such as of type File?');
  const sink = terms.get('sink');
  const influx = isObject(sink) && Object.keys(sink).length === 1 ? sink.influx : undefined;
  if (sink !== undefined && (typeof influx !== 'string' || influx === ''))
    say('sink', 'must be { influx: <measurement> }');
  if (sink !== undefined && (role !== null || isManifest))
    say('sink', 'a sink is no data product: it has no role and is no manifest');
  if (isManifest && role !== null) say('manifest', 'a manifest is no data product: it has no role');
  return {
    name,
    isOptional,
    role: role as DataProductType | null,
    dims: dims as Dims,
    isManifest,
    influx: typeof influx === 'string' ? influx : null,
    warns,
  };
}

/** Values that are no list and no map, by name. */
export function isDims(value: unknown): value is Dims {
  return (
    isObject(value) &&
    Object.values(value).every(
      (one) => typeof one === 'string' || typeof one === 'boolean' || Number.isFinite(one),
    )
  );
}

export function isObject(value: unknown): value is Given {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function termsOf(origin: string, given: Given, report: Report): ReadonlyMap<Term, unknown> {
  const terms = new Map<Term, unknown>();
  for (const [key, value] of Object.entries(given)) {
    const term = termOf(key);
    if (term === undefined) continue;
    if ((TERMS as readonly string[]).includes(term)) terms.set(term as Term, value);
    else report(origin, key, value, `no such term${nearest(term, TERMS)}; allowed: ${TERMS.join(', ')}`);
  }
  return terms;
}

/** The term of the contract that a key names, without its namespace. */
function termOf(key: string): string | undefined {
  const start = [PREFIX, NAMESPACE].find((prefix) => key.startsWith(prefix));
  return start && key.slice(start.length);
}

/** CWL writes what may be missing as `File?` or as a union with null, and several as `File[]` or as an array. */
function typeOf(type: unknown): { readonly base: unknown; readonly isOptional: boolean } {
  if (typeof type === 'string') return { base: type.replace(/\?$/, ''), isOptional: type.endsWith('?') };
  if (!Array.isArray(type)) return { base: isObject(type) ? type.type : type, isOptional: false };
  const [base, ...others] = type.filter((one) => one !== 'null');
  return { base: others.length === 0 ? typeOf(base).base : type, isOptional: type.includes('null') };
}

/** CWL has maps and, in place of them, lists of objects that name themselves. */
function entriesOf(value: unknown, key: string): [string, unknown][] {
  if (Array.isArray(value))
    return value.map((one) => [String(isObject(one) ? one[key] : one).replace(/^#/, ''), one]);
  return isObject(value) ? Object.entries(value) : [];
}
