/**
 * Standard normal numbers by inversion: one uniform in, one normal out, monotone, so that two variants of a world that
 * share their uniforms stay comparable draw by draw.
 */

const TWO_TO_MINUS_32 = 1 / 4294967296;

/** A uniform number in (0, 1), ends excluded, from a random word: any 32-bit signed integer. */
export function openUniform(word: number): number {
  return (word + 2147483648.5) * TWO_TO_MINUS_32;
}

/**
 * The normal quantile function: Wichura's PPND16, algorithm AS 241 (Applied Statistics 37, 1988, 477-484), accurate to
 * about 1 part in 10^16. Three ratios of polynomials: one for the central 85 %, two for the tails.
 * @param p in (0, 1), ends excluded
 */
export function normalQuantile(p: number): number {
  const q = p - 0.5;
  if (q < -0.425 || q > 0.425) return q < 0 ? -tail(p) : tail(1 - p);
  const r = 0.180625 - q * q;
  // biome-ignore format: coefficients a0..a7 and b0..b7 of the paper
  return (q * septic(r,
      3.3871328727963665, 133.14166789178438, 1971.5909503065513, 13731.69376550946,
      45921.95393154987, 67265.7709270087, 33430.57558358813, 2509.0809287301227)) /
    septic(r,
      1, 42.31333070160091, 687.1870074920579, 5394.196021424751,
      21213.794301586597, 39307.89580009271, 28729.085735721943, 5226.495278852546);
}

/** How far out the upper tail begins that has probability p <= 0.075. */
function tail(p: number): number {
  const r = Math.sqrt(-Math.log(p));
  // biome-ignore format: coefficients c0..c7 and d0..d7 of the paper
  if (r <= 5) {
    return septic(r - 1.6,
        1.4234371107496835, 4.630337846156546, 5.769497221460691, 3.6478483247632045,
        1.2704582524523684, 0.2417807251774506, 0.022723844989269184, 7.745450142783414e-4) /
      septic(r - 1.6,
        1, 2.053191626637759, 1.6763848301838038, 0.6897673349851,
        0.14810397642748008, 0.015198666563616457, 5.475938084995345e-4, 1.0507500716444169e-9);
  }
  // biome-ignore format: coefficients e0..e7 and f0..f7 of the paper
  return septic(r - 5,
      6.657904643501103, 5.463784911164114, 1.7848265399172913, 0.29656057182850487,
      0.026532189526576124, 0.0012426609473880784, 2.7115555687434876e-5, 2.0103343992922881e-7) /
    septic(r - 5,
      1, 0.599832206555888, 0.1369298809227358, 0.014875361290850615,
      7.868691311456133e-4, 1.8463183175100548e-5, 1.421511758316446e-7, 2.0442631033899397e-15);
}

/** c0 + c1 r + ... + c7 r^7, by Estrin's scheme: half the latency of Horner's, and this is the hottest line of a run. */
// biome-ignore format: one line a level
function septic(
  r: number, c0: number, c1: number, c2: number, c3: number, c4: number, c5: number, c6: number, c7: number,
): number {
  const r2 = r * r;
  return c0 + c1 * r + (c2 + c3 * r) * r2 + (c4 + c5 * r + (c6 + c7 * r) * r2) * (r2 * r2);
}
