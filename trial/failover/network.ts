/** Simulated machines: each has a network namespace on a common bridge, and a PID namespace. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';

const BRIDGE = 'opsdb-trial';
/** Addresses for benchmarks (RFC 2544), which no network uses. */
const addressOf = (number: number) => `198.18.99.${number}`;
const HOST = addressOf(254);

/** A machine with an address. Whatever runs on it ends with the present process at the latest. */
export class Machine {
  readonly address: string;
  private readonly link: string;
  private running?: ChildProcess;
  private blackholes: readonly string[] = [];

  constructor(
    readonly name: string,
    readonly number: number,
    private readonly command: readonly string[],
    private readonly log: string,
  ) {
    this.address = addressOf(number);
    this.link = `opsdb-link${number}`;
  }

  /** Its namespace. */
  private get space(): string {
    return `opsdb-trial-${this.name}`;
  }

  /** Connects it to the bridge. */
  connect(): void {
    ip('netns', 'add', this.space);
    ip('link', 'add', this.link, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', this.space);
    ip('link', 'set', this.link, 'master', BRIDGE, 'up');
    ip('-n', this.space, 'addr', 'add', `${this.address}/24`, 'dev', 'eth0');
    for (const device of ['lo', 'eth0']) ip('-n', this.space, 'link', 'set', device, 'up');
  }

  start(): void {
    const log = openSync(this.log, 'a');
    // The first process ends with its parent, and all others of the PID namespace end with the first.
    const mortal = ['setpriv', '--pdeathsig=KILL'];
    const alone = [...mortal, 'unshare', '--pid', '--fork', '--mount-proc', ...mortal, '--init-groups'];
    const asPostgres = ['--reuid=postgres', '--regid=postgres', ...this.command];
    this.running = spawn('ip', ['netns', 'exec', this.space, ...alone, ...asPostgres], {
      cwd: '/',
      stdio: ['ignore', log, log],
    });
    closeSync(log);
  }

  /** Simulates a power failure: kills all its processes at once. */
  async kill(): Promise<void> {
    if (!this.running || this.running.exitCode !== null || this.running.signalCode !== null) return;
    const gone = once(this.running, 'exit');
    this.running.kill('SIGKILL');
    await gone;
  }

  /** Disconnects it from the bridge. */
  cut(): void {
    ip('link', 'set', this.link, 'down');
  }

  /** Drops packets to some others. */
  isolateFrom(others: readonly Machine[]): void {
    this.blackholes = others.map(({ address }) => `${address}/32`);
    for (const to of this.blackholes) ip('-n', this.space, 'route', 'add', 'blackhole', to);
  }

  /** Undoes {@link cut} and {@link isolateFrom}. */
  join(): void {
    ip('link', 'set', this.link, 'up');
    for (const to of this.blackholes) ip('-n', this.space, 'route', 'del', 'blackhole', to);
    this.blackholes = [];
  }

  /** Also when it was not connected by this process. */
  remove(): void {
    this.running?.kill('SIGKILL');
    // The namespace remains until its processes have ended.
    spawnSync('ip', ['link', 'delete', this.link]);
    spawnSync('ip', ['netns', 'delete', this.space]);
  }
}

/** Connects machines with each other and with this one. */
export function connect(machines: readonly Machine[]): void {
  // A killed trial may have left them behind.
  remove(machines);
  ip('link', 'add', BRIDGE, 'type', 'bridge');
  ip('addr', 'add', `${HOST}/24`, 'dev', BRIDGE);
  ip('link', 'set', BRIDGE, 'up');
  for (const machine of machines) machine.connect();
}

/** Undoes {@link connect}, and kills what runs on the machines. */
export function remove(machines: readonly Machine[]): void {
  for (const machine of machines) machine.remove();
  spawnSync('ip', ['link', 'delete', BRIDGE]);
}

function ip(...words: string[]): void {
  const { status, stderr } = spawnSync('ip', words, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`ip ${words.join(' ')}: ${stderr}`);
}
