/** Files that look like settings of this package and are not read. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { FoundFiles } from './find-files.js';

/** File names of Dynaconf in formats other than TOML, and local variants. */
const OTHER_FORMAT = /^\.?(?:settings|secrets)(?:\.local)?\.(?:ya?ml|json|ini|conf|properties|cfg|py|env)$/;
const LOCAL_VARIANT = /^(\.?(?:settings|secrets))\.local\.toml$/;
/** Words that only settings of this package contain. */
const OWN_WORDS = /database_(?:type|sqlite|postgresql)|migration_(?:backup|lock)|ccat_ops_db/i;
const LARGEST_BYTES = 1_000_000;

/** One line for each file. */
export function overlookedFiles({ found, missing, folders }: FoundFiles): string[] {
  return [
    ...missing.map(
      (name) =>
        `${name} is named by an option of Dynaconf (SETTINGS_FILE_FOR_DYNACONF, SECRETS_FOR_DYNACONF or ROOT_PATH_FOR_DYNACONF) and is nowhere: it is passed over`,
    ),
    ...folders.flatMap((folder) =>
      namesIn(folder).flatMap((name) => overlooked(path.join(folder, name), found)),
    ),
  ];
}

function overlooked(file: string, found: readonly string[]): string[] {
  const name = path.basename(file);
  if (OTHER_FORMAT.test(name) && speaksOfUs(file))
    return [
      `${file} is not read: settings are read from TOML only. Write them to ${name.replace(/\.[^.]*$/, '.toml')}`,
    ];
  const [, base] = LOCAL_VARIANT.exec(name) ?? [];
  if (base !== undefined && !found.includes(file))
    return [`${file} is not read: it varies ${base}.toml, which is not in use in this folder`];
  return [];
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function speaksOfUs(file: string): boolean {
  try {
    const text = readFileSync(file, 'utf8');
    return text.length < LARGEST_BYTES && OWN_WORDS.test(text);
  } catch {
    return false;
  }
}
