import { existsSync } from 'node:fs';
import path from 'node:path';

const BASE_NAMES = ['settings.toml', '.secrets.toml'];

/**
 * The settings files that a search from a folder finds, lowest layer first: of each name the first hit in the
 * folder, its `config/`, its parent and so on upwards. Once one is found, the others are looked for from its
 * folder first. Local variants count only beside a file that was found, and come after all others.
 *
 * @param cwd the folder where the search starts
 * @param further more names or absolute paths, searched after the usual ones
 */
export function findSettingsFiles(cwd: string, further: readonly string[] = []): string[] {
  const start = path.resolve(cwd);
  const found: string[] = [];
  for (const name of [...BASE_NAMES, ...further]) {
    const folders = found[0]
      ? [...foldersUpwards(path.dirname(found[0]), start), ...foldersUpwards(start)]
      : foldersUpwards(start);
    const hit = folders.map((folder) => path.resolve(folder, name)).find((file) => existsSync(file));
    if (hit) found.push(hit);
  }
  return [...found, ...found.flatMap(localVariant).filter((file) => existsSync(file))];
}

function foldersUpwards(start: string, last?: string): string[] {
  const folders: string[] = [];
  for (let folder = start; ; folder = path.dirname(folder)) {
    folders.push(folder, path.join(folder, 'config'));
    if (folder === last || folder === path.dirname(folder)) return folders;
  }
}

function localVariant(file: string): string[] {
  const { base, dir, name, ext } = path.parse(file);
  return base.includes('.local.') ? [] : [path.join(dir, `${name}.local${ext}`)];
}
