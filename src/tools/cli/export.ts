import type { Command } from 'commander';
import { type ExportOptions, exportPlanning } from '../planning-files/index.js';
import { OpsDbCommand, type Output, print } from './command.js';
import { ofOneMoment } from './connect.js';
import { progress } from './progress.js';
import { table } from './table.js';

interface Options extends Output {
  readonly overwrite: boolean;
}

/** `opsdb export`: writes the plans into files that `opsdb load` reads. */
export function exportCommand(): Command {
  return new OpsDbCommand('export', {
    'opsdb export plans': 'the plans as files, to edit or to keep under version control',
  })
    .description(
      'Write sources, programs, obs units and what they refer to into files; loading them again changes nothing.',
    )
    .argument('<folder>', 'where to write; made where it is not there')
    .option(
      '--overwrite',
      'write into a folder that is not empty; files of the same names are replaced',
      false,
    )
    .action(run);
}

async function run(folder: string, { overwrite, ...output }: Options): Promise<void> {
  let bar: ReturnType<typeof progress> | undefined;
  const onProgress: ExportOptions['onProgress'] = ({ file }, _, all) => {
    bar ??= progress(all);
    bar.step(file);
  };
  const results = await ofOneMoment((manager) => exportPlanning(manager, folder, { overwrite, onProgress }));
  bar?.stop();
  print(results, output, (written) => {
    const rows = written.map(({ entity, file, rows: count }) => [entity, file, count]);
    return `${table(['entity', 'file', 'rows'], rows)}\nWrote them and their index to ${folder}.`;
  });
}
