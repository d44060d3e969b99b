import path from 'node:path';
import { packageRoot } from '../../src/package-root.js';

/** What a bench takes from a checkout of this package. */
export interface Parts {
  readonly tasks: typeof import('../tasks.js');
  readonly database: typeof import('./database.js');
}

/** The parts of this checkout, or of another revision that was built in a folder. */
export function partsOf(root = packageRoot()): Parts {
  const bench = path.join(path.resolve(root), 'dist', 'bench');
  return {
    tasks: require(path.join(bench, 'tasks.js')),
    database: require(path.join(bench, 'support', 'database.js')),
  };
}
