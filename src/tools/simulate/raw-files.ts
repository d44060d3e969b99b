import { ChecksumAlgorithm, type InstrumentModule } from '../../entities/index.js';
import { type NewRawDataFile, readoutFile } from '../../services/filing/index.js';
import type { PlannedExecution } from './night-plan.js';
import type { Random } from './random.js';

/** Streams that one board of the Prime-Cam readout writes. */
const DRONES = 4;
/** Defaults for modules without these values. */
const UNKNOWN = { rateBytesS: 1_000_000, format: 'raw' };

/**
 * The files that a module writes in an execution: each of its streams begins a new file after the rotation time. Names,
 * sizes and times are as those of the instruments; the content exists as a checksum only.
 */
export function rawFiles(
  random: Random,
  execution: PlannedExecution,
  module: InstrumentModule,
  sourceLocationId: number,
): NewRawDataFile[] {
  const { id: executedObsUnitId, startTime, endTime } = execution;
  const durationS = (endTime.getTime() - startTime.getTime()) / 1000;
  const rotationS = module.rawFileRotationS ?? durationS;
  const streams = module.rawStreamCount ?? 1;
  // The modules of an instrument share its boards.
  const first = execution.modules
    .slice(0, execution.modules.indexOf(module))
    .reduce((sum, other) => sum + (other.rawStreamCount ?? 1), 0);
  const rate = (module.rawDataRateBytesS ?? UNKNOWN.rateBytesS) / streams;
  const fileType = module.rawFileFormat ?? UNKNOWN.format;
  const files: NewRawDataFile[] = [];
  for (let stream = 0; stream < streams; stream++)
    for (let sequence = 0; sequence * rotationS < durationS; sequence++) {
      const seconds = Math.min(rotationS, durationS - sequence * rotationS);
      const recordedAt = new Date(startTime.getTime() + (sequence * rotationS + seconds) * 1000);
      const relativePath = pathOf(execution, module, fileType, first + stream, sequence);
      files.push({
        id: random.uuid(recordedAt, 'file', executedObsUnitId, module.id, relativePath),
        executedObsUnitId,
        instrumentModuleId: module.id,
        sourceLocationId,
        relativePath,
        fileType,
        readoutSession: readoutFile(relativePath)?.session,
        // Compression saves up to a tenth.
        sizeBytes: Math.round(
          rate * seconds * (0.9 + 0.1 * random.roll('size', executedObsUnitId, relativePath)),
        ),
        checksum: random.hex('content', executedObsUnitId, relativePath),
        checksumAlgorithm: ChecksumAlgorithm.SHA256,
        recordedAt,
      });
    }
  return files;
}

/** The session of the readout: its start in whole Unix seconds. */
export function sessionOf(startTime: Date): number {
  return Math.floor(startTime.getTime() / 1000);
}

function pathOf(
  { startTime, unit }: PlannedExecution,
  module: InstrumentModule,
  fileType: string,
  stream: number,
  sequence: number,
): string {
  const session = sessionOf(startTime);
  if (fileType !== 'g3') {
    const day = startTime.toISOString().slice(0, 10).replaceAll('-', '');
    const name = `${unit.name}_${module.name}`.replaceAll(/[^\w.+-]+/g, '_');
    return `${day}/${session}_${name}_${String(sequence).padStart(3, '0')}.${fileType}`;
  }
  const board = String(Math.floor(stream / DRONES) + 1).padStart(2, '0');
  const drone = (stream % DRONES) + 1;
  const number = String(sequence).padStart(3, '0');
  return `g3/${String(session).slice(0, 5)}/rfsoc${board}_drone${drone}/r${board}d${drone}_${session}_${number}.g3`;
}
