import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** The cost of a program. */
export interface Took {
  readonly seconds: number;
  /** Peak of its memory [MB]. */
  readonly peakMb: number;
  /** Its exit code. */
  readonly code: number;
  /** The last part of its output. */
  readonly printed: string;
}

const PEAK = path.join(__dirname, 'peak.js');

/**
 * Runs a program of Node in a process of its own.
 * @param input file that it reads as its standard input
 */
export async function run(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  limitS: number,
  input = '/dev/null',
): Promise<Took> {
  const folder = mkdtempSync(path.join(tmpdir(), 'ccat-ops-db-bench-'));
  const peak = path.join(folder, 'peak');
  const stdin = openSync(input, 'r');
  try {
    const started = performance.now();
    const child = spawn(process.execPath, ['--require', PEAK, ...args], {
      cwd: folder,
      stdio: [stdin, 'pipe', 'pipe'],
      env: { PATH: process.env.PATH, BENCH_PEAK_FILE: peak, ...env },
      timeout: limitS * 1000,
    });
    let printed = '';
    const keep = (part: Buffer) => {
      printed = `${printed}${part}`.slice(-2000);
    };
    child.stdout?.on('data', keep);
    child.stderr?.on('data', keep);
    const [code] = await once(child, 'close');
    const seconds = (performance.now() - started) / 1000;
    return { seconds, peakMb: peakOf(peak), code: code ?? -1, printed };
  } finally {
    closeSync(stdin);
    rmSync(folder, { recursive: true });
  }
}

/** A program that was killed has not written it. */
function peakOf(file: string): number {
  try {
    return Math.round(Number(readFileSync(file, 'utf8')) / 1024);
  } catch {
    return Number.NaN;
  }
}
