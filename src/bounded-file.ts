import { closeSync, openSync, readSync, realpathSync } from 'node:fs';
import path from 'node:path';

/** The largest file that people write by hand: settings, and the index of a folder [byte]. */
export const LARGEST_HAND_WRITTEN = 1_000_000;

/**
 * Reads a file that is not to be large, whatever it is: also a device without an end.
 * @throws RangeError when it is larger; the error of the operating system when it cannot be read
 */
export function readBounded(file: string, most = LARGEST_HAND_WRITTEN): Buffer {
  const descriptor = openSync(file, 'r');
  try {
    const bytes = Buffer.alloc(most + 1);
    let length = 0;
    for (;;) {
      const read = readSync(descriptor, bytes, length, bytes.length - length, null);
      length += read;
      if (length > most) throw new RangeError(`it is larger than ${most} bytes`);
      if (read === 0) return bytes.subarray(0, length);
    }
  } finally {
    closeSync(descriptor);
  }
}

/** Whether a path leads out of a folder, also through symbolic links; one that is not there is judged by its name. */
export function leadsOutOf(folder: string, file: string): boolean {
  const root = path.resolve(folder);
  const target = path.resolve(root, file);
  return !isBelow(root, target) || !isBelow(real(root), real(target));
}

function isBelow(root: string, target: string): boolean {
  const way = path.relative(root, target);
  return way !== '..' && !way.startsWith(`..${path.sep}`) && !path.isAbsolute(way);
}

function real(file: string): string {
  try {
    return realpathSync(file);
  } catch {
    const parent = path.dirname(file);
    return parent === file ? file : path.join(real(parent), path.basename(file));
  }
}
