import { Argument, type Command, type Option } from 'commander';
import { OpsDbCommand, type Output, print } from './command.js';
import { bashScript } from './completion/bash.js';
import { fishScript } from './completion/fish.js';
import { zshScript } from './completion/zsh.js';

const SCRIPTS = { bash: bashScript, zsh: zshScript, fish: fishScript } as const;

/** `opsdb completion`: the script by which a shell completes commands, options and files, made from the commands. */
export function completionCommand(): Command {
  const command: Command = new OpsDbCommand('completion', {
    'source <(opsdb completion bash)': 'in this bash, or zsh with its name',
    'opsdb completion bash >> ~/.bashrc': 'for every new bash',
    'opsdb completion zsh > ~/.zfunc/_opsdb': 'for every new zsh, where ~/.zfunc is in its fpath',
    'opsdb completion fish > ~/.config/fish/completions/opsdb.fish': 'for every new fish',
  })
    .description('Print the script by which a shell completes commands and options with the Tab key.')
    .addArgument(new Argument('<shell>', 'which shell').choices(Object.keys(SCRIPTS)))
    .action((shell: keyof typeof SCRIPTS, output: Output) => {
      const script = SCRIPTS[shell](describeProgram(command.parent as Command));
      print({ shell, script }, output, () => script);
    });
  return command;
}

/** How the value of an option or an argument is completed. */
export type Completed =
  | { readonly kind: 'files' }
  | { readonly kind: 'choices'; readonly choices: readonly string[] }
  /** A value that the shell cannot complete. */
  | { readonly kind: 'value' };

export interface CompletedOption {
  /** As typed, such as `--html` and `-h`. */
  readonly flags: readonly string[];
  readonly description: string;
  /** Undefined for an option without a value. */
  readonly value: Completed | undefined;
}

/** A command, for completion. */
export interface CompletedCommand {
  /** The name first, then its aliases. */
  readonly names: readonly string[];
  readonly description: string;
  readonly options: readonly CompletedOption[];
  readonly arguments: readonly Completed[];
}

function describeProgram(program: Command): CompletedCommand[] {
  const help = program.createHelp();
  const commands = help.visibleCommands(program).filter((command) => command.name() !== 'help');
  return commands.map((command) => ({
    names: [command.name(), ...command.aliases()],
    description: help.subcommandDescription(command),
    options: help.visibleOptions(command).map((option) => ({
      flags: [option.long, option.short].filter((flag) => flag !== undefined),
      description: option.description,
      value: option.required || option.optional ? completed(valueName(option), option.argChoices) : undefined,
    })),
    arguments: help
      .visibleArguments(command)
      .map((argument) => completed(argument.name(), argument.argChoices)),
  }));
}

/** The name of the value of an option: `file` in `--html <file>`. */
function valueName({ flags }: Option): string {
  return /[<[](\w+)/.exec(flags)?.[1] ?? '';
}

function completed(name: string, choices?: readonly string[]): Completed {
  if (choices) return { kind: 'choices', choices };
  return /^(file|folder|path)/.test(name) ? { kind: 'files' } : { kind: 'value' };
}
