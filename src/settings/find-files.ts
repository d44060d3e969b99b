import { existsSync } from 'node:fs';
import path from 'node:path';

const USUAL_NAMES = ['settings.toml', '.secrets.toml'];

/** Files and folders beside the usual ones. */
export interface FileSearch {
  /** Names or paths in place of the usual ones. */
  readonly instead?: readonly string[];
  /** Names or paths that are searched after those. */
  readonly further?: readonly string[];
  /** The folder where the search starts before the working directory. */
  readonly root?: string;
}

/** Result of a search. */
export interface FoundFiles {
  /** The files, lowest layer first. */
  readonly found: readonly string[];
  /** Names of requested files and of the requested folder that do not exist. */
  readonly missing: readonly string[];
  /** Every folder that was searched, the working directory first. */
  readonly folders: readonly string[];
}

/**
 * The settings files that a search from a folder finds, lowest layer first: of each name the first hit in the
 * folder, its `config/`, its parent and so on upwards. Once one is found, the others are looked for from its
 * folder first. Local variants count only beside a file that was found, and come after all others.
 *
 * @param cwd the folder where the search starts
 */
export function findSettingsFiles(cwd: string, { instead, further = [], root }: FileSearch = {}): FoundFiles {
  const start = path.resolve(cwd);
  const found: string[] = [];
  const missing: string[] = [];
  for (const name of [...(instead ?? USUAL_NAMES), ...further]) {
    const first = root === undefined ? found[0] && path.dirname(found[0]) : path.resolve(start, root);
    const folders = [...(first ? foldersUpwards(first, start) : []), ...foldersUpwards(start)];
    const hit = folders.map((folder) => path.resolve(folder, name)).find((file) => existsSync(file));
    if (hit) found.push(hit);
    else if (!USUAL_NAMES.includes(name)) missing.push(name);
  }
  if (root !== undefined && !existsSync(path.resolve(start, root))) missing.push(root);
  const local = found.flatMap(localVariant).filter((file) => existsSync(file));
  const near = [start, path.join(start, 'config'), ...found.map((file) => path.dirname(file))];
  return { found: [...found, ...local], missing, folders: [...new Set(near)] };
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
