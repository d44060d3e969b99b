import { visible, visibleLine } from '../src/visible.js';

describe('text for people', () => {
  it.each([
    ['\u001b[31mred', '\\u001b[31mred'],
    ['\u009b2J', '\\u009b2J'],
    ['a\rb', 'a\\u000db'],
    ['\u202egnp.exe', '\\u202egnp.exe'],
    ['\u2066a\u2069', '\\u2066a\\u2069'],
    ['zero\u200bwidth\ufeff', 'zero\\u200bwidth\\ufeff'],
    ['\u{e0041}', '\\udb40\\udc41'],
    ['\ud800', '\\ud800'],
    ['Köln, 東京, 😀', 'Köln, 東京, 😀'],
    ['two\n\tlines', 'two\n\tlines'],
  ])('shows %j', (text, shown) => {
    expect(visible(text)).toBe(shown);
  });

  it('stays on one line where it is one line', () => {
    expect(visibleLine('a\nb\tc')).toBe('a\\u000ab\\u0009c');
  });

  it('means the same as JSON', () => {
    const value = { name: 'a\u001b[0m\u009b\u202e\u{e0041}' };
    const json = visible(JSON.stringify(value));
    expect(JSON.parse(json)).toEqual(value);
    expect(json).toMatch(/^[ -~]+$/);
  });
});
