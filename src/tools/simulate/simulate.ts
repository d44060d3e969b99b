import { type DataSource, IsNull, LessThan } from 'typeorm';
import { effectiveSettings, type InitOptions } from '../../database/connection-settings.js';
import { oneOf } from '../../database/one-of.js';
import { assertSchema } from '../../database/prepare-schema.js';
import { createDataSource } from '../../datasource.js';
import { ExecutedObsUnit, Telescope } from '../../entities/index.js';
import { OpsDbError } from '../../errors.js';
import { environmentText, isForRehearsal, type Settings } from '../../settings/index.js';
import { type CheckResult, checkInvariants } from '../integrity/index.js';
import { readStages, type StageProgress } from '../report/index.js';
import { emptyTallies, type Tallies } from './drain.js';
import { type Faults, NO_FAULTS } from './faults.js';
import { type HealthOfCopies, healthOfCopies } from './health-of-copies.js';
import { readNightInput, sourceLocations } from './input.js';
import { type PlannedExecution, planNight, startOf } from './night-plan.js';
import { type Filing, observe } from './observe.js';
import { Random } from './random.js';
import { Room } from './room.js';
import { planAll, planVerification, type Recovered, recoverAll } from './round.js';
import { countRows } from './rows.js';
import { outage, overTheLink } from './telescope-calls.js';
import { oneWorker, sum, type Workers, workerProcesses } from './workers.js';

/** What is simulated. */
export interface SimulationOptions {
  /** The first night, as `2026-12-01`. */
  readonly firstNight: string;
  /** How many nights. */
  readonly nights: number;
  /** Executions in a night, at most. */
  readonly rate: number;
  /** The same seed gives the same simulation. */
  readonly seed: string;
  /** Injected faults; none where left out. */
  readonly faults?: Faults;
  /** Worker processes; 0 works in this process, as it must be on SQLite. By default 0. */
  readonly workers?: number;
  /** No bundle is larger than this [byte]; by default 0.5 TB, and no more than an eighth of `roomBytes`. */
  readonly bundleBytes?: number;
  /** Room at the buffers that bundles are brought to, all together [byte]; without a limit where left out. */
  readonly roomBytes?: number;
  /** Called after each quarter of a night, and after each round of the rest. */
  readonly onProgress?: (progress: SimulationProgress) => void;
}

/** Progress of a simulation. */
export interface SimulationProgress {
  /** The night, or null when only the work that is left is done. */
  readonly night: string | null;
  /** Quarters of nights that are done, and one more when all that was left is done. */
  readonly done: number;
  /** Quarters of all nights, and one more. */
  readonly all: number;
  /** What was done since the last call, by the name of the stage. */
  readonly tallies: Tallies;
  /** How far the data of all these nights have come. */
  readonly stages: readonly StageProgress[];
}

/** Result of a simulation. A second simulation with the same options does nothing: everything is done already. */
export interface SimulationResult {
  /** The seed of the options. */
  readonly seed: string;
  /** The nights that were simulated. */
  readonly nights: readonly string[];
  /** Executions that were added. */
  readonly executions: number;
  /** Files that were added. */
  readonly files: number;
  /** Bytes of the files. */
  readonly bytes: number;
  /** Calls of the telescope that were made once more than needed. */
  readonly duplicates: number;
  /** Executions whose end came late. */
  readonly lateEnds: number;
  /** Quarters of nights in which the link was down. */
  readonly outages: number;
  /** Calls that waited in the spool for the end of an outage. */
  readonly spooledCalls: number;
  /** Counts of the work, by stage. */
  readonly stages: Tallies;
  /** Work that was released from dead workers or retried. */
  readonly recovered: Recovered;
  /** Counts of verifications and repairs. */
  readonly health: HealthOfCopies;
  /** Largest amount that was stored at the buffers that bundles are brought to [byte]. */
  readonly mostBytes: number;
  /** Rows that were added to all tables. */
  readonly rows: number;
  /** How long it took [s]. */
  readonly seconds: number;
  /** Rows that were added in a second [1/s]. */
  readonly rowsPerSecond: number;
  /** Results of the check, settled invariants included. */
  readonly check: readonly CheckResult[];
}

/** Parts that a night is observed in; after each of them the managers and workers have their turn. */
const PARTS = 4;
const DAY_S = 24 * 3600;
/** More rounds than this mean that something is stuck. */
const MOST_ROUNDS = 1000;

/**
 * Simulates nights at the observatory: plans them, observes, and lets the data go all the way to the archive, through
 * reduction and to their deletion at the telescope. It needs a database with the starting state, and uses the functions
 * that services use. All its state is in the database: after an interruption the same call continues.
 *
 * Nothing else may work on the database meanwhile: the work of others would be taken from them.
 * @throws OpsDbError `schema_mismatch` when there are no tables; `seed_data_invalid` when there is nothing to observe;
 *   `filing_conflict` when a night holds executions of something else; `filing_refused` in an environment that is known
 *   to be neither for development nor for staging
 *
 * @example
 * import { initCcatOpsDb, RawDataPackage } from 'ccat-ops-db';
 * import { simulate } from 'ccat-ops-db/simulate';
 *
 * const night = { firstNight: '2026-11-30', nights: 1, rate: 2, seed: '1' };
 * const { executions, check } = await simulate({}, night);
 * console.log(executions); // 2
 * console.log(check.every(({ broken }) => broken === 0)); // true
 *
 * const { session, dataSource } = await initCcatOpsDb();
 * console.log(await session.countBy(RawDataPackage, { state: 'archived' })); // 2
 * await dataSource.destroy();
 */
export async function simulate(
  connection: InitOptions,
  options: SimulationOptions,
): Promise<SimulationResult> {
  assertMaySimulate(effectiveSettings(connection));
  const dataSource = await createDataSource(connection).initialize();
  const { seed, faults = NO_FAULTS, workers = 0 } = options;
  const workerOptions = { connection, seed, faults, worker: `simulation-${process.pid}` };
  const started =
    workers > 0 ? workerProcesses(workers, workerOptions) : oneWorker(dataSource, workerOptions);
  try {
    return await new Simulation(dataSource, started, options).run();
  } finally {
    started.stop();
    await dataSource.destroy();
  }
}

/** Simulated nights among those of the observatory could not be told apart afterwards. */
function assertMaySimulate({ environment }: Settings): void {
  if (isForRehearsal(environment)) return;
  throw new OpsDbError(
    'filing_refused',
    `the environment is ${environmentText(environment)} (ENV_FOR_DYNACONF), which is known to be neither for development nor for staging: ` +
      'nothing is simulated there. Choose a database of development or staging',
  );
}

type LateEnd = () => Promise<void>;

class Simulation {
  private readonly random: Random;
  private readonly faults: Faults;
  private readonly observed = {
    executions: 0,
    files: 0,
    bytes: 0,
    duplicates: 0,
    lateEnds: 0,
    outages: 0,
    spooledCalls: 0,
  };
  private stages = emptyTallies();
  private recovered: Recovered = { released: 0, retried: 0, restarted: 0 };
  private readonly room: Room;
  private planned = 0;
  private done = 0;

  constructor(
    private readonly dataSource: DataSource,
    private readonly workers: Workers,
    private readonly options: SimulationOptions,
  ) {
    this.random = new Random(options.seed);
    this.faults = options.faults ?? NO_FAULTS;
    this.room = new Room(dataSource, options.roomBytes);
  }

  async run(): Promise<SimulationResult> {
    const { seed } = this.options;
    const start = performance.now();
    await assertSchema(this.dataSource);
    const before = await countRows(this.dataSource);
    const nights = this.nights();
    await this.setClock(nights.at(-1) as string);
    // Releases the work of an interrupted simulation.
    await this.recover();
    await this.room.limit();
    const sourceOf = await sourceLocations(this.dataSource.manager);
    const calls = overTheLink(this.dataSource.manager);
    const filing = { dataSource: this.dataSource, calls, random: this.random, faults: this.faults, sourceOf };
    for (const night of await this.toDo(nights)) await this.night(night, filing);
    await this.settle(nights.at(-1) as string);
    const health = await healthOfCopies(this.dataSource.manager);
    const rows = (await countRows(this.dataSource)) - before;
    const seconds = (performance.now() - start) / 1000;
    const rowsPerSecond = Math.round(rows / seconds);
    const check = await checkInvariants(this.dataSource.manager, { settled: true, silentForS: 0 });
    const { observed, stages, recovered } = this;
    const { mostBytes } = this.room;
    return {
      seed,
      nights,
      ...observed,
      stages,
      recovered,
      health,
      mostBytes,
      rows,
      seconds,
      rowsPerSecond,
      check,
    };
  }

  private nights(): string[] {
    const { firstNight, nights } = this.options;
    const first = startOf(firstNight).getTime();
    return Array.from({ length: nights }, (_, index) =>
      new Date(first + index * DAY_S * 1000).toISOString().slice(0, 10),
    );
  }

  /** The nights may lie in the future: the database takes executions up to their end. */
  private async setClock(lastNight: string): Promise<void> {
    const { manager } = this.dataSource;
    const simulatedUntil = new Date(startOf(lastNight).getTime() + DAY_S * 1000);
    await manager.update(Telescope, { simulatedUntil: IsNull() }, { simulatedUntil });
    await manager.update(Telescope, { simulatedUntil: LessThan(simulatedUntil) }, { simulatedUntil });
  }

  /** A night is observed to its end before the next one begins. */
  private async toDo(nights: readonly string[]): Promise<readonly string[]> {
    const { manager } = this.dataSource;
    const latest = await manager.findOne(ExecutedObsUnit, {
      where: { observingNight: oneOf(manager, nights) },
      order: { observingNight: 'DESC' },
    });
    const complete = latest ? nights.indexOf(latest.observingNight) : 0;
    this.done = complete * PARTS;
    return nights.slice(complete);
  }

  private async night(night: string, filing: Filing): Promise<void> {
    const { manager } = this.dataSource;
    const planned = planNight(this.random, night, await readNightInput(manager, night, this.options.rate));
    await this.assertOwn(night, planned);
    for (let part = 1; part <= PARTS; part++) {
      const end = startOf(night).getTime() + (part / PARTS) * DAY_S * 1000;
      const begin = end - (DAY_S / PARTS) * 1000;
      const isDown = this.random.happens(this.faults.linkDown, 'link-down', night, part);
      const down = isDown ? outage(this.dataSource) : undefined;
      const late = await this.observe(
        { ...filing, calls: down ?? filing.calls },
        planned.filter(({ startTime }) => begin <= startTime.getTime() && startTime.getTime() < end),
      );
      const tallies = await this.round(new Date(end), part === PARTS ? DAY_S : DAY_S / PARTS);
      for (const fileEnd of late) await fileEnd();
      if (down) {
        this.observed.outages += 1;
        this.observed.spooledCalls += await down.isOver();
      }
      this.done += 1;
      await this.report(night, tallies);
    }
    if (this.faults.bitRot > 0) await this.verify(new Date(startOf(night).getTime() + DAY_S * 1000));
  }

  /** Copies are verified, and those that have rotted are repaired. */
  private async verify(now: Date): Promise<void> {
    const { dataSource, random } = this;
    await planVerification({ dataSource, random, now });
    await this.round(now, 0);
    // Plans the repair of copies that were found bad.
    await this.round(now, 0);
  }

  /** @returns the ends that are to be filed later */
  private async observe(filing: Filing, executions: readonly PlannedExecution[]): Promise<LateEnd[]> {
    const { observed } = this;
    const lateEnds: LateEnd[] = [];
    for (const execution of executions) {
      const { isNew, files, bytes, duplicates, late } = await observe(filing, execution);
      if (late) lateEnds.push(late);
      observed.files += files;
      observed.bytes += bytes;
      if (!isNew) continue;
      observed.executions += 1;
      observed.duplicates += duplicates;
      observed.lateEnds += late ? 1 : 0;
    }
    return lateEnds;
  }

  /** Works until nothing is left to do. */
  private async settle(lastNight: string): Promise<void> {
    const now = new Date(startOf(lastNight).getTime() + DAY_S * 1000);
    for (let round = 0; round < MOST_ROUNDS; round++) {
      const before = this.effort();
      const tallies = await this.round(now, Number.POSITIVE_INFINITY);
      const isEnd = this.effort() === before;
      if (isEnd) this.done += 1;
      await this.report(null, tallies);
      if (isEnd) return;
    }
    throw new Error(`the work does not come to an end within ${MOST_ROUNDS} rounds`);
  }

  private effort(): number {
    const { released, retried, restarted } = this.recovered;
    const tallies = Object.values(this.stages);
    return this.planned + released + retried + restarted + tallies.reduce((all, { done }) => all + done, 0);
  }

  /** The managers plan, the workers work, and work of dead workers is recovered. */
  private async round(now: Date, elapsedS: number): Promise<Tallies> {
    const { dataSource, random } = this;
    const { bundleBytes = this.room.bundleBytes } = this.options;
    const isDue = ({ cooldownSeconds }: { cooldownSeconds: number }) => cooldownSeconds <= elapsedS;
    this.planned += await planAll({ dataSource, random, now, bundleBytes, isDue });
    const tallies = await this.room.watch(() => this.workers.drain());
    this.stages = sum([this.stages, tallies]);
    await this.recover();
    return tallies;
  }

  private async recover(): Promise<void> {
    const { released, retried, restarted } = await recoverAll(this.dataSource);
    this.recovered = {
      released: this.recovered.released + released,
      retried: this.recovered.retried + retried,
      restarted: this.recovered.restarted + restarted,
    };
  }

  private async assertOwn(night: string, planned: readonly PlannedExecution[]): Promise<void> {
    const own = new Set(planned.map(({ id }) => id));
    const found = await this.dataSource.manager.findBy(ExecutedObsUnit, { observingNight: night });
    const foreign = found.filter(({ id }) => !own.has(id));
    if (foreign.length > 0)
      throw new OpsDbError(
        'filing_conflict',
        `the night ${night} has ${foreign.length} executions that are not of this simulation, such as ` +
          `${foreign[0]?.id}: simulate other nights, or with the seed and the rate that they were simulated with`,
      );
  }

  private async report(night: string | null, tallies: Tallies): Promise<void> {
    const { onProgress, nights: count } = this.options;
    if (!onProgress) return;
    const nights = this.nights();
    const stages = await readStages(this.dataSource.manager, [nights[0] as string, nights.at(-1) as string]);
    onProgress({ night, done: this.done, all: count * PARTS + 1, tallies, stages });
  }
}
