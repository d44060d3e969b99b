import { describeEachDatabase } from '../support/databases.js';
import { checkCases } from './check-cases.js';
import { Trial } from './trial.js';

describeEachDatabase('the check', (database) => {
  let trial: Trial;

  beforeAll(async () => {
    trial = await Trial.begin(await database.open());
  });

  afterAll(() => trial.end());

  it.each(checkCases)('$constraint of $entity refuses and allows', async (each) => {
    const judged = async (given: (typeof each.refused)[number]) => {
      const values = typeof given === 'function' ? given(trial) : given;
      return { values, refusal: await trial.refusalOfChange(each.entity, values) };
    };
    for (const given of each.refused) expect(await judged(given)).toMatchObject({ refusal: each.constraint });
    for (const given of each.allowed) expect(await judged(given)).toMatchObject({ refusal: undefined });
  });
});
