// From samples to figures: median and spread, and whether all contestants did the same work.

const STEPS = [1, 100];

const median = (sorted) => {
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
};

/** Median, least and greatest of the samples, and the samples in the order they were taken. */
function spread(samples) {
  const known = samples.filter((value) => value !== null);
  if (known.length === 0) return null;
  const sorted = known.toSorted((a, b) => a - b);
  return { median: median(sorted), min: sorted[0], max: sorted.at(-1), samples };
}

/** The rounds' results, which all have one form, as that form with a spread in each number's place. */
export function summary(samples) {
  if (samples.length === 0) return {};
  const [first] = samples;
  if (first === null || typeof first === 'number') return spread(samples);
  return Object.fromEntries(Object.keys(first).map((key) => [key, summary(samples.map((one) => one[key]))]));
}

/** Sizes' samples as sizes' spreads. */
export const spreads = (bySize) => Object.fromEntries(Object.entries(bySize).map(([size, samples]) => [size, spread(samples)]));

/** What is wrong with the contestants' losses, in a sentence; null where they agree. */
export function disagreement(contestants, tolerance) {
  for (const step of STEPS) {
    const without = contestants.find((one) => !Number.isFinite(one[step]));
    if (without) return `${without.name} gives no loss at step ${step}: ${without[step]}`;
    const sorted = contestants.toSorted((a, b) => a[step] - b[step]);
    const [least, most] = [sorted[0], sorted.at(-1)];
    if ((most[step] - least[step]) / Math.abs(most[step]) > tolerance) {
      return `the losses at step ${step} differ by more than ${tolerance} of their size: ${least.name} has ${least[step]}, `
        + `${most.name} ${most[step]}, so these two do not do the same work`;
    }
  }
  return null;
}
