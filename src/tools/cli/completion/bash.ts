import type { Completed, CompletedCommand } from '../completion.js';

/** The script for bash. Where it offers no word, bash completes the names of files. */
export function bashScript(commands: readonly CompletedCommand[]): string {
  return `# Completion of opsdb in bash, made by: opsdb completion bash
_opsdb() {
  local current=\${COMP_WORDS[COMP_CWORD]} words=
  if ((COMP_CWORD == 1)); then
    words='${commands.flatMap(({ names }) => names).join(' ')} --help --version'
  else
    case "\${COMP_WORDS[1]} \${COMP_WORDS[COMP_CWORD-1]}" in
${commands.flatMap(valueCases).join('\n')}
      *)
        case "\${COMP_WORDS[1]}" in
${commands.map(commandCase).join('\n')}
        esac ;;
    esac
  fi
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -o default -F _opsdb opsdb`;
}

/** One case for each option that takes a value. */
function valueCases({ names, options }: CompletedCommand): string[] {
  return options.flatMap(({ flags, value }) => {
    if (!value) return [];
    const patterns = names.flatMap((name) => flags.map((flag) => `'${name} ${flag}'`));
    return [`      ${patterns.join('|')}) ${offer(value)} ;;`];
  });
}

function commandCase({ names, options, arguments: own }: CompletedCommand): string {
  const flags = `words='${options.flatMap((option) => option.flags).join(' ')}'`;
  const [first] = own;
  const offered =
    first && first.kind !== 'value'
      ? `if [[ $current == -* ]]; then ${flags}; else ${offer(first)}; fi`
      : flags;
  return `          ${names.join('|')}) ${offered} ;;`;
}

function offer(value: Completed): string {
  if (value.kind === 'choices') return `words='${value.choices.join(' ')}'`;
  return value.kind === 'files' ? 'words=' : 'compopt +o default';
}
