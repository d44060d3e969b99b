import { setTimeout as sleep } from 'node:timers/promises';
import type { Cluster } from './cluster.js';
import type { Load } from './load.js';

/** Faults of a cluster while it is used; at the end everything runs again. */
export interface Scenario {
  readonly name: string;
  readonly text: string;
  readonly happens: (cluster: Cluster, load: Load) => Promise<void>;
}

/** Duration of a fault after which no server is replaced [ms]; longer than Patroni's `ttl`. */
const LASTING_MS = 20_000;

/** A part of the network fails until another server leads and takes writes. */
const withoutLeader =
  (cut: (cluster: Cluster) => Promise<() => void>) => async (cluster: Cluster, load: Load) => {
    const old = await cluster.leader();
    const join = await cut(cluster);
    try {
      await cluster.leaderOtherThan(old);
      await load.filesAgain();
    } finally {
      join();
    }
  };

export const SCENARIOS: readonly Scenario[] = [
  {
    name: 'killed',
    text: 'leader killed (-9), with all that runs on its machine',
    happens: async (cluster, load) => {
      const leader = await cluster.leader();
      await leader.kill();
      await cluster.leaderOtherThan(leader);
      await load.filesAgain();
      leader.start();
    },
  },
  {
    name: 'cut-off',
    text: 'network of the leader cut off: all packets swallowed',
    happens: withoutLeader(async (cluster) => {
      const leader = await cluster.leader();
      leader.cut();
      return () => leader.join();
    }),
  },
  {
    name: 'island',
    text: 'leader cut off from the other servers and etcd; clients reach it',
    happens: withoutLeader(async (cluster) => {
      const leader = await cluster.leader();
      leader.isolateFrom([cluster.etcd, ...cluster.servers.filter((server) => server !== leader)]);
      return () => leader.join();
    }),
  },
  {
    name: 'switch-over',
    text: 'planned switch-over',
    happens: async (cluster, load) => {
      const old = await cluster.leader();
      await cluster.switchOver();
      await cluster.leaderOtherThan(old);
      await load.filesAgain();
    },
  },
  {
    name: 'replica',
    text: 'a replica killed (in synchronous mode the one that commits wait for)',
    happens: async (cluster, load) => {
      const replica = await cluster.replica();
      await replica.kill();
      await load.filesAgain();
      replica.start();
    },
  },
  {
    name: 'etcd',
    text: `etcd killed for ${LASTING_MS / 1000} s`,
    happens: async ({ etcd }, load) => {
      await etcd.kill();
      await sleep(LASTING_MS);
      etcd.start();
      await load.filesAgain();
    },
  },
];
