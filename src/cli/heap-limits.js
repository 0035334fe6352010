import { PerformanceObserver } from 'node:perf_hooks';
import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8';

/** What both halves of the young generation can hold before it has grown, and some more. */
const NOT_GROWN_BYTES = 4 * 1024 * 1024;

// To be loaded before all else. The young generation grows once, from halves of one megabyte to halves of eight, and not to as much as 64 in all.
// However small it is, each collection copies what 64 files in flight need: at one megabyte that was a fifth of the CPU of small files. Twice as much
// as this saves nothing more.
setFlagsFromString('--semi-space-growth-factor=8');
// Told once the work at hand is done: what keeps a great deal at one go may have it grow twice.
const growth = new PerformanceObserver(() => {
  if (youngBytes() <= NOT_GROWN_BYTES) return;
  setFlagsFromString('--semi-space-growth-factor=1');
  growth.disconnect();
});
growth.observe({ entryTypes: ['gc'] });

// So little is sooner done by the thread that waits for it than by others that have to be woken: a tenth of the CPU of 20,000 small files.
setFlagsFromString('--no-parallel-scavenge');
// What is kept may grow by half before the rest is collected, not to four times: so that peaks tell what is kept, and not how long it took.
setFlagsFromString('--heap-growing-percent=50');

function youngBytes() {
  return getHeapSpaceStatistics().find(({ space_name }) => space_name === 'new_space')?.space_size ?? 0;
}
