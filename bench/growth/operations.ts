import type { EntityManager } from 'typeorm';
import { fileRawDataFiles, type NewRawDataFile } from '../../src/services/filing/index.js';
import type { Asked, Question } from '../queries/question.js';
import { questions } from '../queries/questions.js';
import { uuidOf } from '../support/year/kinds.js';
import { EXECUTIONS, FILES, MODULES } from '../support/year/year.js';

/** What is timed on databases of several sizes. */
export interface Operation extends Pick<Question, 'ask' | 'title' | 'growingAnswer'> {
  /** Most runs; as many as requested where left out. */
  readonly mostRuns?: number;
}

/** The fifteen queries, claims included, and then filing, since rolled-back inserts leave dead rows. */
export const operations: readonly Operation[] = [
  ...questions.map(({ number, title, ...question }) => ({ ...question, title: `${number} ${title}` })),
  { title: `file a night: ${FILES} files, as many copies`, ask: fileNight, mostRuns: 5 },
];

/** Files another night for the executions of the last one, through the call that instruments make. */
async function fileNight(manager: EntityManager, asked: Asked): Promise<void> {
  const { added } = await fileRawDataFiles(manager, nightAfter(asked));
  if (added !== FILES) throw new Error(`${added} of ${FILES} files were filed`);
}

function* nightAfter({ year, modules, locations }: Asked): Generator<NewRawDataFile> {
  const recordedAt = new Date();
  for (let index = 0; index < FILES; index += 1) {
    const recording = Math.floor((index * EXECUTIONS * MODULES) / FILES);
    const module = recording % MODULES;
    yield {
      id: uuidOf('rawDataFile', year.files + index),
      executedObsUnitId: uuidOf('execution', year.executions - EXECUTIONS + Math.floor(recording / MODULES)),
      instrumentModuleId: modules[module] as number,
      sourceLocationId: module === MODULES - 1 ? locations.primeCamSource : locations.chaiSource,
      relativePath: `next/stream_${module}/${index}.fits`,
      sizeBytes: 220_000_000 + index,
      fileType: 'fits',
      checksum: index.toString(16).padStart(64, '0'),
      checksumAlgorithm: 'sha256',
      recordedAt,
    };
  }
}
