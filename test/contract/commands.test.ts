import type { Command } from 'commander';
import { OpsDbCommand } from '../../src/tools/cli/command.js';
import { loaders } from '../../src/tools/cli/program.js';
import { commandTaking, wordsOf } from '../support/command-line.js';
import { wholeProgram } from '../support/program.js';

const commands = wholeProgram().commands as OpsDbCommand[];

function helpOf(command: Command): string {
  let text = '';
  command.configureOutput({
    writeOut: (part) => {
      text += part;
    },
  });
  command.outputHelp();
  return text;
}

describe.each(commands.map((command) => [command.name(), command] as const))('opsdb %s', (name, command) => {
  it('is a command with --json and says in sentences what it does', () => {
    expect(command).toBeInstanceOf(OpsDbCommand);
    expect(command.options.map(({ long }) => long)).toContain('--json');
    expect(command.description()).toMatch(/^[A-Z].*\.$/s);
  });

  it('shows examples in its help that it takes', async () => {
    const examples = Object.keys(command.examples);
    const taken = await Promise.all(examples.map((line) => commandTaking(wordsOf(line))));
    expect(new Set(taken)).toEqual(new Set([name]));
    const [, shown] = helpOf(command).split('\nExamples:\n');
    expect(examples.filter((line) => !shown?.includes(`\n  ${line}\n`))).toEqual([]);
  });
});

it('opsdb has every command that has a file', () => {
  expect(Object.keys(loaders).sort()).toEqual(commands.map((command) => command.name()).sort());
});
