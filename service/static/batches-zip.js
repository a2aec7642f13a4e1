// What is in an archive, by its table of contents alone: the service unpacks it. Source: PKWARE APPNOTE.TXT 4.3.12, 4.3.16.

const END = 0x06054b50;
const ENTRY = 0x02014b50;
const LONGEST_END_BYTES = 22 + 0xffff;
const MOST_CONTENTS_BYTES = 16 * 1024 * 1024;

/**
 * The paths of all files in an archive.
 * @param {Blob} file
 * @returns {Promise<string[][] | null>} null where it cannot be told: the service will say what is wrong with it
 */
export async function pathsIn(file) {
  const tail = await view(file, Math.max(0, file.size - LONGEST_END_BYTES), file.size);
  let end = tail.byteLength - 22;
  while (end >= 0 && tail.getUint32(end, true) !== END) end -= 1;
  if (end < 0) return null;
  const [length, offset] = [tail.getUint32(end + 12, true), tail.getUint32(end + 16, true)];
  if (length > MOST_CONTENTS_BYTES || offset + length > file.size) return null;
  const contents = await view(file, offset, offset + length);
  const paths = [];
  for (let at = 0; at + 46 <= contents.byteLength && contents.getUint32(at, true) === ENTRY; ) {
    const nameLength = contents.getUint16(at + 28, true);
    const name = text(new Uint8Array(contents.buffer, at + 46, nameLength)).replaceAll("\\", "/");
    if (!name.endsWith("/")) paths.push(name.split("/").filter((part) => part && part !== "."));
    at += 46 + nameLength + contents.getUint16(at + 30, true) + contents.getUint16(at + 32, true);
  }
  return paths;
}

async function view(file, start, end) {
  return new DataView(await file.slice(start, end).arrayBuffer());
}

function text(bytes) {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder("windows-1252").decode(bytes);
  }
}
