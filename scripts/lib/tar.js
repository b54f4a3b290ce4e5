// Archives for the layers of sample images.

/**
 * A tar archive of one file (POSIX ustar).
 * @param {string} name
 * @param {Buffer} content
 */
export function tarOf(name, content) {
  const header = Buffer.alloc(512)
  const field = (/** @type {string} */ text, /** @type {number} */ offset) =>
    header.write(text, offset, 'latin1')
  field(name, 0)
  field('0000644\0', 100)
  field('0000000\0', 108)
  field('0000000\0', 116)
  field(`${content.length.toString(8).padStart(11, '0')}\0`, 124)
  field('00000000000\0', 136)
  field('        0', 148)
  field('ustar\u000000', 257)
  const sum = header.reduce((total, byte) => total + byte, 0)
  field(`${sum.toString(8).padStart(6, '0')}\0 `, 148)
  const padding = Buffer.alloc((512 - (content.length % 512)) % 512)
  return Buffer.concat([header, content, padding, Buffer.alloc(1024)])
}
