export { type Deletable, deletableCopies, whereDeletable } from './deletion.js';
export { type EntityClass, type Step, transition } from './transition.js';
export { type Lifecycle, lifecycleOf, lifecycles, type Transitions } from './transitions.js';
