import { userInfo } from 'node:os';
import { type Command, InvalidArgumentError } from 'commander';
import { In } from 'typeorm';
import { entities } from '../../entities/index.js';
import { snakeCase } from '../../entities/snake-case.js';
import { Work } from '../../entities/work.js';
import type { EntityClass } from '../../lifecycle/index.js';
import { retryWork } from '../../services/transfer/index.js';
import { DatabaseCommand, type Output, print } from './command.js';
import { workingTables } from './connect.js';
import { table } from './table.js';

type WorkClass = EntityClass<Work>;

interface Options extends Output {
  readonly id?: string[];
  readonly tries: number;
  readonly by: string;
}

interface Retried {
  readonly entity: string;
  /** Rows that waited for their next try and are due now. */
  readonly waiting: number;
  /** Rows that had failed for good and are pending again. */
  readonly failed: number;
}

/** The classes of work. */
const WORK = (entities as readonly WorkClass[]).filter(({ prototype }) => prototype instanceof Work);

/** `opsdb retry`: makes failed work pending again. */
export function retryCommand(): Command {
  return new DatabaseCommand('retry', {
    'opsdb retry':
      'after removing the cause: all work that has failed, or waits for its next try, is due now',
    'opsdb retry DataTransfer StagingJob': 'transfers and staging only',
    'opsdb retry raw_data_package --id 0192f0c1-2345-7abc-8def-0123456789ab --tries 1':
      'one row as opsdb check lists it, once more',
  })
    .description('Retry work that has failed for good, or waits for its next try. Given-up work is left.')
    .argument('[classes...]', `which work, by class or table; by default all of ${names()}`, classNamed)
    .option('--id <ids...>', 'only these rows')
    .option('--tries <count>', 'number of further tries of work that has failed for good', tries, 3)
    .option('--by <name>', 'your name, for the history', userInfo().username)
    .action(retry);
}

async function retry(classes: readonly WorkClass[], { id, tries, by, ...output }: Options): Promise<void> {
  const results = await workingTables((manager) =>
    manager.transaction(async (nested) => {
      const done: Retried[] = [];
      for (const entity of classes.length > 0 ? classes : WORK) {
        const where = id ? { id: In(id) } : {};
        done.push({ entity: entity.name, ...(await retryWork(nested, entity, { where, tries, by })) });
      }
      return done;
    }),
  );
  print(results, output, describe);
}

function describe(results: readonly Retried[]): string {
  const moved = results.filter(({ waiting, failed }) => waiting + failed > 0);
  if (moved.length === 0)
    return 'Nothing that has failed can be tried again, and nothing waits for its next try.';
  const rows = moved.map(({ entity, waiting, failed }) => [entity, waiting, failed]);
  return table(['work', 'due now', 'tried again'], rows);
}

function names(): string {
  return WORK.map(({ name }) => name).join(', ');
}

function classNamed(text: string, before: readonly WorkClass[] = []): readonly WorkClass[] {
  const found = WORK.find(({ name }) => name === text || snakeCase(name) === text);
  if (!found) throw new InvalidArgumentError(`It must be one of ${names()}.`);
  return [...before, found];
}

function tries(text: string): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= 1 && value <= 1000) return value;
  throw new InvalidArgumentError('It must be a whole number from 1 to 1000.');
}
