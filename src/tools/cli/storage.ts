import { describeBytes } from '../output/bytes.js';
import { describeDay } from '../output/day.js';
import type { LocationState, StorageState } from '../report/index.js';
import { coloured } from './command.js';
import { table } from './table.js';

const HEAD = [
  'location',
  'copies',
  'size',
  'capacity',
  'full',
  'oldest change',
  'keep',
  'held',
  'bad',
  'verified from',
  'to verify',
  'to repair',
];

/** Room, age and health of the locations that hold something or have a limit, and raw data without a good copy. */
export function describeStorage({ locations, atRisk }: StorageState): string {
  const told = locations.filter(({ copies, capacityBytes }) => copies > 0 || capacityBytes !== null);
  const alarms = atRisk.map(({ relativePath, id, badReason }) =>
    coloured('fail', `ALARM: ${relativePath ?? id}: its last good copy is bad: ${badReason}`),
  );
  if (told.length === 0) return ['No location holds anything.', ...alarms].join('\n');
  return [table(HEAD, told.map(cellsOf)), ...alarms].join('\n');
}

function cellsOf(location: LocationState): (string | number)[] {
  const { capacityBytes, bytes, lettingGoSince, retentionDays } = location;
  const full = capacityBytes ? `${Math.round((100 * bytes) / capacityBytes)} %` : '';
  return [
    location.place,
    location.copies,
    describeBytes(bytes).padStart(8),
    capacityBytes === null ? '' : describeBytes(capacityBytes),
    lettingGoSince ? `${full}, letting go` : full,
    describeDay(location.oldestChange),
    retentionDays === null ? '' : `${retentionDays} d`,
    location.held,
    location.bad,
    describeDay(location.oldestVerification),
    location.verifications,
    location.repairs,
  ];
}
