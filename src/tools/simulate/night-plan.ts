import type { ObsUnit, PreScheduledSlot, Telescope } from '../../entities/index.js';
import {
  isObservable,
  type ObservableUnit,
  type Sky,
  type SkyPosition,
  skyAt,
} from '../../services/sky/index.js';
import { longestOverheadS, overheadS } from './overhead.js';
import type { Random } from './random.js';
import { type Weather, weatherAt } from './weather.js';

/** Input of the plan of a night. */
export interface NightInput {
  readonly telescope: Telescope;
  /** Units that may be observed, with their source and modules, in the order of their names. */
  readonly units: readonly ObservableUnit[];
  /** Pre-scheduled slots, in the order of their starts. */
  readonly slots: readonly PreScheduledSlot[];
  /** When each unit was observed last before the night. */
  readonly lastEnds: ReadonlyMap<number, Date>;
  /** Executions in 24 hours, at most. */
  readonly rate: number;
}

/** An execution that is to be simulated. */
export interface PlannedExecution extends ObservableUnit {
  readonly id: string;
  readonly startTime: Date;
  readonly endTime: Date;
  readonly weather: Weather;
  /** Position of the source at the start. */
  readonly position: SkyPosition;
}

const DAY_MS = 24 * 3600 * 1000;
/** How long the telescope waits when nothing can be observed. */
const PAUSE_MS = 300 * 1000;

/** When a night begins: noon, UTC. */
export function startOf(night: string): Date {
  return new Date(`${night}T12:00:00Z`);
}

/** Starts are whole multiples of this after the telescope is free, so that units share computed positions. */
const START_STEP_MS = 10 * 1000;

/**
 * Plans the executions of a night, from noon to noon. At each moment it takes one of the units that are observable from
 * start to end, those of higher priority more often. In a pre-scheduled slot its unit goes first. Between two
 * executions the telescope slews and settles, and detectors that need it are retuned.
 */
export function planNight(random: Random, night: string, input: NightInput): PlannedExecution[] {
  const end = startOf(night).getTime() + DAY_MS;
  const lastEnds = new Map(input.lastEnds);
  const planned: PlannedExecution[] = [];
  let now = startOf(night).getTime();
  while (now < end && planned.length < input.rate) {
    const next = chooseAt(random, now, end, input, lastEnds, planned.at(-1));
    if (next) {
      planned.push(next);
      lastEnds.set(next.unit.id, next.endTime);
    }
    const free = next ? next.endTime.getTime() : now;
    const due = next ? Math.max(free, now + DAY_MS / input.rate) : now + PAUSE_MS;
    now = Math.min(due, Math.max(free, slotAfter(input.slots, now)));
  }
  return planned;
}

function chooseAt(
  random: Random,
  now: number,
  nightEnd: number,
  { telescope, units, slots }: NightInput,
  lastEnds: ReadonlyMap<number, Date>,
  before: PlannedExecution | undefined,
): PlannedExecution | undefined {
  const overheadMs =
    1000 *
    longestOverheadS(
      telescope,
      units.map(({ unit }) => unit),
    );
  const latestEnd = Math.min(nightEnd, slotAfter(slots, now) - overheadMs);
  const skies = new Map<number, Sky>();
  const skyOf = (instant: Date) => {
    const sky = skies.get(instant.getTime()) ?? skyAt(telescope, instant);
    skies.set(instant.getTime(), sky);
    return sky;
  };
  const startOfUnit = (unit: ObsUnit): Date => {
    const position = before && skyOf(new Date(now)).positionOf(sourceOf(unit));
    if (!position) return new Date(now);
    const ready = before.endTime.getTime() + 1000 * overheadS(telescope, unit, before.position, position);
    return new Date(Math.max(now, now + START_STEP_MS * Math.ceil((ready - now) / START_STEP_MS)));
  };
  const observable = units
    .map((one) => ({ ...one, startTime: startOfUnit(one.unit) }))
    .filter(({ unit, startTime }) => {
      const endTime = endOf(startTime, unit);
      if (endTime.getTime() > latestEnd) return false;
      const weather = weatherAt(random, startTime);
      return isObservable(unit, { telescope, startTime, endTime, skyOf, weather, lastEnds });
    });
  const kept = slots.find((slot) => slot.startTime.getTime() <= now && now < slot.endTime.getTime());
  const chosen =
    observable.find(({ unit }) => unit.id === kept?.obsUnitId) ??
    random.pick(observable, ({ unit }) => unit.priority + 1, 'unit', now);
  if (!chosen) return undefined;
  const { startTime, unit } = chosen;
  const position = skyOf(startTime).positionOf(sourceOf(unit)) as SkyPosition;
  return {
    ...chosen,
    id: random.uuid(startTime, 'execution', unit.name),
    endTime: endOf(startTime, unit),
    weather: weatherAt(random, startTime),
    position,
  };
}

/** The start of the next pre-scheduled slot. */
function slotAfter(slots: readonly PreScheduledSlot[], now: number): number {
  return (
    slots.find(({ startTime }) => startTime.getTime() > now)?.startTime.getTime() ?? Number.POSITIVE_INFINITY
  );
}

function endOf(startTime: Date, { durationS }: ObsUnit): Date {
  return new Date(startTime.getTime() + durationS * 1000);
}

function sourceOf({ source, name }: ObsUnit) {
  if (source) return source;
  throw new TypeError(`obs unit ${name} was loaded without its source`);
}
