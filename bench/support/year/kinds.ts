import type { Dialect } from './dialect.js';

/** Kinds of rows with a UUID, and their number in a night, by which the time in the UUID advances. */
const KINDS = {
  execution: 80,
  rawDataFile: 15_000,
  rawDataPackage: 240,
  fileCopy: 30_000,
  packageCopy: 1_200,
  bundle: 8,
  bundleCopy: 16,
  transfer: 16,
  unpacking: 16,
  log: 48,
  archiving: 240,
  stagingJob: 160,
  scanSet: 80,
  productSet: 160,
  dailySet: 10,
  packageMember: 240,
  productMember: 800,
  dailyMember: 160,
  scanRun: 320,
  dailyRun: 10,
  scanProduct: 1_600,
  dailyProduct: 50,
  scanProductCopy: 3_200,
  dailyProductCopy: 100,
} as const;
export type Kind = keyof typeof KINDS;

const NIGHT_MS = 86_400_000;
const FIRST_MS = 1_700_000_000_000;

const codes = new Map(Object.keys(KINDS).map((kind, index) => [kind, index.toString(16).padStart(3, '0')]));

/** The UUID of the nth of a kind, as an SQL expression. */
export function uuidSql(dialect: Dialect, kind: Kind, number: string): string {
  const milliseconds = `${FIRST_MS} + (${number}) * ${stepMs(kind)}`;
  return dialect.uuid(milliseconds, codes.get(kind) as string, number);
}

/** The UUID of the nth of a kind. */
export function uuidOf(kind: Kind, number: number): string {
  const milliseconds = (FIRST_MS + number * stepMs(kind)).toString(16).padStart(12, '0');
  const last = number.toString(16).padStart(12, '0');
  return `${milliseconds.slice(0, 8)}-${milliseconds.slice(8)}-7${codes.get(kind)}-8000-${last}`;
}

function stepMs(kind: Kind): number {
  return Math.floor(NIGHT_MS / KINDS[kind]);
}
