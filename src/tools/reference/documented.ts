import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { packageRoot } from '../../package-root.js';
import type { Documented } from './markdown.js';
import type { ModelReference } from './model.js';

/** `[`name`](address)` or just `` `name` ``. */
const NAME = /\[`([^`]+)`\]\([^)]+\)|`([^`]+)`/g;

/** Where the names that stand for documented items are described, as addresses from `docs/`. */
export class DocumentedLinks {
  private readonly tables = new Map<string, string>();
  private readonly columns = new Map<string, string>();
  private readonly enums: ReadonlySet<string>;

  constructor(model: ModelReference) {
    this.enums = new Set(model.enums.map(({ name }) => name));
    for (const { name, classes, columns } of model.tables)
      for (const { name: className } of classes) {
        this.tables.set(className, name);
        for (const { name: column, property } of columns)
          this.columns.set(`${className}.${property}`, `${name}.${column}`);
      }
  }

  /** The table of a class or property; undefined for other names. */
  tableOf(name: string): string | undefined {
    return this.tables.get(name.split('.')[0] ?? '');
  }

  /** The page on the documented model with a link on every name in the column "here". */
  withLinks(page: string): string {
    let at = -1;
    const lines = page.split('\n').map((line) => {
      if (!line.startsWith('|')) at = -1;
      const cells = line.split('|');
      if (at === -1) at = cells.findIndex((cell) => cell.trim() === 'here');
      else if (at in cells) cells[at] = this.linked(cells[at] as string);
      return cells.join('|');
    });
    return lines.join('\n');
  }

  /** By table what it and its columns stand for in the original. */
  byTable(page: string): ReadonlyMap<string, readonly Documented[]> {
    const found = new Map<string, Documented[]>();
    for (const { section, documented, here } of classRows(page))
      for (const [, linked, plain] of here.matchAll(NAME)) {
        const table = this.tableOf(linked ?? plain ?? '');
        const [name] = /`[^`]+`/.exec(documented) ?? [];
        if (table && name) found.set(table, [...(found.get(table) ?? []), { name, section }]);
      }
    return found;
  }

  private linked(cell: string): string {
    return cell.replace(NAME, (_, linked?: string, plain?: string) => {
      const name = linked ?? plain ?? '';
      const address = this.addressOf(name);
      return address ? `[\`${name}\`](${address})` : `\`${name}\``;
    });
  }

  private addressOf(name: string): string | undefined {
    const column = this.columns.get(name);
    const [owner = ''] = name.split('.');
    if (column) return `schema.md#${column}`;
    if (this.enums.has(owner)) return `schema.md#${owner.toLowerCase()}`;
    const table = this.tables.get(owner);
    if (table) return `schema.md#${table}`;
    if (name.startsWith('CCAT_OPS_DB_')) return 'settings.md';
    return sourceOf(name);
  }
}

/** The rows of the table of classes. */
function classRows(page: string): { section: string; documented: string; here: string }[] {
  const [, classes = ''] = page.split('\n## Classes\n');
  const [text = ''] = classes.split('\n## ');
  return text
    .split('\n')
    .filter((line) => line.startsWith('|') && line.includes('`'))
    .map((line) => {
      const [, , documented = '', , here = ''] = line.split('|');
      return { section: 'classes', documented, here };
    });
}

/** The file that contains a command or an exported function or list. */
function sourceOf(name: string): string | undefined {
  const root = packageRoot();
  if (name.startsWith('opsdb ')) {
    const file = `src/tools/cli/${name.slice(6)}.ts`;
    return existsSync(path.join(root, file)) ? `../${file}` : undefined;
  }
  const [, exported] = /^(\w+)(?:\(\))?$/.exec(name) ?? [];
  if (!exported) return undefined;
  const declaration = new RegExp(
    `^export (async function|function|const|class|interface) ${exported}\\b`,
    'm',
  );
  const file = sourceFiles().find((candidate) =>
    declaration.test(readFileSync(path.join(root, candidate), 'utf8')),
  );
  return file && `../${file}`;
}

function sourceFiles(): string[] {
  return readdirSync(path.join(packageRoot(), 'src'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .sort()
    .map((file) => path.posix.join('src', file));
}
