import { label, table } from '../html/markup.js';
import { describeBytes } from '../output/bytes.js';
import { describeDay } from '../output/day.js';
import type { LocationState, StorageState } from './storage.js';

const HEAD = [
  'location',
  'copies',
  'size',
  'capacity',
  'oldest change',
  'held',
  'bad',
  'oldest verification',
  'to verify',
  'to repair',
];

/** Room, age and health of the locations; before it, by name, raw data without a good copy. */
export function storageTable({ locations, atRisk }: StorageState): string {
  const alarms = atRisk.map(({ relativePath, id, badReason }) =>
    label('p', `Alarm: ${relativePath ?? id}: its last good copy is bad: ${badReason}`),
  );
  return [...alarms, table(HEAD, locations.map(cellsOf))].join('');
}

function cellsOf(location: LocationState): (string | number)[] {
  const { capacityBytes, lettingGoSince } = location;
  const capacity = capacityBytes === null ? '' : describeBytes(capacityBytes);
  return [
    location.place,
    location.copies,
    describeBytes(location.bytes),
    lettingGoSince ? `${capacity}, letting go` : capacity,
    describeDay(location.oldestChange),
    location.held,
    location.bad,
    describeDay(location.oldestVerification),
    location.verifications,
    location.repairs,
  ];
}
