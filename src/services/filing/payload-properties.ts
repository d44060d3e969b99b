/**
 * What services may send to be filed, and what they must: the doors of filing check it, and the JSON Schemas say it.
 */
import { ExecutedObsUnitStatus } from '../../entities/index.js';
import type { Door, StrictDoor } from '../../values/canonical.js';
import { json, keys, name, oneOf, uuids } from '../../values/kinds.js';
import type { ObservationConditions } from './conditions.js';
import type { ObservationEnd, ObservationStart } from './observations.js';
import type { NewRawDataFile, NewRawDataPackage } from './raw-data.js';
import type { NewSlot } from './slots.js';

/** What services send to be filed, by name. */
export interface Payloads {
  /** What `startObservation` takes. */
  readonly ObservationStart: ObservationStart;
  /** What `finishObservation` takes. */
  readonly ObservationEnd: ObservationEnd;
  /** What `fileRawDataFiles` takes of each file. */
  readonly NewRawDataFile: NewRawDataFile;
  /** What `fileRawDataPackage` takes. */
  readonly NewRawDataPackage: NewRawDataPackage;
  /** What `noteConditions` takes. */
  readonly ObservationConditions: ObservationConditions;
  /** What `fileSlots` takes of each slot. */
  readonly NewSlot: NewSlot;
}

export type PayloadName = keyof Payloads;

/** Held against the type: every property is there, and required exactly where the type says so. */
type PropertiesOf<T> = { readonly [K in keyof T]-?: undefined extends T[K] ? 'optional' : 'required' };

/** Each property of each payload, and whether it must be given. */
export const payloadProperties: { readonly [N in PayloadName]: PropertiesOf<Payloads[N]> } = {
  ObservationStart: {
    id: 'optional',
    obsUnitId: 'required',
    startTime: 'required',
    instrumentConfiguration: 'optional',
    readoutSession: 'optional',
    raDeg: 'optional',
    decDeg: 'optional',
  },
  ObservationEnd: {
    id: 'required',
    obsUnitId: 'required',
    endTime: 'required',
    status: 'optional',
    pwvMm: 'optional',
    temperatureC: 'optional',
    humidityPercent: 'optional',
    windSpeedMS: 'optional',
    conditions: 'optional',
    quality: 'optional',
    note: 'optional',
    readoutSession: 'optional',
  },
  NewRawDataFile: {
    id: 'required',
    executedObsUnitId: 'optional',
    ofNoExecution: 'optional',
    instrumentModuleId: 'optional',
    instrumentModule: 'optional',
    instrumentModuleIds: 'optional',
    kind: 'optional',
    readoutSession: 'optional',
    sourceLocationId: 'required',
    relativePath: 'required',
    sizeBytes: 'required',
    fileType: 'optional',
    checksum: 'optional',
    checksumAlgorithm: 'optional',
    recordedAt: 'optional',
    metadata: 'optional',
  },
  NewRawDataPackage: {
    id: 'required',
    executedObsUnitId: 'optional',
    instrumentModuleId: 'optional',
    instrumentModule: 'optional',
    sourceLocationId: 'required',
    partNumber: 'optional',
    fileIds: 'required',
    metadata: 'optional',
  },
  ObservationConditions: {
    id: 'required',
    pwvMm: 'optional',
    temperatureC: 'optional',
    humidityPercent: 'optional',
    windSpeedMS: 'optional',
    conditions: 'optional',
    quality: 'optional',
    note: 'optional',
  },
  NewSlot: {
    obsUnitId: 'required',
    startTime: 'required',
    endTime: 'required',
    reason: 'optional',
  },
};

const { RUNNING, ...ENDS } = ExecutedObsUnitStatus;

/** How an execution may end. */
export const END_STATUSES = Object.values(ENDS);

const others: { readonly [N in PayloadName]?: Door['others'] } = {
  ObservationEnd: { status: oneOf(END_STATUSES) },
  NewRawDataFile: { instrumentModule: name, instrumentModuleIds: keys },
  NewRawDataPackage: { fileIds: uuids, instrumentModule: name, metadata: json },
};

function jsonDoor(name: PayloadName): Door {
  const properties = payloadProperties[name];
  return { properties, others: others[name], isJson: true, isWithoutNull: true };
}

/** What a payload may hold as JSON. */
export const payloadDoors: Readonly<Record<PayloadName, Door>> = {
  ObservationStart: jsonDoor('ObservationStart'),
  ObservationEnd: jsonDoor('ObservationEnd'),
  NewRawDataFile: jsonDoor('NewRawDataFile'),
  NewRawDataPackage: jsonDoor('NewRawDataPackage'),
  ObservationConditions: jsonDoor('ObservationConditions'),
  NewSlot: jsonDoor('NewSlot'),
};

/** What a function of filing takes: also the other columns of the entity, as rows have them that were read before. */
export function filingDoor(name: PayloadName): StrictDoor {
  const needs = Object.entries(payloadProperties[name]);
  const required = needs.filter(([, need]) => need === 'required').map(([property]) => property);
  return { code: 'filing_refused', required, others: others[name] };
}
