// What a zoo in a bucket asks of the store: `npx tsx --tsconfig tsconfig.json bench/bucket-requests.ts` starts the server of the tests (.ci/provide installs
// it), adds networks one by one and 64 at once, lists and loads them, and prints requests by method.
import { s3Files } from '@netspace/node';
import { s3Server } from '@netspace/testing/s3-server';
import { initialize, openInstanceStore, siren } from '@netspace/zoo';
import '@tensorflow/tfjs';

const server = await s3Server();
Object.assign(process.env, server.env);
const place = `s3://${server.bucket}/zoo`;
const store = openInstanceStore(s3Files(place));
const architecture = siren({ hidden: 64 });
const entry = (seed: number) => {
  const instance = { architecture, parameters: initialize(architecture.parameters, { seed, scheme: 'siren' }) };
  return { name: `n${seed}`, instance, epochs: 1, seed, metrics: { mse: 0.5 } };
};
async function counted(what: string, run: () => Promise<unknown>): Promise<void> {
  server.requests.clear();
  const begun = performance.now();
  await run();
  console.log(JSON.stringify({ what, ...Object.fromEntries(server.requests), ms: Math.round(performance.now() - begun) }));
}
await counted('add the first network', () => store.add(entry(1)));
await counted('add one more', () => store.add(entry(2)));
await counted('add 64 at once', () => store.addAll(Array.from({ length: 64 }, (_, i) => entry(10 + i))));
for (let i = 1; i <= 6; i++) await store.addAll(Array.from({ length: 64 }, (_, k) => entry(1000 * i + k)));
await counted('add 64 at once to a shard of more than 5 MiB', () => store.addAll(Array.from({ length: 64 }, (_, i) => entry(100_000 + i))));
await counted('list in another process', () => openInstanceStore(s3Files(place)).list());
await counted('load one', () => store.load('n1'));
await server.stop();
