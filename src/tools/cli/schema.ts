import { writeFileSync } from 'node:fs';
import type { Command } from 'commander';
import { OpsDbError } from '../../errors.js';
import { schemaPage } from '../reference/index.js';
import { writeSqlalchemy } from '../sqlalchemy/index.js';
import { OpsDbCommand, type Output, print } from './command.js';

interface Options extends Output {
  readonly html?: string;
  readonly sqlalchemy?: string;
}

/** `opsdb schema`: a page to browse the model, and the model for programs in Python. */
export function schemaCommand(): Command {
  return new OpsDbCommand('schema', {
    'opsdb schema --html schema.html': 'the model of this version',
    'opsdb schema --sqlalchemy ccat_ops_db': 'a package of Python with its classes and sessions',
    'opsdb schema --sqlalchemy models.py': 'the classes alone',
  })
    .description(
      'Write the model of this version: a page to browse it, with search, diagrams, columns, rules and examples; and ' +
        'classes of SQLAlchemy for programs in Python. No database is asked.',
    )
    .option('--html <file>', 'the self-contained page to write')
    .option(
      '--sqlalchemy <path>',
      'a file that ends in .py for the classes, or the folder of a package that connects, too',
    )
    .action(async ({ html, sqlalchemy, ...output }: Options) => {
      if (html === undefined && sqlalchemy === undefined)
        throw new OpsDbError(
          'argument_invalid',
          'nothing is to be written: give --html with a file, or --sqlalchemy with a file or folder, or both',
        );
      if (html !== undefined) writeFileSync(html, await schemaPage());
      const modules = sqlalchemy === undefined ? undefined : await writeSqlalchemy(sqlalchemy);
      const written = [...(html === undefined ? [] : [html]), ...(modules ?? [])];
      print({ html, sqlalchemy: modules }, output, () => `Wrote ${written.join(' and ')}.`);
    });
}
