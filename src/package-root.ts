import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

/**
 * The folder of this package, the one with its package.json and settings.toml.
 * Compiled code runs from several depths below it, hence the walk upwards.
 *
 * @throws Error when no folder above this file is the package's own
 */
export function packageRoot(): string {
  for (let folder = __dirname; ; folder = path.dirname(folder)) {
    const manifest = path.join(folder, 'package.json');
    if (existsSync(manifest) && JSON.parse(readFileSync(manifest, 'utf8')).name === 'ccat-ops-db')
      return folder;
    if (folder === path.dirname(folder)) throw new Error(`no package.json of ccat-ops-db above ${__dirname}`);
  }
}
