import { describePostgresql } from '../../support/databases.js';
import { openWithoutRetention } from '../../support/observed.js';
import { interleave } from '../../support/storage-workers.js';

describePostgresql('deleters, stagers, repairers and archivers at once', (database) => {
  it('leave at every moment what the work of the others starts from', async () => {
    const { broken, looks, ...done } = await interleave(await openWithoutRetention(database), 15, 5);
    expect(broken).toEqual([]);
    for (const count of [looks, ...Object.values(done)]) expect(count).toBeGreaterThan(0);
  });
});
