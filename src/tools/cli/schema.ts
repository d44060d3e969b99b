import { writeFileSync } from 'node:fs';
import type { Command } from 'commander';
import { schemaPage } from '../reference/index.js';
import { OpsDbCommand, type Output, print } from './command.js';

interface Options extends Output {
  readonly html: string;
}

/** `opsdb schema`: a page to browse the model. */
export function schemaCommand(): Command {
  return new OpsDbCommand('schema', { 'opsdb schema --html schema.html': 'the model of this version' })
    .description(
      'Write a page to browse the model: search, diagrams, columns, rules, examples; self-contained.',
    )
    .requiredOption('--html <file>', 'the file to write')
    .action(async ({ html, ...output }: Options) => {
      writeFileSync(html, await schemaPage());
      print({ html }, output, () => `Wrote ${html}.`);
    });
}
