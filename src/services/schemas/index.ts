export type { PayloadName, Payloads } from './payloads.js';
export { fromPlain, type Plain, type PlainOptions, readPayload, toPlain } from './plain.js';
