/** A year of 365 days, in s. */
export const YEAR_S = 365 * 86_400;
