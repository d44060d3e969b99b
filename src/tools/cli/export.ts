import { type Command, Option } from 'commander';
import { type ExportOptions, exportForScheduler, exportPlanning } from '../planning-files/index.js';
import { DatabaseCommand, type Output, print } from './command.js';
import { ofOneMoment } from './connect.js';
import { whenInterrupted } from './interrupt.js';
import { progress } from './progress.js';
import { table } from './table.js';

interface Options extends Output {
  readonly overwrite: boolean;
  readonly for?: 'scheduler';
}

/** `opsdb export`: writes the plans into files that `opsdb load` reads. */
export function exportCommand(): Command {
  return new DatabaseCommand('export', {
    'opsdb export plans': 'the plans as files, to edit or to keep under version control',
    'opsdb export sources.csv --for scheduler': 'the source list of the offline scheduler',
  })
    .description(
      'Write sources, programs, obs units and the rows they refer to into files. Loading these files changes ' +
        'nothing.',
    )
    .argument('<folder>', 'folder to write to, created if missing; with --for scheduler the CSV file')
    .addOption(new Option('--for <reader>', 'write the format of another program').choices(['scheduler']))
    .option('--overwrite', 'write into a folder that is not empty, and replace files of the same name', false)
    .action(run);
}

async function run(folder: string, { overwrite, for: reader, ...output }: Options): Promise<void> {
  if (reader === 'scheduler') await runForScheduler(folder, output);
  else await runPlans(folder, overwrite, output);
}

async function runForScheduler(file: string, output: Output): Promise<void> {
  const list = await ofOneMoment((manager) => exportForScheduler(manager, file));
  print(list, output, ({ sources, leftOut }) =>
    [
      `Wrote ${sources.length} sources to ${file}; ${leftOut.length} units were left out.`,
      ...leftOut.map(({ name, reason }) => `  ${name} ${reason}`),
    ].join('\n'),
  );
}

async function runPlans(folder: string, overwrite: boolean, output: Output): Promise<void> {
  const bar = progress();
  whenInterrupted(() => `${folder} has only some of the files: run it again with --overwrite`);
  const onProgress: ExportOptions['onProgress'] = ({ file }, index, all) => {
    bar.at(index + 1, all, file);
  };
  const results = await ofOneMoment((manager) => exportPlanning(manager, folder, { overwrite, onProgress }));
  bar.stop();
  print(results, output, (written) => {
    const rows = written.map(({ entity, file, rows: count }) => [entity, file, count]);
    return `${table(['entity', 'file', 'rows'], rows)}\nWrote them and their index to ${folder}.`;
  });
}
