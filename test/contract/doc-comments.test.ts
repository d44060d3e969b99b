import { type Declaration, declarations, publicNames } from '../support/declarations.js';

/** What every caller knows from the type alone. */
const SELF_EXPLAINED = ['manager', 'dataSource', 'entity'];

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
    expect(publicNames.filter((name) => !declared.has(name))).toEqual([]);
  });

  it('has a comment', () => {
    const described = new Set(declarations.filter(({ comment }) => comment).map(({ name }) => name));
    expect(publicNames.filter((name) => !described.has(name))).toEqual([]);
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
