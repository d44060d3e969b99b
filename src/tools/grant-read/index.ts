export { type GrantedRead, type GrantReadOptions, grantRead } from './grant-read.js';
