import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { promisify } from 'node:util';

/** Debian's Python, for which `.ci/run` installs SQLAlchemy and psycopg2; or another one that has them. */
const PYTHON =
  process.env.OPSDB_TEST_PYTHON ?? (existsSync('/usr/bin/python3') ? '/usr/bin/python3' : 'python3');

/** Runs a program in Python and gives what it prints, as JSON. */
export async function python<T>(
  program: string,
  parameters: readonly string[],
  env = process.env,
): Promise<T> {
  const { stdout } = await promisify(execFile)(PYTHON, ['-B', program, ...parameters], {
    env,
    maxBuffer: 64 * 1024 * 1024,
  });
  return JSON.parse(stdout);
}
