import type { Completed, CompletedCommand, CompletedOption } from '../completion.js';

/** The script for fish: one line for each command and option. */
export function fishScript(commands: readonly CompletedCommand[]): string {
  return [
    '# Completion of opsdb in fish, made by: opsdb completion fish',
    'complete -c opsdb -f',
    ...commands.flatMap(({ names, description }) =>
      names.map((name) => `complete -c opsdb -n __fish_use_subcommand -a ${name} -d ${quoted(description)}`),
    ),
    ...commands.flatMap(({ names, options, arguments: own }) => {
      const line = `complete -c opsdb -n ${quoted(`__fish_seen_subcommand_from ${names.join(' ')}`)}`;
      return [...options.map(optionOf), ...own.flatMap(argumentOf)].map((rest) => `${line} ${rest}`);
    }),
  ].join('\n');
}

function optionOf({ flags, description, value }: CompletedOption): string {
  const names = flags.map((flag) => (flag.startsWith('--') ? `-l ${flag.slice(2)}` : `-s ${flag.slice(1)}`));
  const taken = value ? [value.kind === 'files' ? '-r -F' : '-x', ...choicesOf(value)] : [];
  return [...names, ...taken, `-d ${quoted(description)}`].join(' ');
}

function argumentOf(value: Completed): string[] {
  return value.kind === 'files' ? ['-F'] : choicesOf(value);
}

function choicesOf(value: Completed): string[] {
  return value.kind === 'choices' ? [`-a ${quoted(value.choices.join(' '))}`] : [];
}

function quoted(text: string): string {
  return `'${text.replace(/[\\']/g, '\\$&')}'`;
}
