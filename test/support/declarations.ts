import { readFileSync } from 'node:fs';
import path from 'node:path';
import { entryPoints } from './entry-points.js';

const COMMENT = String.raw`(?:(/\*\*(?:(?!\*/)[\s\S])*\*/)\s*)?`;
const KINDS = '(abstract class|class|function|const|interface|type)';

/** A public name as it is declared. */
export interface Declaration {
  readonly name: string;
  readonly kind: string;
  readonly comment: string;
  /** The text after the name, up to the end of the declaration. */
  readonly rest: string;
}

const published = entryPoints.flatMap(({ types }) =>
  [...readFileSync(types, 'utf8').matchAll(/export (?:type )?\{([^}]*)\}/g)]
    .flatMap(([, list = '']) => list.split(','))
    .map((name) => name.trim().replace(/^type /, ''))
    .filter(Boolean)
    .map((name) => ({ name, types })),
);
/** The names that the entry points export. */
export const publicNames = published.map(({ name }) => name);
/** Their declarations, with their comments. */
export const declarations = published.flatMap(({ name, types }) => declarationsOf(name, types));

/** The declarations of a name in a file, or in those that it has the name from. */
function declarationsOf(name: string, file: string): Declaration[] {
  const text = readFileSync(file, 'utf8');
  const pattern = new RegExp(
    `${COMMENT}export (?:declare )?${KINDS} ${name}\\b([\\s\\S]*?)(?:;\\n(?! )|\\n\\})`,
    'g',
  );
  const own = [...text.matchAll(pattern)];
  if (own.length > 0)
    return own.map(([, comment = '', kind = '', rest = '']) => ({ name, kind, comment, rest }));
  return [...text.matchAll(/(?:import|export) (?:type )?(\*|\{[^}]*\}) from '(\.[^']*)\.js'/g)]
    .filter(([, list = '']) => list === '*' || new RegExp(`\\b${name}\\b`).test(list))
    .flatMap(([, , from = '']) => declarationsOf(name, path.join(path.dirname(file), `${from}.d.ts`)));
}
