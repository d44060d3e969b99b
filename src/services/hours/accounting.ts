import { Between, type EntityManager, LessThan, MoreThan } from 'typeorm';
import {
  ExecutedObsUnit,
  Telescope,
  TimeAllocation,
  TimeCorrection,
  type TimeUse,
} from '../../entities/index.js';
import { OpsDbError } from '../../errors.js';
import { assertOptions, assertText, invalidArgument } from '../../values/arguments.js';
import { DATE_WANTED, isCalendarDate } from '../../values/instant.js';
import { readMany } from '../reading/index.js';
import { sharesOf, type TimeShare } from './share.js';

/** Nights from one to another. */
export interface NightRange {
  /** First night, such as `2026-11-30`: from noon to noon in UTC. */
  readonly firstNight: string;
  /** Last night. */
  readonly lastNight: string;
}

/** What is accounted. */
export interface AccountingOptions {
  /** Nights, one night, or the name of a period of {@link TimeAllocation}. */
  readonly period: NightRange | string;
  /** Short name of a program: rows of others are left out; the nights stay whole. */
  readonly program?: string;
  /** Short name of the telescope; by default the first. */
  readonly telescope?: string;
}

/** Seconds of each use; they add up to the whole. */
export interface TimeSums {
  /** Observed for programs, with data that count [s]. */
  readonly chargedS: number;
  /** Lost to weather [s]. */
  readonly lostWeatherS: number;
  /** Lost to faults [s]. */
  readonly lostFaultS: number;
  /** Lost in all [s]. */
  readonly lostS: number;
  /** Observed for calibration programs [s]. */
  readonly calibrationS: number;
  /** Slews, settling and retunes, and calibration, which serves all programs [s]. */
  readonly overheadS: number;
  /** Nothing was done [s]. */
  readonly idleS: number;
}

/** The time of a night; charged, lost, overhead and idle add up to its length. */
export interface NightTime extends TimeSums {
  /** The night. */
  readonly night: string;
  /** From noon to noon [s]. */
  readonly lengthS: number;
}

/** The time of a program, or of a project of it, with one instrument. */
export interface ProgramTime extends TimeSums {
  /** Short name of the program; null for time of none. */
  readonly program: string | null;
  /** Short name of the project; null for time of none. */
  readonly project: string | null;
  /** The instruments; null where none observed. */
  readonly instrument: string | null;
}

/** What a program or project was granted and has used. */
export interface AllocationUse {
  /** Short name of the program. */
  readonly program: string;
  /** Short name of the project; null for the program as a whole. */
  readonly project: string | null;
  /** Name of the period. */
  readonly period: string;
  /** Granted [h]. */
  readonly allocatedH: number;
  /** Charged in the nights that are accounted [h]. */
  readonly chargedH: number;
  /** Still to be used [h]. */
  readonly remainingH: number;
}

/** How the observing time of some nights was used. */
export interface TimeAccount {
  /** Each night. */
  readonly nights: readonly NightTime[];
  /** By program, project and instrument. */
  readonly programs: readonly ProgramTime[];
  /** Allocations of periods that the nights lie in. */
  readonly allocations: readonly AllocationUse[];
  /** Each stretch of time, in order. */
  readonly shares: readonly (TimeShare & { readonly night: string })[];
}

const DAY_MS = 24 * 3600 * 1000;
/** An execution does not last longer. */
const LONGEST_MS = 2 * DAY_MS;
const MOST_NIGHTS = 1000;

/**
 * How the observing time of a telescope was used: charged to programs, lost to weather and faults, overhead and calibration, idle.
 * It follows from the executions, their status and quality, and from what operators have corrected.
 * @param options the nights, and of which program
 * @throws OpsDbError `value_invalid` for what is no period; `nothing_found` for a period or telescope that is not known
 *
 * @example
 * import { timeAccounting } from 'ccat-ops-db';
 *
 * const { nights } = await timeAccounting(session, { period: '2026-11-30' });
 * for (const { night, lengthS, chargedS, lostS, overheadS, idleS } of nights)
 *   console.log(night, chargedS + lostS + overheadS + idleS === lengthS); // 2026-11-30 true
 */
export async function timeAccounting(
  manager: EntityManager,
  options: AccountingOptions,
): Promise<TimeAccount> {
  assertOptions('options', options);
  const { program } = options;
  const allocations = await readMany(manager, TimeAllocation, {
    relations: { observingProgram: true, subObservingProgram: true },
    order: { id: 'ASC' },
  });
  const range = nightsOf(options.period, allocations);
  const telescope = await telescopeOf(manager, options.telescope);
  const [from, to] = [noon(range.firstNight), noon(range.lastNight) + DAY_MS];
  const [executions, corrections] = await readTime(manager, telescope, new Date(from), new Date(to));
  const isOfProgram = (one: { readonly program: string | null }) =>
    program === undefined || one.program === program;
  const nights: NightTime[] = [];
  const shares: (TimeShare & { night: string })[] = [];
  for (let start = from; start < to; start += DAY_MS) {
    const night = new Date(start).toISOString().slice(0, 10);
    const ofNight = sharesOf(start, start + DAY_MS, executions, corrections);
    nights.push({ night, lengthS: DAY_MS / 1000, ...sumsOf(ofNight) });
    shares.push(...ofNight.filter(isOfProgram).map((share) => ({ night, ...share })));
  }
  return {
    nights,
    programs: programsOf(shares),
    allocations: allocations
      .filter((one) => one.firstNight <= range.lastNight && range.firstNight <= one.lastNight)
      .map((one) => useOf(one, shares))
      .filter(isOfProgram),
    shares,
  };
}

function nightsOf(period: NightRange | string, allocations: readonly TimeAllocation[]): NightRange {
  if (typeof period === 'string' && isCalendarDate(period)) return { firstNight: period, lastNight: period };
  if (typeof period === 'string') {
    const named = allocations.filter((one) => one.period === period);
    const [first] = named;
    if (!first)
      throw new OpsDbError(
        'nothing_found',
        `no allocation has the period ${period}: give a night, such as 2026-11-30, or { firstNight, lastNight }`,
      );
    return {
      firstNight: named
        .map(({ firstNight }) => firstNight)
        .reduce((one, other) => (one < other ? one : other)),
      lastNight: named.map(({ lastNight }) => lastNight).reduce((one, other) => (one > other ? one : other)),
    };
  }
  assertOptions('period', period);
  for (const [name, night] of Object.entries({
    firstNight: period.firstNight,
    lastNight: period.lastNight,
  })) {
    assertText(name, night);
    if (!isCalendarDate(night)) throw invalidArgument(name, night, DATE_WANTED);
  }
  const { firstNight, lastNight } = period;
  if (firstNight > lastNight || (noon(lastNight) - noon(firstNight)) / DAY_MS >= MOST_NIGHTS)
    throw invalidArgument(
      'lastNight',
      lastNight,
      `on or after ${firstNight}, and less than ${MOST_NIGHTS} nights later`,
    );
  return period;
}

async function telescopeOf(manager: EntityManager, shortName: string | undefined): Promise<Telescope> {
  const where = shortName === undefined ? {} : { shortName };
  const telescope = await manager.findOne(Telescope, { where, order: { id: 'ASC' } });
  if (telescope) return telescope;
  throw new OpsDbError(
    'nothing_found',
    `no telescope has the short name ${shortName ?? ''}: see opsdb schema`,
  );
}

/** What was executed with a telescope in a window, and what operators say of it. */
async function readTime(
  manager: EntityManager,
  { id: telescopeId }: Telescope,
  from: Date,
  to: Date,
): Promise<[ExecutedObsUnit[], TimeCorrection[]]> {
  const started = await readMany(manager, ExecutedObsUnit, {
    where: { startTime: Between(new Date(from.getTime() - LONGEST_MS), to) },
    relations: {
      obsUnit: {
        observingProgram: true,
        subObservingProgram: true,
        instrumentModuleConfigurations: { instrumentModule: { instrument: true } },
      },
    },
    order: { startTime: 'ASC', id: 'ASC' },
  });
  const executions = started.filter(({ obsUnit }) => {
    const modules = obsUnit?.instrumentModuleConfigurations ?? [];
    return (
      modules.length === 0 ||
      modules.some(({ instrumentModule }) => instrumentModule?.instrument?.telescopeId === telescopeId)
    );
  });
  const corrections = await readMany(manager, TimeCorrection, {
    where: { telescopeId, startTime: LessThan(to), endTime: MoreThan(from) },
    relations: { observingProgram: true },
    order: { id: 'ASC' },
  });
  return [executions, corrections];
}

function noon(night: string): number {
  return Date.parse(`${night}T12:00:00Z`);
}

function sumsOf(shares: readonly TimeShare[]): TimeSums {
  const sum = (...uses: TimeUse[]) =>
    shares.reduce(
      (ms, { use, start, end }) => ms + (uses.includes(use) ? end.getTime() - start.getTime() : 0),
      0,
    ) / 1000;
  return {
    chargedS: sum('charged'),
    lostWeatherS: sum('lost_weather'),
    lostFaultS: sum('lost_fault'),
    lostS: sum('lost_weather', 'lost_fault'),
    calibrationS: sum('calibration'),
    overheadS: sum('overhead', 'calibration'),
    idleS: sum('idle'),
  };
}

function programsOf(shares: readonly TimeShare[]): ProgramTime[] {
  const groups = new Map<string, TimeShare[]>();
  for (const share of shares) {
    const key = JSON.stringify([share.program, share.project, share.instrument]);
    groups.set(key, [...(groups.get(key) ?? []), share]);
  }
  return [...groups.entries()]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([key, group]) => {
      const [program, project, instrument] = JSON.parse(key);
      return { program, project, instrument, ...sumsOf(group) };
    });
}

function useOf(
  allocation: TimeAllocation,
  shares: readonly (TimeShare & { readonly night: string })[],
): AllocationUse {
  const { period, firstNight, lastNight, hours, observingProgram, subObservingProgram } = allocation;
  const program = observingProgram?.shortName ?? '';
  const project = subObservingProgram?.shortName ?? null;
  const own = shares.filter(
    (share) =>
      share.program === program &&
      (project === null || share.project === project) &&
      firstNight <= share.night &&
      share.night <= lastNight,
  );
  const chargedH = sumsOf(own).chargedS / 3600;
  return { program, project, period, allocatedH: hours, chargedH, remainingH: hours - chargedH };
}
