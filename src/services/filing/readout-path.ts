import { RawDataFileKind } from '../../entities/index.js';

/** What the path of a file says that the readout, its control library or the bookbinder wrote. */
export interface ReadoutFile {
  /** What the file holds. */
  readonly kind: RawDataFileKind;
  /** Session of the readout: its start in whole Unix seconds; of housekeeping the start of the file. */
  readonly session: number;
  /** Board of the readout; null: the file is of all boards. */
  readonly board: number | null;
  /** Drone of the board; null: the file is of all drones. */
  readonly drone: number | null;
  /** Number of the file within its session, from 0 on; null: the only one. */
  readonly sequence: number | null;
  /** Name of the measurement; null: the path does not say it. */
  readonly measurement: string | null;
  /** Date of the measurement as the control library writes it; null: the path does not say it. */
  readonly date: string | null;
}

type Groups = Readonly<Record<string, string | undefined>>;

/** Folders of a measurement, and what the files in them are. */
const FOLDERS: Readonly<Record<string, RawDataFileKind>> = {
  timestream: RawDataFileKind.TIMESTREAM,
  vna: RawDataFileKind.VNA_SWEEP,
  targ: RawDataFileKind.TARGET_SWEEP,
  config: RawDataFileKind.CONFIGURATION,
  log: RawDataFileKind.LOG,
};

/** Session and the folder of its first five digits, which must agree. */
const DAY = String.raw`(?:^|\/)(?<day>\d{5})`;
const SESSION = String.raw`(?<session>\k<day>\d{5,})`;

const FORMS: readonly { readonly pattern: RegExp; readonly kind?: RawDataFileKind }[] = [
  // The streamer; before 2025 without the board and drone in the name.
  {
    pattern: new RegExp(
      String.raw`${DAY}\/rfsoc(?<board>\d+)_drone(?<drone>\d+)\/(?:r\d+d\d+_)?${SESSION}_(?<sequence>\d+)\.g3$`,
    ),
    kind: RawDataFileKind.TIMESTREAM,
  },
  // The control library moves the files of a measurement together.
  {
    pattern:
      /(?:^|\/)(?<measurement>[^/]+)\/(?<date>[^/]+)\/(?<session>\d{10,})\/(?<folder>timestream|vna|targ|config|log)\/B(?<board>\d+)D(?<drone>\d+)\/.+$/,
  },
  // The bookbinder joins a session of all boards.
  { pattern: /(?:^|\/)level0_(?<session>\d{10,})\.h5$/, kind: RawDataFileKind.LEVEL0 },
  { pattern: new RegExp(String.raw`${DAY}\/${SESSION}\.g3$`), kind: RawDataFileKind.HOUSEKEEPING },
];

/**
 * Reads a path as the readout of Prime-Cam writes it, as its control library does after moving the file, or as the bookbinder
 * does.
 * @param relativePath path below any root
 * @returns null for a path in none of these forms
 *
 * @example
 * import { readoutFile } from 'ccat-ops-db';
 *
 * const streamed = readoutFile('17951/rfsoc01_drone2/r01d2_1795100000_003.g3');
 * console.log(streamed?.session, streamed?.drone, streamed?.sequence); // 1795100000 2 3
 * console.log(readoutFile('mars/20261119/1795100000/targ/B1D2/targ.npy')?.kind); // target_sweep
 * console.log(readoutFile('notes.txt')); // null
 */
export function readoutFile(relativePath: string): ReadoutFile | null {
  for (const { pattern, kind } of FORMS) {
    const groups: Groups | undefined = pattern.exec(relativePath)?.groups;
    if (!groups) continue;
    const number = (name: string) => (groups[name] === undefined ? null : Number(groups[name]));
    return {
      kind: kind ?? (FOLDERS[groups.folder as string] as RawDataFileKind),
      session: Number(groups.session),
      board: number('board'),
      drone: number('drone'),
      sequence: number('sequence'),
      measurement: groups.measurement ?? null,
      date: groups.date ?? null,
    };
  }
  return null;
}
