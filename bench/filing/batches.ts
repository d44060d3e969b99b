import { v7 as uuidv7 } from 'uuid';
import type { NewRawDataFile } from '../../src/services/filing/index.js';

/** The difference of contenders that do not look for existing rows. */
export const NOT_IDEMPOTENT = 'a row that is there already is an error';

/** The kind of the first copies. */
export const TYPE = 'raw_data_file_physical_copy' as const;

/** Files in batches with their first copies, as rows with their discriminator. */
export function* batchesOf(files: Iterable<NewRawDataFile>, size: number) {
  const all = [...files];
  for (let start = 0; start < all.length; start += size) {
    const batch = all.slice(start, start + size);
    const copies = batch.map(({ id: rawDataFileId, sourceLocationId: dataLocationId }) => ({
      id: uuidv7(),
      type: TYPE,
      rawDataFileId,
      dataLocationId,
    }));
    yield { files: batch, copies };
  }
}
