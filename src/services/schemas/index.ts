export type { PayloadName, Payloads } from '../filing/payload-properties.js';
export { fromPlain, type Plain, type PlainOptions, readPayload, toPlain } from './plain.js';
