import type { InstrumentModule, ObsUnit, PreScheduledSlot, Telescope } from '../../entities/index.js';
import { isObservable } from './observable.js';
import type { Random } from './random.js';
import { Sky, type SkyPosition } from './sky.js';
import { type Weather, weatherAt } from './weather.js';

/** What a night is planned from. */
export interface NightInput {
  readonly telescope: Telescope;
  /** Units that may be observed, with their source and modules, in the order of their names. */
  readonly units: readonly ObservableUnit[];
  /** Times that are kept, in the order of their starts. */
  readonly slots: readonly PreScheduledSlot[];
  /** When each unit was observed last before the night. */
  readonly lastEnds: ReadonlyMap<number, Date>;
  /** Executions in 24 hours, at most. */
  readonly rate: number;
}

/** A unit with the modules that write its data. */
export interface ObservableUnit {
  readonly unit: ObsUnit;
  readonly modules: readonly InstrumentModule[];
}

/** An execution that is to be simulated. */
export interface PlannedExecution extends ObservableUnit {
  readonly id: string;
  readonly startTime: Date;
  readonly endTime: Date;
  readonly weather: Weather;
  /** Where the source is at the start. */
  readonly position: SkyPosition;
}

const DAY_MS = 24 * 3600 * 1000;
/** Time between two executions: slewing, tuning. */
const OVERHEAD_MS = 60 * 1000;
/** How long the telescope waits when nothing can be observed. */
const PAUSE_MS = 300 * 1000;

/** When a night begins: noon, UTC. */
export function startOf(night: string): Date {
  return new Date(`${night}T12:00:00Z`);
}

/**
 * Plans the executions of a night, from noon to noon. At each moment it takes one of the units that are observable from
 * start to end, those of higher priority more often. A unit that a time is kept for goes first in it.
 */
export function planNight(dice: Random, night: string, input: NightInput): PlannedExecution[] {
  const end = startOf(night).getTime() + DAY_MS;
  const lastEnds = new Map(input.lastEnds);
  const planned: PlannedExecution[] = [];
  let now = startOf(night).getTime();
  while (now < end && planned.length < input.rate) {
    const next = chooseAt(dice, new Date(now), end, input, lastEnds);
    if (next) {
      planned.push(next);
      lastEnds.set(next.unit.id, next.endTime);
    }
    const free = next ? next.endTime.getTime() + OVERHEAD_MS : now;
    const due = next ? Math.max(free, now + DAY_MS / input.rate) : now + PAUSE_MS;
    now = Math.min(due, Math.max(free, slotAfter(input.slots, now)));
  }
  return planned;
}

function chooseAt(
  dice: Random,
  startTime: Date,
  nightEnd: number,
  { telescope, units, slots }: NightInput,
  lastEnds: ReadonlyMap<number, Date>,
): PlannedExecution | undefined {
  const weather = weatherAt(dice, startTime);
  const latestEnd = Math.min(nightEnd, slotAfter(slots, startTime.getTime()) - OVERHEAD_MS);
  const skies = new Map<number, Sky>();
  const skyAt = (instant: Date) => {
    const sky = skies.get(instant.getTime()) ?? new Sky(telescope, instant);
    skies.set(instant.getTime(), sky);
    return sky;
  };
  const observable = units.filter(({ unit }) => {
    const endTime = endOf(startTime, unit);
    if (endTime.getTime() > latestEnd) return false;
    return isObservable(unit, { telescope, startTime, endTime, skyAt, weather, lastEnds });
  });
  const kept = slots.find((slot) => slot.startTime <= startTime && startTime < slot.endTime);
  const chosen =
    observable.find(({ unit }) => unit.id === kept?.obsUnitId) ??
    dice.pick(observable, ({ unit }) => unit.priority + 1, 'unit', startTime.getTime());
  const position = chosen && skyAt(startTime).positionOf(sourceOf(chosen.unit));
  if (!position) return undefined;
  const id = dice.uuid(startTime, 'execution', chosen.unit.name);
  return { ...chosen, id, startTime, endTime: endOf(startTime, chosen.unit), weather, position };
}

/** When the next time begins that is kept for a unit. */
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
