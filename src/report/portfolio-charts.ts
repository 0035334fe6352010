import { STAGES, type PortfolioEntry, type Stage } from '../domain/portfolio.ts';
import { html, type Html } from './html.ts';
import type { PortfolioWords } from './portfolio-words.ts';
import { formatBytes, formatDay, type Language } from './quantities.ts';

/** Dark enough for white numbers (4.5:1); stage by stage they stand in the table too, so that nothing rests on colour. */
const COLOURS: Readonly<Record<Stage, string>> = {
  accepted: '#14653a',
  identical: '#2f7a50',
  open: '#8f5600',
  unfinished: '#6f5730',
  refused: '#9b1c1c',
  running: '#17456b',
  approved: '#335c81',
  planned: '#3c5266',
  mapped: '#46525e',
  new: '#66717d',
};
const WIDTH = 720;
const LABEL = 90;
const ROW = 34;

/** One bar a wave, made of its use cases by stage, the furthest first. */
export function wavesChart(entries: readonly PortfolioEntry[], words: PortfolioWords): Html {
  const waves = [...new Set(entries.map(({ useCase }) => useCase.wave))].sort((a, b) => a - b);
  const of = (wave: number, stage: Stage): number =>
    entries.filter((entry) => entry.useCase.wave === wave && entry.stage === stage).length;
  const sizes = waves.map((wave) => entries.filter(({ useCase }) => useCase.wave === wave).length);
  const scale = (WIDTH - LABEL) / Math.max(...sizes);
  const stages = [...STAGES].reverse();
  const bars = waves.map((wave, row) => {
    let x = LABEL;
    const parts = stages.map((stage) => {
      const count = of(wave, stage);
      if (count === 0) return false;
      const width = count * scale;
      const bar = html`<rect
          x="${x}"
          y="${row * ROW + 4}"
          width="${Math.max(1, width - 1)}"
          height="24"
          fill="${COLOURS[stage]}"
        ></rect>
        <text x="${x + 7}" y="${row * ROW + 21}" fill="#fff" font-size="13">${count}</text>`;
      x += width;
      return bar;
    });
    return html`<text x="0" y="${row * ROW + 21}" font-size="14">${words.wave(wave)}</text>${parts}`;
  });
  const used = stages.filter((stage) => entries.some((entry) => entry.stage === stage));
  const legend = used.map(
    (stage) => html`<li><i style="background:${COLOURS[stage]}" aria-hidden="true"></i>${words.stages[stage]}</li>`,
  );
  const told = waves
    .map(
      (wave) => `${words.wave(wave)}: ${used.map((stage) => `${words.stages[stage]} ${of(wave, stage)}`).join(', ')}`,
    )
    .join('; ');
  return html`<svg class="chart" viewBox="0 0 ${WIDTH} ${waves.length * ROW}" role="img" aria-label="${told}">
      ${bars}
    </svg>
    <ul class="legend">
      ${legend}
    </ul>`;
}

const HEIGHT = 190;
const BOTTOM = 160;

/** Volume proven at the target, use case by use case in the order of their last runs. */
export function volumeChart(
  entries: readonly PortfolioEntry[],
  words: PortfolioWords,
  language: Language,
): Html | undefined {
  const steps = volumeSteps(entries);
  if (steps.length < 2) return undefined;
  const [first, last] = [steps[0]!, steps.at(-1)!];
  const spanMs = Math.max(1, last.atMs - first.atMs);
  const x = (atMs: number): number => 4 + ((atMs - first.atMs) / spanMs) * (WIDTH - 8);
  const y = (sizeBytes: number): number => BOTTOM - (sizeBytes / Math.max(1, last.sizeBytes)) * (BOTTOM - 28);
  let path = `M${x(first.atMs)} ${BOTTOM}`;
  for (const { atMs, sizeBytes } of steps) path += `H${x(atMs).toFixed(1)}V${y(sizeBytes).toFixed(1)}`;
  const day = (atMs: number): string => formatDay(atMs, language);
  const told = steps
    .map(({ atMs, sizeBytes }) => words.volumeLine(formatBytes(sizeBytes, language), day(atMs)))
    .join('; ');
  return html`<svg class="chart" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${told}">
    <path d="${path}V${BOTTOM}Z" fill="#dbe7f0"></path>
    <path d="${path}" fill="none" stroke="#17456b" stroke-width="2.5"></path>
    <path d="M0 ${BOTTOM}H${WIDTH}" stroke="#52606d"></path>
    <text x="4" y="${HEIGHT - 8}" font-size="13">${day(first.atMs)}</text>
    <text x="${WIDTH - 4}" y="${HEIGHT - 8}" font-size="13" text-anchor="end">${day(last.atMs)}</text>
    <text x="${WIDTH - 4}" y="18" font-size="14" text-anchor="end">${formatBytes(last.sizeBytes, language)}</text>
  </svg>`;
}

function volumeSteps(entries: readonly PortfolioEntry[]): { atMs: number; sizeBytes: number }[] {
  const runs = entries
    .flatMap(({ lastRun, sizeBytes }) =>
      lastRun?.finishedAt === undefined || sizeBytes === 0 ? [] : [{ atMs: Date.parse(lastRun.finishedAt), sizeBytes }],
    )
    .sort((a, b) => a.atMs - b.atMs);
  let total = 0;
  return runs.map(({ atMs, sizeBytes }) => ({ atMs, sizeBytes: (total += sizeBytes) }));
}
