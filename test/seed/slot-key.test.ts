import { slotKey } from '../../src/seed/slot-key.js';

describe('the key of a place in the focal plane', () => {
  it('is c for its other names, and never found by the number of another numbering', () => {
    expect(['c', 'C', 'center', 'IM0', 'I3'].map((name) => slotKey(`Prime-Cam/${name}`))).toEqual(
      ['c', 'c', 'c', 'c', 'i3'].map((name) => `Prime-Cam/${name}`),
    );
    expect(slotKey('Prime-Cam/IM3')).toBe('Prime-Cam/IM3');
  });
});
