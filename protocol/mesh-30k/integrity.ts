/** Hashes that let a receiver notice that a payload is not what was sent (document 2.4, `payload_hash`). */

/** FNV-1a over the UTF-16 code units of a text, 32 bits as a signed integer. Finds damage; forgery is the signature's business. */
export function payloadHash(payload: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < payload.length; i++) {
    hash = Math.imul(hash ^ payload.charCodeAt(i), 0x01000193);
  }
  return hash | 0;
}
