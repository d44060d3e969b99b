export {
  type Difference,
  type DifferenceKind,
  type Differences,
  type ReconcileOptions,
  type Reconciliation,
  reconcile,
} from './reconcile.js';
