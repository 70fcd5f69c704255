/** What is said behind "done" when the edge could not be told at once. */
export const soon = (atOnce: boolean): string =>
  atOnce ? '' : ' The edge does not answer: what apps have open ends within 30 s.'
