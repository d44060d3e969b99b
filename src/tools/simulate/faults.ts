import { OpsDbError } from '../../errors.js';

/** What can go wrong, and how often it does: from 0, never, to below 1. */
export interface Faults {
  /** An attempt to move data fails: a transfer, an archiving, a staging. */
  readonly transfer: number;
  /** A copy turns out damaged when its checksum is computed: in unpacking, in archiving. */
  readonly checksum: number;
  /** A worker dies with claimed work. */
  readonly workerDeath: number;
  /** The telescope sends what it files twice. */
  readonly duplicateFiling: number;
  /** The end of an execution is sent before its start, and once more long afterwards. */
  readonly lateFinish: number;
  /** The link is down for a quarter of a night: the telescope files into a spool, which is sent afterwards. */
  readonly linkDown: number;
  /** A copy turns out to have rotted when it is verified again: each night, at buffers and archives. */
  readonly bitRot: number;
  /** An attempt to move data fails because the destination disk is full. */
  readonly diskFull: number;
}

/**
 * Nothing goes wrong.
 *
 * @example
 * import { NO_FAULTS, parseFaults } from 'ccat-ops-db/simulate';
 *
 * console.log(parseFaults('transfer=0.05').transfer, { ...NO_FAULTS, checksum: 0.01 }.transfer); // 0.05 0
 */
export const NO_FAULTS: Faults = {
  transfer: 0,
  checksum: 0,
  workerDeath: 0,
  duplicateFiling: 0,
  lateFinish: 0,
  linkDown: 0,
  bitRot: 0,
  diskFull: 0,
};

/** Names of the faults on the command line. */
const NAMES: Readonly<Record<string, keyof Faults>> = {
  transfer: 'transfer',
  checksum: 'checksum',
  'worker-death': 'workerDeath',
  'duplicate-filing': 'duplicateFiling',
  'late-finish': 'lateFinish',
  'link-down': 'linkDown',
  'bit-rot': 'bitRot',
  'disk-full': 'diskFull',
};

export const FAULT_NAMES: readonly string[] = Object.keys(NAMES);

/** With a higher probability than this, hardly anything would ever be completed. */
const MOST = 0.5;

/**
 * Reads faults as `transfer=0.05,checksum=0.01`; those that are not named do not happen.
 * @param text as the user gave it
 * @throws OpsDbError `argument_invalid` when a name or a number is wrong
 *
 * @example
 * import { parseFaults } from 'ccat-ops-db/simulate';
 *
 * const { transfer, workerDeath, checksum } = parseFaults('transfer=0.05, worker-death=0.01');
 * console.log(transfer, workerDeath, checksum); // 0.05 0.01 0
 */
export function parseFaults(text: string): Faults {
  const given = text.split(',').filter((part) => part.trim() !== '');
  const faults = given.map((part) => {
    const [name = '', value = ''] = part.split('=').map((piece) => piece.trim());
    const fault = NAMES[name];
    if (!fault)
      throw new OpsDbError(
        'argument_invalid',
        `--faults: there is no fault ${name}; there are: ${FAULT_NAMES.join(', ')}`,
      );
    const probability = Number(value);
    if (value === '' || !(probability >= 0 && probability <= MOST))
      throw new OpsDbError(
        'argument_invalid',
        `--faults: ${name} is ${value || 'not given'}; it must be a probability from 0 to ${MOST}`,
      );
    return [fault, probability];
  });
  return { ...NO_FAULTS, ...Object.fromEntries(faults) };
}
