import { table } from '../../../src/tools/cli/table.js';

const HEAD = ['obs unit', 'files'];
const ROWS = [
  ['Wide01/pong/280', 108],
  ['3C273/daisy', 18],
];

describe('a table', () => {
  it('has texts to the left and numbers to the right', () => {
    expect(table(HEAD, ROWS)).toBe(
      ['obs unit         files', 'Wide01/pong/280    108', '3C273/daisy         18'].join('\n'),
    );
  });

  it('cuts the widest columns where the terminal is too narrow', () => {
    expect(table(HEAD, ROWS, 17)).toBe(
      ['obs unit    files', 'Wide01/po…    108', '3C273/dai…     18'].join('\n'),
    );
  });

  it('leaves a column its least width whatever the terminal is', () => {
    expect(table(HEAD, ROWS, 1)).toBe(table(HEAD, ROWS, 13));
  });

  it('of no rows is its head', () => {
    expect(table(HEAD, [])).toBe('obs unit  files');
  });
});
