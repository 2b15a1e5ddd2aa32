// Baker's percentages: every ingredient as a part of the flour's weight.

/** Weights in grams of a dough with the given total, from percentages like {flour: 100, water: 70, salt: 2}. */
export function doughWeights(totalGrams, percentages) {
  const sum = Object.values(percentages).reduce((a, b) => a + b, 0);
  const weights = {};
  for (const [ingredient, percentage] of Object.entries(percentages)) {
    weights[ingredient] = Math.round((totalGrams * percentage) / sum);
  }
  return weights;
}

/** Hydration of a dough that contains sourdough starter (half flour, half water), in percent. */
export function hydration({ flour, water, starter }) {
  return (100 * (water + starter / 2)) / (flour + starter / 2);
}

console.log(doughWeights(900, { flour: 100, water: 72, starter: 20, salt: 2 }));
