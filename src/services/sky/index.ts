export { type Sky, type SkyPosition, skyAt } from './sky.js';
