// Kinds of files, each with a colour and a button: of a comparison its changes, of a tree alone its types of names.

const TYPES = 8;

function newKind(label, letter, color) {
  return { label, letter, color, files: 0, bytes: 0, growth: 0 };
}

function changeKinds(files) {
  return {
    kinds: [
      newKind("Unchanged", "", "--unchanged"),
      newKind("New", "A", "--new"),
      newKind("Modified", "M", "--modified"),
      newKind("Deleted", "D", "--deleted"),
    ],
    of: files.change,
    order: [NEW, MODIFIED, DELETED, UNCHANGED],
  };
}

function typeOf(name) {
  const dot = name.lastIndexOf(".");
  return dot > 0 && name.length - dot <= 12 ? name.slice(dot).toLowerCase() : "";
}

function typeKinds(files) {
  const types = new Map();
  const own = files.name.map((name, index) => {
    const type = typeOf(name);
    let tally = types.get(type);
    if (tally === undefined) {
      types.set(type, (tally = { type, bytes: 0, files: 0, kind: TYPES }));
    }
    tally.bytes += files.size[index];
    tally.files++;
    return tally;
  });
  const named = [...types.values()].filter((tally) => tally.type !== "");
  const most = named.sort((a, b) => b.bytes - a.bytes || b.files - a.files).slice(0, TYPES);
  const kinds = most.map(({ type }, index) => newKind(type, "", "--type-" + index));
  most.forEach((tally, index) => (tally.kind = index));
  const rest = kinds.length;
  if (types.size > rest) {
    kinds.push(newKind(rest === 0 ? "Files" : "Other", "", "--unchanged"));
  }
  const of = Uint8Array.from(own, (tally) => Math.min(tally.kind, rest));
  return { kinds, of, order: kinds.map((_, index) => index) };
}

function countKinds(files, { kinds, of }) {
  for (let index = 0; index < files.count; index++) {
    const kind = kinds[of[index]];
    kind.files++;
    kind.bytes += files.size[index];
    kind.growth += growth(files, index);
  }
}
