import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync } from 'node:fs';
import path from 'node:path';

/** A stage of a container file, as it is after its last instruction. */
export interface Stage {
  /** What stands for `/`. */
  readonly root: string;
  /** The working directory. */
  readonly cwd: string;
  /** The whole environment. */
  readonly env: Readonly<Record<string, string>>;
  /** What a container of it runs. */
  readonly command: readonly string[];
}

/** What every image of Node has; npm looks for its settings and its cache in HOME. */
const BASE = { PATH: process.env.PATH ?? '', HOME: process.env.HOME ?? '' };

/**
 * Replays a container file without an engine: each stage is a folder, each RUN a shell in it with the environment of the
 * stage alone. FROM is not obeyed, that is to say the Node of this machine stands for that of the image; nor is USER.
 * @param text of the container file
 * @param context the folder that is built
 * @param folder where the stages are to be
 * @returns the last stage
 * @throws Error when a RUN fails, with what it said
 */
export function replay(text: string, context: string, folder: string): Stage {
  const stages = new Map<string, Stage>();
  let stage: Stage | undefined;
  for (const [word, rest] of instructions(text)) {
    if (word === 'FROM') {
      const name = / AS (\w+)$/.exec(rest)?.[1] ?? 'last';
      stage = begun(path.join(folder, name));
      stages.set(name, stage);
    } else {
      if (!stage) throw new Error(`${word} stands before FROM`);
      stage = { ...stage, ...obey(word, rest, stage, context, stages) };
    }
  }
  if (!stage) throw new Error('the container file has no FROM');
  return stage;
}

function begun(root: string): Stage {
  mkdirSync(root, { recursive: true });
  return { root, cwd: root, env: BASE, command: [] };
}

/** Instructions with what follows them, without comments; lines that end with a backslash go on. */
function instructions(text: string): [word: string, rest: string][] {
  const lines = text.replaceAll('\\\n', ' ').split('\n');
  return lines
    .filter((line) => line.trim() !== '' && !line.startsWith('#'))
    .map((line) => {
      const [word = '', ...rest] = line.trim().split(/\s+/);
      return [word, rest.join(' ')];
    });
}

function obey(
  word: string,
  rest: string,
  stage: Stage,
  context: string,
  stages: ReadonlyMap<string, Stage>,
): Partial<Stage> {
  switch (word) {
    case 'WORKDIR': {
      const cwd = within(stage, rest);
      mkdirSync(cwd, { recursive: true });
      return { cwd };
    }
    case 'ENV':
      return { env: { ...stage.env, ...Object.fromEntries(rest.split(' ').map((each) => each.split('='))) } };
    case 'COPY':
      copy(rest.split(' '), stage, context, stages);
      return {};
    case 'RUN':
      run(rest, stage);
      return {};
    case 'CMD':
      return { command: JSON.parse(rest) };
    case 'USER':
      return {};
    default:
      throw new Error(`${word} is not known here: teach it to replay()`);
  }
}

/** A path of the container. */
function within({ root, cwd }: Stage, name: string): string {
  return path.isAbsolute(name) ? path.join(root, name) : path.join(cwd, name);
}

function copy(words: string[], stage: Stage, context: string, stages: ReadonlyMap<string, Stage>): void {
  const from = words[0]?.startsWith('--from=') ? words.shift()?.slice('--from='.length) : undefined;
  const to = within(stage, words.pop() as string);
  const origin = from === undefined ? undefined : stages.get(from);
  if (from !== undefined && !origin) throw new Error(`COPY --from=${from}: there is no such stage`);
  for (const word of words) {
    const source = origin ? within(origin, word) : path.join(context, word);
    const isWhole = word === '.' || words.length === 1;
    const target = isWhole && !to.endsWith('/') ? to : path.join(to, path.basename(source));
    cpSync(source, word === '.' ? to : target, { recursive: true, verbatimSymlinks: true });
  }
}

function run(line: string, { cwd, env }: Stage): void {
  const { status, stdout, stderr } = spawnSync('sh', ['-c', line], { cwd, env, encoding: 'utf8' });
  if (status !== 0) throw new Error(`RUN ${line}\n${stdout}${stderr}`);
}
