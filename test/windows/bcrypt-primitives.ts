/** What the linker calls machine, magic and flags: x64, PE32+, an image that is a DLL. */
const header = { machine: 0x8664, magic: 0x20b, flags: 0x2022 };
const sectionAddress = 0x1000;
const fileAlignment = 0x200;

/**
 * The bytes of a `bcryptprimitives.dll`, which Wine before 9 lacks and every program in Rust imports,
 * the bundler among them. It has no code: its one export leads to a function of another library that
 * does the same.
 */
export function bcryptPrimitives(): Buffer {
  const exported = exportSection(
    'bcryptprimitives.dll',
    'ProcessPrng',
    'advapi32.SystemFunction036',
  );
  const image = Buffer.alloc(fileAlignment * 2);
  image.write('MZ', 0, 'latin1');
  image.writeUInt32LE(64, 60);
  image.write('PE\0\0', 64, 'latin1');
  const coff = 68;
  image.writeUInt16LE(header.machine, coff);
  image.writeUInt16LE(1, coff + 2);
  image.writeUInt16LE(240, coff + 16);
  image.writeUInt16LE(header.flags, coff + 18);
  const optional = coff + 20;
  image.writeUInt16LE(header.magic, optional);
  image.writeBigUInt64LE(0x1_8000_0000n, optional + 24);
  image.writeUInt32LE(0x1000, optional + 32);
  image.writeUInt32LE(fileAlignment, optional + 36);
  // The versions of the system and of its subsystem.
  image.writeUInt16LE(6, optional + 40);
  image.writeUInt16LE(6, optional + 48);
  image.writeUInt32LE(sectionAddress * 2, optional + 56);
  image.writeUInt32LE(fileAlignment, optional + 60);
  image.writeUInt16LE(3, optional + 68);
  image.writeUInt32LE(16, optional + 108);
  image.writeUInt32LE(sectionAddress, optional + 112);
  image.writeUInt32LE(exported.length, optional + 116);
  const section = optional + 240;
  image.write('.edata', section, 'latin1');
  image.writeUInt32LE(exported.length, section + 8);
  image.writeUInt32LE(sectionAddress, section + 12);
  image.writeUInt32LE(fileAlignment, section + 16);
  image.writeUInt32LE(fileAlignment, section + 20);
  image.writeUInt32LE(0x4000_0040, section + 36);
  exported.copy(image, fileAlignment);
  return image;
}

/** An export table of one function, which is found in another library. */
function exportSection(library: string, name: string, forwarder: string): Buffer {
  const texts = [library, name, forwarder].map((text) => Buffer.from(`${text}\0`, 'latin1'));
  const [functions, names, ordinals] = [40, 44, 48];
  let end = 50;
  const [libraryAt = 0, nameAt = 0, forwarderAt = 0] = texts.map(({ length }) => {
    end += length;
    return sectionAddress + end - length;
  });
  const table = Buffer.alloc(50);
  table.writeUInt32LE(libraryAt, 12);
  // The ordinals' base, and how many functions and names there are.
  for (const at of [16, 20, 24]) table.writeUInt32LE(1, at);
  table.writeUInt32LE(sectionAddress + functions, 28);
  table.writeUInt32LE(sectionAddress + names, 32);
  table.writeUInt32LE(sectionAddress + ordinals, 36);
  table.writeUInt32LE(forwarderAt, functions);
  table.writeUInt32LE(nameAt, names);
  return Buffer.concat([table, ...texts]);
}
