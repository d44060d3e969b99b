import { readFileSync } from 'node:fs';
import path from 'node:path';
import { packageRoot } from '../../src/package-root.js';

/** The entry points of the package whose sources are in `src`: the declarations, and the compiled module. */
export const entryPoints: readonly {
  readonly name: string;
  readonly types: string;
  readonly file: string;
}[] = Object.entries(exportsOfPackage())
  .filter(([, { types }]) => types?.startsWith('./dist/src/'))
  .map(([name, { types, default: file }]) => ({
    name: path.posix.join('ccat-ops-db', name),
    types: path.join(packageRoot(), types as string),
    file: path.join(packageRoot(), file as string),
  }));

/** Every public value by its name. */
export function publicValues(): Record<string, unknown> {
  return Object.assign({}, ...entryPoints.map(({ file }) => ({ ...require(file) })));
}

function exportsOfPackage(): Record<string, { types?: string; default?: string }> {
  return JSON.parse(readFileSync(path.join(packageRoot(), 'package.json'), 'utf8')).exports;
}
