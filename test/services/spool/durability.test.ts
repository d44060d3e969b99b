import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { openSpool } from '../../../src/index.js';
import { packageRoot } from '../../../src/package-root.js';

const [HEADER, FRAME] = [32, 24 + 4096];

/** Notes calls until it is killed, and says the number of each that was acknowledged. */
const WRITER = `
  const { openSpool } = require('ccat-ops-db');
  const { randomUUID } = require('node:crypto');
  const { writeSync } = require('node:fs');
  const spool = openSpool({ path: process.argv[1] });
  (async () => {
    for (let call = 1; ; call++) {
      await spool.noteConditions({ id: randomUUID(), pwvMm: call });
      writeSync(1, call + '\\n');
    }
  })();`;

describe('what a spool has acknowledged is there', () => {
  let folder: string;
  let file: string;

  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'spool-'));
    file = path.join(folder, 'spool.sqlite');
  });

  afterEach(() => rmSync(folder, { recursive: true }));

  const callsIn = (copy: string) => {
    const spool = openSpool({ path: copy });
    const { calls } = spool.status();
    spool.close();
    return calls.waiting.calls;
  };

  it('wherever its log is cut after that', async () => {
    const spool = openSpool({ path: file });
    const log = `${file}-wal`;
    const acknowledged: number[] = [];
    for (let call = 0; call < 8; call++) {
      await spool.noteConditions({ id: randomUUID(), note: 'x'.repeat(1 + call * 2000) });
      acknowledged.push(statSync(log).size);
    }
    const [main, whole] = [readFileSync(file), readFileSync(log)];
    spool.close();
    const copy = path.join(folder, 'copy.sqlite');
    for (let end = HEADER; end <= whole.length; end += FRAME) {
      writeFileSync(copy, main);
      writeFileSync(`${copy}-wal`, whole);
      rmSync(`${copy}-shm`, { force: true });
      truncateSync(`${copy}-wal`, end);
      expect(callsIn(copy)).toBe(acknowledged.filter((size) => size <= end).length);
    }
  });

  it('when its writer is killed', async () => {
    const child = spawn(process.execPath, ['-e', WRITER, file], {
      cwd: packageRoot(),
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let printed = '';
    child.stdout.on('data', (part) => {
      printed += part;
      if (printed.split('\n').length > 20) child.kill('SIGKILL');
    });
    await once(child, 'close');
    const acknowledged = printed.split('\n').length - 1;
    expect(callsIn(file)).toBeGreaterThanOrEqual(acknowledged);
    expect(callsIn(file)).toBeLessThanOrEqual(acknowledged + 1);
  });
});
