/** Observes into a spool until it is killed; prints each observation that was acknowledged whole. */
import { writeSync } from 'node:fs';
import { openSpool } from '../../src/index.js';
import { type Origin, observe } from './observe.js';

async function main([file = '', origin = '', round = '']: readonly string[]): Promise<void> {
  const spool = openSpool({ path: file });
  for (let index = 0; ; index++) {
    const count = Math.floor(Math.random() * 200);
    const observed = await observe(
      spool,
      JSON.parse(origin) as Origin,
      Number(round) * 1000 + index,
      count,
      50,
    );
    writeSync(1, `${JSON.stringify(observed)}\n`);
  }
}

void main(process.argv.slice(2));
