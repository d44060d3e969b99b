/** Forwards a spool until it is killed. */
import { openSpool } from '../../src/index.js';
import { openDatabase } from '../support/database.js';

async function main([file = '', url = '']: readonly string[]): Promise<void> {
  const dataSource = await openDatabase(url);
  await openSpool({ path: file }).forward({ dataSource });
}

void main(process.argv.slice(2));
