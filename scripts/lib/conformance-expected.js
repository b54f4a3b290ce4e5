// Where the sandbox fails the OCI conformance program because a real Nexus does not do what the program asks, or because nobody has
// seen what it does. Each with the reason; one that no failure needs is said, too.

/**
 * @typedef {object} Expected
 * @property {RegExp} test the name of the program's test
 * @property {RegExp} [says] what it complains of; default: anything
 * @property {string} why the evidence
 */

/** @type {readonly Expected[]} */
export const expected = [
  {
    test: /(^|\/)referrers$/,
    says: /expected one of \[200\], received 404/,
    why: 'the docker format has no referrers: version 1.1 of the specification came with the oci format of 3.94',
  },
  {
    test: /-subject\/push\/manifest-by-(digest|tag)$/,
    says: /^manifest put failed: header value mismatch for "OCI-Subject"/,
    why: 'the docker format does not know a subject, for the same reason; clients fall back to a tag',
  },
  {
    test: /^sha512/,
    why: 'a guess: only sha256 was seen in the docker format (assets are named v2/-/blobs/sha256:…)',
  },
]
