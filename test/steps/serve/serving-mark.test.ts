import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { crcOf, crcToBase64 } from '../../../src/domain/checksum/crc.ts';
import { s3Key, type UseCaseId } from '../../../src/domain/names.ts';
import { LakeliftError } from '../../../src/errors.ts';
import { refuseServing, whileServing, type HeldServing } from '../../../src/steps/serve/serving-mark.ts';
import { eraseUseCase } from '../../../src/steps/zones/erase-use-case.ts';
import { findOpenErasure } from '../../../src/steps/zones/erasure-records.ts';
import { erasureIn } from '../zones/small-erasure.ts';
import { openSmallFilesWorld } from '../zones/small-files-world.ts';

const world = await openSmallFilesWorld();
afterAll(() => world.close());
const renewEveryMs = 100;
const { engine, mapping, records } = erasureIn(world.place);

let runs = 0;
/** Each test has a use case of its own. */
const placeOf = () => ({ ...records, useCase: `absences-${++runs}` as UseCaseId, renewEveryMs });
type Place = ReturnType<typeof placeOf>;

function erase(place: Place) {
  return eraseUseCase({
    ...{ engine, mapping, datasets: [], alsoIn: [], tables: undefined, isConfirmed: true, by: 'a test' },
    ...{ catalog: world.place.catalog, signal: place.signal, records: place, servingRenewedEveryMs: renewEveryMs },
    scheme: { domain: 'rh', version: 1, keys: new Map([[1, Buffer.alloc(32, 1)]]) },
    identifiers: [{ field: 'text', value: 'M1' }],
    masked: (value) => value,
    zoneOfPath: () => records.zone,
    place: (dataset) => ({ ...world.place, dataset }),
  });
}

async function put({ store, signal }: HeldServing, name: string): Promise<void> {
  const body = Buffer.from('x');
  const address = { bucket: 'cleaned', key: s3Key(`served/${name}`) };
  const crc32c = crcToBase64(crcOf('CRC32C').sum(body));
  await store.putObject({ address, body, crc32c, metadata: {}, condition: { kind: 'if-absent' } }, signal);
}

/** A `serve` that goes on until it is told to end. */
function serving(place: Place) {
  const end = Promise.withResolvers<void>();
  const begun = Promise.withResolvers<HeldServing>();
  const done = whileServing({ ...place, by: 'serve@test' }, async (held) => {
    begun.resolve(held);
    await end.promise;
  });
  done.catch((error: unknown) => begun.reject(error));
  const finish = (): Promise<void> => {
    end.resolve();
    return done;
  };
  return { begun: begun.promise, end: finish };
}

describe('A serve that runs', () => {
  it('refuses an erasure, which withdraws, and another serve; both go on once it has ended', async () => {
    const place = placeOf();
    const first = serving(place);
    await first.begun;
    const refused = { code: 'SERVE_RUNNING', kind: 'locked', message: expect.stringContaining('serve@test') as string };
    await expect(erase(place)).rejects.toMatchObject(refused);
    expect(await findOpenErasure(place)).toBeUndefined();
    await expect(serving(place).begun).rejects.toMatchObject(refused);
    await first.end();
    expect((await erase(place)).record.endedAt).toBeDefined();
    const next = serving(place);
    await next.begun;
    await next.end();
  });

  it('leaves no mark where it fails', async () => {
    const place = placeOf();
    const failing = whileServing({ ...place, by: 'serve@test' }, () => Promise.reject(new Error('no dataset')));
    await expect(failing).rejects.toThrow('no dataset');
    await refuseServing({ ...place, renewEveryMs: 60_000 });
  });

  it('is waited for by an erasure as long as it may be about to end', async () => {
    const place = { ...placeOf(), renewEveryMs: 60_000 };
    const first = serving(place);
    await first.begun;
    const refusing = refuseServing({ ...place, renewEveryMs });
    await sleep(renewEveryMs);
    await first.end();
    await refusing;
  });

  it('goes on where its mark was renewed and the look at it failed', async () => {
    const place = { ...placeOf(), renewEveryMs: 60_000 };
    const running = serving(place);
    const held = await running.begun;
    world.between.found = () =>
      Promise.reject(new LakeliftError('away', { kind: 'unavailable', code: 'AWS_UNAVAILABLE' }));
    for (const name of ['first', 'second'])
      await expect(put(held, `${place.useCase}/${name}`)).rejects.toMatchObject({ kind: 'unavailable' });
    world.between.found = undefined;
    await put(held, `${place.useCase}/third`);
    expect(held.signal.aborted).toBe(false);
    await running.end();
    // It would be waited for if it had not said that it has ended.
    await refuseServing(place);
  });

  it('queues no renewals behind one that takes long', async () => {
    const released = Promise.withResolvers<void>();
    let puts = 0;
    world.between.written = async () => {
      if (++puts === 2) await released.promise;
    };
    const running = serving({ ...placeOf(), renewEveryMs: 20 });
    await running.begun;
    await vi.waitFor(() => expect(puts).toBe(2));
    await sleep(200);
    const ending = running.end();
    released.resolve();
    await ending;
    world.between.written = undefined;
    // Its beginning, the renewal that took long, its end.
    expect(puts).toBe(3);
  });

  it('is overtaken once it gives no sign, and writes nothing after that', async () => {
    const place = { ...placeOf(), renewEveryMs: 60_000 };
    const killed = serving(place);
    const held = await killed.begun;
    await put(held, `${place.useCase}/before`);
    expect((await erase({ ...place, renewEveryMs })).record.endedAt).toBeDefined();
    const key = `${place.useCase}/after`;
    await expect(put(held, key)).rejects.toMatchObject({ code: 'SERVE_OVERTAKEN', kind: 'locked' });
    expect(held.signal.aborted).toBe(true);
    expect(await world.place.store.findObject({ bucket: 'cleaned', key: s3Key(`served/${key}`) })).toBeUndefined();
    await killed.end();
    const next = serving({ ...place, renewEveryMs });
    await put(await next.begun, key);
    await next.end();
  });
});
