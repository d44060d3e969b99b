import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { packageRoot } from '../../package-root.js';

/** The file that declares an entity. */
export interface EntitySource {
  /** The folder that it stands in, such as `planning`. */
  readonly domain: string;
  /** Its path within the package. */
  readonly file: string;
  readonly text: string;
  /** The comment of the class without its example, on one line. */
  readonly summary: string;
}

const CLASS =
  /\/\*\*(?:(?!\*\/)[\s\S])*?\*\/\s*(?:@\w+\((?:[\s\S]*?)\)\s*)*export (?:abstract )?class (\w+)/g;
const ENUM = /\/\*\*(?:(?!\*\/)[\s\S])*?\*\/\s*export const (\w+) = \{([^}]*)\} as const/g;
const MEMBER = /\/\*\*(?:(?!\*\/)[\s\S])*?\*\/\s*(\w+):/g;

/** What the comments of an enum object say. */
export interface EnumSource {
  readonly summary: string;
  /** The comment of a member, by its name; members whose names say all have none. */
  readonly notes: ReadonlyMap<string, string>;
}

/** The files of the entities by the names of their classes. */
export function entitySources(): ReadonlyMap<string, EntitySource> {
  return new Map(
    filesOfEntities().flatMap(({ domain, file, text }) =>
      [...text.matchAll(CLASS)].map(([comment, name = '']) => [
        name,
        { domain, file, text, summary: oneLine(comment) },
      ]),
    ),
  );
}

/** The comments of the enum objects by their names. */
export function enumSources(): ReadonlyMap<string, EnumSource> {
  return new Map(
    filesOfEntities().flatMap(({ text }) =>
      [...text.matchAll(ENUM)].map(([comment, name = '', members = '']) => {
        const notes = [...members.matchAll(MEMBER)].map(
          ([note, member = '']) => [member, oneLine(note.trim())] as const,
        );
        return [name, { summary: oneLine(comment), notes: new Map(notes) }];
      }),
    ),
  );
}

function filesOfEntities(): { domain: string; file: string; text: string }[] {
  const root = packageRoot();
  const folder = path.join('src', 'entities');
  return readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .sort()
    .map((name) => {
      const file = path.posix.join('src', 'entities', name.split(path.sep).join('/'));
      return { domain: path.dirname(name), file, text: readFileSync(path.join(root, file), 'utf8') };
    });
}

/** The text of a comment, without its example and its delimiters. */
function oneLine(comment: string): string {
  const [text = ''] = comment.slice(3).split(/\*\/|@example/);
  return text
    .replace(/^\s*\* ?/gm, '')
    .replace(/\s+/g, ' ')
    .trim();
}
