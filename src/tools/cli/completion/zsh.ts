import type { Completed, CompletedCommand, CompletedOption } from '../completion.js';

/** The script for zsh, to be sourced or to lie in the fpath as `_opsdb`. */
export function zshScript(commands: readonly CompletedCommand[]): string {
  const described = commands.flatMap(({ names, description }) =>
    names.map((name) => quoted(`${name}:${description}`)),
  );
  return `#compdef opsdb
# Completion of opsdb in zsh, made by: opsdb completion zsh
_opsdb() {
  local state line
  local -a commands=(
${indented(described)}
  )
  _arguments -C '--help[show help]' '--version[show the version]' '1:command:->command' '*::argument:->argument'
  case $state in
    command) _describe command commands ;;
    argument)
      case $line[1] in
${commands.map(commandCase).join('\n')}
      esac ;;
  esac
}
if [[ $funcstack[1] == _opsdb ]]; then _opsdb "$@"; else compdef _opsdb opsdb; fi`;
}

function commandCase({ names, options, arguments: own }: CompletedCommand): string {
  const specifications = [
    ...options.flatMap(optionSpecifications),
    ...own.map((value, index) => quoted(`${index + 1}:${action(value)}`)),
  ];
  return `        ${names.join('|')}) _arguments ${specifications.join(' ')} ;;`;
}

function optionSpecifications({ flags, description, value }: CompletedOption): string[] {
  const about = `[${description.replace(/[[\]\\:]/g, '\\$&')}]`;
  return flags.map((flag) => quoted(`${flag}${about}${value ? `:${action(value)}` : ''}`));
}

function action(value: Completed): string {
  if (value.kind === 'choices') return `choice:(${value.choices.join(' ')})`;
  return value.kind === 'files' ? 'file:_files' : 'value: ';
}

function indented(lines: readonly string[]): string {
  return lines.map((line) => `    ${line}`).join('\n');
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
