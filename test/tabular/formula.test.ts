import { cellText, withoutFormula } from '../../src/tabular/formula.js';

describe('a cell for a spreadsheet', () => {
  it.each(['=1+1', '+cmd', '-cmd|x', '@SUM(A1)', '\t=1', "'=1", "''=1", '-1-2', '+'])(
    'is no formula, and read back: %j',
    (text) => {
      const written = withoutFormula(text);
      expect(written).toMatch(/^'/);
      expect(cellText(written)).toBe(text);
    },
  );

  it.each(['', 'a', "'a", '5', '-5', '+5.25', '-.5e-3', '1=1', 'a@b'])('is written as it is: %j', (text) => {
    expect(withoutFormula(text)).toBe(text);
    expect(cellText(text)).toBe(text);
  });
});
