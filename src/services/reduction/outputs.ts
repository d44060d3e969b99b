import { inspect } from 'node:util';
import { DataProductType, type Dims, type RunStatus } from '../../entities/index.js';
import { InvalidInputError, type Issue } from '../../errors.js';
import { productTypeOf } from './folders.js';
import { isDims, isObject, type Tool, type ToolOutput } from './tool.js';

/** The run that has written. */
export interface EndedRun {
  /** Dimensions of the run; its products have them, too. */
  readonly dims: Dims;
  /** Whether no other step reads what the step makes. */
  readonly isFinal: boolean;
  /** Exit code of the software; by default 0. */
  readonly exitCode?: number;
}

/** A product that a run has made. */
export interface Output {
  /** Path below the output folder of the run. */
  readonly relativePath: string;
  /** What the product is. */
  readonly type: DataProductType;
  /** Dimensions of the run, with those of the product in their place. */
  readonly dims: Dims;
  /** As CWL writes it, such as `sha256:…`, where the tool has given one. */
  readonly checksum?: string;
}

/** A time series that goes to InfluxDB. */
export interface Sink {
  /** Path of the CSV file below the output folder. */
  readonly path: string;
  /** The measurement that it goes to. */
  readonly influx: string;
}

/** What came of a run. */
export interface Outputs {
  /** The products that it has made. */
  readonly products: readonly Output[];
  /** The time series that it has made. */
  readonly sinks: readonly Sink[];
  /** Files of which nothing says what they are. */
  readonly left: readonly string[];
  /** What becomes of the run. */
  readonly status: Extract<RunStatus, 'completed' | 'failed'>;
  /** Whether the run completed with warnings. */
  readonly withWarnings: boolean;
  /** Why the run failed; null when it did not. */
  readonly error: string | null;
}

/** What a CWL runner gives for the outputs of a tool, by name: files, lists of files, null. */
export type Collected = Readonly<Record<string, unknown>>;

interface Found {
  readonly path: string;
  readonly checksum?: string;
}

const NOTHING = { products: [], sinks: [], left: [] };

/**
 * What the files in the folders of a run are: those of the last step by the folder that they are in, those of all other
 * steps intermediates. A run that failed has no products.
 * @param paths below the folder that `WORKFLOW_OUTPUT_DIR` says
 * @throws InvalidInputError `reduction_output_invalid` when a path leads out of that folder or stands twice
 *
 * @example
 * import { outputsOfFolders } from 'ccat-ops-db';
 *
 * const run = { dims: { source: 'ECDFS' }, isFinal: true };
 * const { products, left } = outputsOfFolders(['science/map.fits', 'notes.txt'], run);
 * console.log(products[0]?.type, products[0]?.dims); // science { source: 'ECDFS' }
 * console.log(left); // [ 'notes.txt' ]
 */
export function outputsOfFolders(paths: readonly string[], run: EndedRun): Outputs {
  const issues = new Issues();
  const files = paths.map((path) => issues.checkPath('file', path));
  issues.throwIfAny();
  const error = failureOf(run);
  if (error !== null) return failed(error);
  const typeOf = run.isFinal ? productTypeOf : () => DataProductType.INTERMEDIATE;
  const products = files.flatMap((relativePath) => {
    const type = typeOf(relativePath);
    return type === null ? [] : [{ relativePath, type, dims: run.dims }];
  });
  const left = files.filter((path) => typeOf(path) === null);
  return { ...NOTHING, products, left, status: 'completed', withWarnings: false, error };
}

/** What a tool wrote. */
export interface Written {
  /** What the CWL runner gives for the outputs. */
  readonly collected: Collected;
  /** The content of an output manifest as JSON, by its path below the output folder. */
  readonly readManifest?: (path: string) => unknown;
  /** The folder that absolute paths in `collected` begin with; by default that of the last step in the container. */
  readonly outputDir?: string;
}

/**
 * What the outputs of a tool are, by the terms of the contract in its definition. A run that failed has no products; one
 * that has ended without an output that is not optional failed, too.
 * @param written `readManifest` is needed when the tool has an output manifest
 * @throws InvalidInputError `reduction_output_invalid` with all issues: a path that leads out of the output folder or stands
 *   twice, and what is wrong in an output manifest
 *
 * @example
 * import { outputsOfTool, readTool } from 'ccat-ops-db';
 *
 * const tool = readTool({
 *   hints: { 'ccat:Contract': { version: 1 } },
 *   outputs: {
 *     map: { type: 'File', 'ccat:role': 'science', 'ccat:dims': { stokes: 'I' } },
 *     flags: { type: 'File?', 'ccat:warnings': true },
 *   },
 * });
 * const collected = { map: { path: 'map.fits' }, flags: { path: 'warnings.txt' } };
 * const { products, withWarnings } = outputsOfTool(tool, { collected }, { dims: {}, isFinal: true });
 * console.log(products[0]?.dims, withWarnings); // { stokes: 'I' } true
 */
export function outputsOfTool(tool: Tool, written: Written, run: EndedRun): Outputs {
  const issues = new Issues();
  const files = new Map(
    tool.outputs.map(({ name }) => [
      name,
      filesOf(written.collected[name], written.outputDir ?? '/workflow/output/'),
    ]),
  );
  const missing = tool.outputs.filter(({ name, isOptional }) => !isOptional && !files.get(name));
  const error =
    failureOf(run) ?? (missing.length > 0 ? `no output ${missing.map(({ name }) => name).join(', ')}` : null);
  if (error !== null) return failed(error);
  const products: Output[] = [];
  const sinks: Sink[] = [];
  const left: string[] = [];
  for (const output of tool.outputs)
    for (const { path: given, ...more } of files.get(output.name) ?? []) {
      const path = issues.checkPath(`output ${output.name}`, given);
      const dims = { ...run.dims, ...output.dims };
      if (output.influx !== null) sinks.push({ path, influx: output.influx });
      else if (output.isManifest)
        products.push(...listed(output, written.readManifest?.(path), dims, issues));
      else if (output.role !== null) products.push({ relativePath: path, type: output.role, dims, ...more });
      else if (!output.warns) left.push(path);
    }
  issues.throwIfAny();
  const withWarnings = tool.outputs.some(({ name, warns }) => warns && (files.get(name)?.length ?? 0) > 0);
  return { products, sinks, left, status: 'completed', withWarnings, error };
}

/** The products that an output manifest lists: `{ products: [{ path, role, dims }] }`. */
function listed({ name }: ToolOutput, manifest: unknown, dims: Dims, issues: Issues): Output[] {
  const list = isObject(manifest) ? manifest.products : undefined;
  if (!Array.isArray(list)) {
    issues.report(`output ${name}`, 'products', list, 'the output manifest must have a list of products');
    return [];
  }
  return list.flatMap((entry: unknown, index) => {
    const origin = `output ${name}, product ${index + 1}`;
    const { path, role, dims: own = {} } = isObject(entry) ? entry : {};
    const roles: readonly unknown[] = Object.values(DataProductType);
    if (!roles.includes(role))
      issues.report(origin, 'role', role, `no such role; allowed, in lower case: ${roles.join(', ')}`);
    if (!isDims(own))
      issues.report(origin, 'dims', own, 'must be a map of names to texts, numbers, true or false');
    const relativePath = issues.checkPath(origin, path);
    return [{ relativePath, type: role as DataProductType, dims: { ...dims, ...(own as Dims) } }];
  });
}

function failureOf({ exitCode = 0 }: EndedRun): string | null {
  return exitCode === 0 ? null : `exit code ${exitCode}`;
}

function failed(error: string): Outputs {
  return { ...NOTHING, status: 'failed', withWarnings: false, error };
}

/** The files of an output; undefined when it is missing. */
function filesOf(value: unknown, outputDir: string): Found[] | undefined {
  if (value === null || value === undefined) return undefined;
  if (Array.isArray(value)) return value.flatMap((one) => filesOf(one, outputDir) ?? []);
  if (!isObject(value)) return [{ path: below(outputDir, String(value)) }];
  if (value.class === 'Directory') return filesOf(value.listing ?? [], outputDir);
  const path = below(outputDir, String(value.path ?? value.location ?? ''));
  return [{ path, ...(typeof value.checksum === 'string' && { checksum: value.checksum }) }];
}

function below(folder: string, path: string): string {
  const absolute = path.replace(/^file:\/\//, '');
  return absolute.startsWith(folder) ? absolute.slice(folder.length) : absolute;
}

/** What is wrong with what a run wrote; all is found before anything is thrown. */
class Issues {
  private readonly issues: Issue[] = [];
  private readonly paths = new Set<string>();

  report(origin: string, key: string, value: unknown, message: string): void {
    this.issues.push({ origin, key, value: inspect(value, { breakLength: Infinity, depth: 1 }), message });
  }

  /** The path without `./` and doubled slashes; it stays below the folder and stands once. */
  checkPath(origin: string, given: unknown): string {
    const parts = String(given ?? '').split('/');
    const path = parts.filter((part) => part !== '' && part !== '.').join('/');
    if (typeof given !== 'string' || path === '')
      this.report(origin, 'path', given, 'must be the path of a file');
    else if (given.startsWith('/') || parts.includes('..'))
      this.report(origin, 'path', given, 'must be a path below the output folder of the run');
    else if (this.paths.has(path)) this.report(origin, 'path', given, 'stands twice; a file is one product');
    this.paths.add(path);
    return path;
  }

  throwIfAny(): void {
    if (this.issues.length > 0)
      throw new InvalidInputError(
        'reduction_output_invalid',
        'The outputs of the run cannot be used:',
        this.issues,
      );
  }
}
