/**
 * Writes calls into a spool and sends them, and prints the memory of each quarter of both [MB], after a garbage
 * collection: `node --expose-gc memory.js FILE URL ORIGIN FILES`. The process keeps no list of its writes.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { openSpool, type Spool } from '../../src/index.js';
import { openDatabase } from '../support/database.js';
import { type Origin, observe } from './observe.js';

const FILES_OF_CALL = 1000;
/** After all observations of the others. */
const FIRST = 50_000;
const QUARTERS = [0.25, 0.5, 0.75, 1];

async function main([file = '', url = '', origin = '', files = '']: readonly string[]): Promise<void> {
  const spool = openSpool({ path: file, warn: () => {} });
  const calls = Math.max(QUARTERS.length, Math.ceil(Number(files) / FILES_OF_CALL));
  const writing = await writingMb(spool, JSON.parse(origin) as Origin, calls);
  const dataSource = await openDatabase(url);
  const sending = sendingMb(spool);
  await spool.drain({ dataSource });
  console.log(JSON.stringify({ writing, sending: await sending }));
  await dataSource.destroy();
  spool.close();
}

async function writingMb(spool: Spool, origin: Origin, calls: number): Promise<number[]> {
  const used: number[] = [];
  for (let call = 1; call <= calls; call++) {
    await observe(spool, origin, FIRST + call, FILES_OF_CALL, FILES_OF_CALL);
    if (call >= calls * (QUARTERS[used.length] ?? 2)) used.push(memoryMb());
  }
  return used;
}

async function sendingMb(spool: Spool): Promise<number[]> {
  const used: number[] = [];
  const all = spool.status().calls.waiting.rows;
  while (used.length < QUARTERS.length) {
    await sleep(20);
    const sent = all - spool.status().calls.waiting.rows;
    while (sent >= all * (QUARTERS[used.length] ?? 2)) used.push(memoryMb());
  }
  return used;
}

function memoryMb(): number {
  global.gc?.();
  return Math.round(process.memoryUsage.rss() / 1e6);
}

void main(process.argv.slice(2));
