/** Collects vectors of one length and measures how far they are from their mean. */
export interface Variation {
  add(values: Float32Array): void;
  /** How many there are. */
  count(): number;
  /** Mean of |v − mean|². */
  meanSquare(): number;
}

/** Measures from the first vector on, in double precision: equal vectors have exactly no variation, however large they are. */
export function variation(): Variation {
  let first: Float32Array = new Float32Array();
  let sums = new Float64Array();
  let [count, squares] = [0, 0];
  return {
    add(values) {
      if (count++ === 0) [first, sums] = [values, new Float64Array(values.length)];
      for (let i = 0; i < values.length; i++) {
        const difference = values[i]! - first[i]!;
        sums[i]! += difference;
        squares += difference * difference;
      }
    },
    count: () => count,
    meanSquare: () => Math.max(0, squares / count - sums.reduce((total, sum) => total + (sum / count) ** 2, 0)),
  };
}

/** The share of questions on which two respondents give different answers, mean over all pairs of respondents. */
export function pairwiseDisagreement(answers: readonly Int32Array[]): number {
  const [people, questions] = [answers.length, answers[0]!.length];
  let alike = 0; // ordered pairs, each with itself too
  for (let question = 0; question < questions; question++) {
    const votes = new Map<number, number>();
    for (const answer of answers) votes.set(answer[question]!, (votes.get(answer[question]!) ?? 0) + 1);
    for (const count of votes.values()) alike += count * count;
  }
  return (people * people - alike / questions) / (people * (people - 1));
}
