import { readFileSync } from 'node:fs';
import path from 'node:path';
import { packageRoot } from '../../package-root.js';

/** A file of Python that is written as it is, or nearly. */
export function template(name: 'prelude.py' | 'package.py'): string {
  return readFileSync(path.join(packageRoot(), 'src', 'tools', 'sqlalchemy', 'python', name), 'utf8');
}
