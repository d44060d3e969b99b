import { type Command, InvalidArgumentError } from 'commander';
import { assertSchema } from '../../database/prepare-schema.js';
import { entities } from '../../entities/index.js';
import { changes, type StatusChange } from '../../services/changes/index.js';
import { visibleLine } from '../../visible.js';
import { DatabaseCommand, type Output } from './command.js';
import { connected } from './connect.js';
import { endsByItself } from './interrupt.js';

type EntityClasses = readonly (typeof entities)[number][];

interface Options extends Output {
  readonly since?: string;
  readonly entity?: EntityClasses;
}

/** `opsdb watch`: changes of statuses, as they are committed. */
export function watchCommand(): Command {
  return new DatabaseCommand('watch', {
    'opsdb watch': 'changes from now on; Ctrl-C stops',
    'opsdb watch --entity RawDataPackage DataTransfer': 'packages and transfers only',
    'opsdb watch --json --since beginning': 'all changes since the beginning, one JSON document a line',
  })
    .description(
      'Print each change of a status, in the order of commits, until stopped. With --json each line has a ' +
        'cursor, from which --since continues.',
    )
    .option(
      '--since <cursor>',
      'continue after a change that was printed with --json, or from the "beginning"',
    )
    .option('--entity <classes...>', 'only changes of these classes, such as RawDataPackage', classNamed)
    .action(watch);
}

async function watch({ since, entity, json }: Options): Promise<void> {
  const stop = endsByItself();
  // The reader of a pipe may close it.
  process.stdout.once('error', () => stop.abort());
  await connected(async (dataSource) => {
    await assertSchema(dataSource);
    for await (const change of changes(dataSource, { since, entities: entity, signal: stop.signal }))
      process.stdout.write(`${visibleLine(json ? JSON.stringify(change) : describe(change))}\n`);
  });
}

function describe({ at, entity, id, property, from, to, by, reason }: StatusChange): string {
  const step = `${property} ${from ?? '(new)'} → ${to}`;
  const who = by === null ? '' : `  by ${by}`;
  const why = reason === null ? '' : `  (${reason.split('\n')[0]})`;
  return `${at.toISOString()}  ${entity} ${id}  ${step}${who}${why}`;
}

function classNamed(name: string, before: EntityClasses = []): EntityClasses {
  const found = entities.find((entity) => entity.name === name);
  if (!found) throw new InvalidArgumentError(`There is no class ${name}; see opsdb schema.`);
  return [...before, found];
}
