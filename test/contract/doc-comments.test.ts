import { readFileSync } from 'node:fs';
import path from 'node:path';
import { entryPoints } from '../support/entry-points.js';

const COMMENT = String.raw`(?:(/\*\*(?:(?!\*/)[\s\S])*\*/)\s*)?`;
const KINDS = '(abstract class|class|function|const|interface|type)';

/** What every caller knows from the type alone. */
const SELF_EXPLAINED = ['manager', 'dataSource', 'entity'];

interface Declaration {
  readonly name: string;
  readonly kind: string;
  readonly comment: string;
  /** What follows the name, up to the end of the declaration. */
  readonly rest: string;
}

const published = entryPoints.flatMap(({ types }) =>
  [...readFileSync(types, 'utf8').matchAll(/export (?:type )?\{([^}]*)\}/g)]
    .flatMap(([, list = '']) => list.split(','))
    .map((name) => name.trim().replace(/^type /, ''))
    .filter(Boolean)
    .map((name) => ({ name, types })),
);
const names = published.map(({ name }) => name);
const declarations = published.flatMap(({ name, types }) => declarationsOf(name, types));

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

/** The parameters of a function by name with their types; a destructured one by its type. */
function parametersOf({ rest }: Declaration): { name: string; type: string }[] {
  const list = rest.slice(rest.indexOf('(') + 1, rest.lastIndexOf('): ')).replaceAll('=>', '→');
  let depth = 0;
  const parts = [''];
  for (const character of list) {
    if ('({[<'.includes(character)) depth += 1;
    if (')}]>'.includes(character)) depth -= 1;
    if (character === ',' && depth === 0) parts.push('');
    else parts[parts.length - 1] += character;
  }
  return parts.filter(Boolean).map((part) => {
    const [, name = '', type = ''] = /^\s*(\{[\s\S]*?\}|\w+)\??: ([\s\S]*)$/.exec(part) ?? [];
    return { name, type: type.trim() };
  });
}

describe('every public name', () => {
  it('is declared', () => {
    const declared = new Set(declarations.map(({ name }) => name));
    expect(names.filter((name) => !declared.has(name))).toEqual([]);
  });

  it('has a comment', () => {
    const described = new Set(declarations.filter(({ comment }) => comment).map(({ name }) => name));
    expect(names.filter((name) => !described.has(name))).toEqual([]);
  });

  it('that is a function describes each parameter that its type does not', () => {
    const options = new Set(
      declarations.filter(({ kind }) => ['interface', 'type'].includes(kind)).map(({ name }) => name),
    );
    const silent = declarations
      .filter(({ kind }) => kind === 'function')
      .flatMap((declaration) =>
        parametersOf(declaration)
          .filter(
            ({ name, type }) => !SELF_EXPLAINED.includes(name) && !options.has(type.replace(/<.*>$/, '')),
          )
          .filter(
            ({ name }) => !declaration.comment.includes(`@param ${name.startsWith('{') ? 'options' : name} `),
          )
          .map(({ name }) => `${declaration.name}: ${name}`),
      );
    expect(silent).toEqual([]);
  });

  it('that is an interface describes each of its members', () => {
    const silent = declarations
      .filter(({ kind }) => kind === 'interface')
      .flatMap(({ name, rest }) => {
        const lines = rest.split('\n').filter((line) => line.trim());
        return lines
          .map((line, at) => ({
            member: /^ {4}(?:readonly )?(\w+)\??[:(]/.exec(line)?.[1],
            before: lines[at - 1] ?? '',
          }))
          .filter(({ member, before }) => member && !before.includes('*/'))
          .map(({ member }) => `${name}.${member}`);
      });
    expect(silent).toEqual([]);
  });
});
