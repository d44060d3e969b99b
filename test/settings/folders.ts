import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const made: string[] = [];

/** A new folder with these files, by their path in it. Those above it belong to the same temporary folder. */
export function folderWith(files: Readonly<Record<string, string | Buffer>> = {}): string {
  const root = mkdtempSync(path.join(tmpdir(), 'ccat-ops-db-settings-'));
  made.push(root);
  const folder = path.join(root, 'two/down');
  mkdirSync(folder, { recursive: true });
  for (const [name, content] of Object.entries(files)) {
    const file = path.join(folder, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, content);
  }
  return folder;
}

/** Removes what {@link folderWith} made. */
export function removeFolders(): void {
  for (const root of made.splice(0)) rmSync(root, { recursive: true });
}
