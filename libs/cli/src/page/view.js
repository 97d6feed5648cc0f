// What is shown of the files: the state that the map, the table and the buttons have in common.

function newView(data, kinds, compared) {
  return {
    ...data,
    kinds: kinds.kinds,
    kindOf: kinds.of,
    kindOrder: kinds.order,
    compared,
    folder: data.root, // that is open
    on: kinds.kinds.map(() => true),
    words: [],
    byCount: false,
    shown: new Uint8Array(data.files.count).fill(1),
    chosen: null, // { file } or { folder }
    lower: null, // paths in lower case, made for the first search
  };
}

function matches(view, index) {
  if (view.lower === null) {
    view.lower = view.files.name.map((name, at) => visible(folderPath(view.files.folder[at]) + name).toLowerCase());
  }
  return view.words.every((word) => view.lower[index].includes(word));
}

// Says of each file whether it is shown, and of each folder what that comes to.
function weigh(view) {
  const { files, folders, kindOf, on, words, shown, byCount } = view;
  for (const folder of folders) {
    folder.weight = 0;
    folder.parts = null;
    folder.largest = null;
    folder.shownFiles = 0;
    folder.shownBytes = 0;
  }
  for (const kind of view.kinds) {
    kind.found = 0;
  }
  for (let index = 0; index < files.count; index++) {
    const found = words.length === 0 || matches(view, index);
    const is = found && on[kindOf[index]];
    shown[index] = is ? 1 : 0;
    view.kinds[kindOf[index]].found += found ? 1 : 0;
    if (is) {
      const folder = files.folder[index];
      folder.weight += byCount ? 1 : files.size[index];
      folder.shownFiles++;
      folder.shownBytes += files.size[index];
    }
  }
  for (let at = folders.length - 1; at > 0; at--) {
    const folder = folders[at];
    folder.parent.weight += folder.weight;
    folder.parent.shownFiles += folder.shownFiles;
    folder.parent.shownBytes += folder.shownBytes;
  }
}

function weightOf(view, index) {
  return view.byCount ? 1 : view.files.size[index];
}

// How a folder's weight is made up of kinds.
function partsOf(view, folder) {
  if (folder.parts === null) {
    folder.parts = new Float64Array(view.kinds.length);
    for (let index = folder.first; index < folder.last; index++) {
      if (view.shown[index]) {
        folder.parts[view.kindOf[index]] += weightOf(view, index);
      }
    }
  }
  return folder.parts;
}

// The folder that all of a folder's weight is in, if there is one: it can be passed through.
function passage(folder) {
  return folder.weight > 0 ? folder.folders.find((inner) => inner.weight === folder.weight) : undefined;
}

// Up from a folder, past those that are passed through.
function shownParent(view, folder) {
  let at = folder.parent;
  while (at !== null && at !== view.folder && at.parent !== null && passage(at) !== undefined) {
    at = at.parent;
  }
  return at;
}

function folderItem(folder) {
  let [at, label] = [folder, shownName(folder.name)];
  for (let inner = passage(at); inner !== undefined; inner = passage(at)) {
    label += "/" + shownName(inner.name);
    at = inner;
  }
  return { weight: folder.weight, folder: at, file: -1, label };
}

// What is in a folder and has a weight, the heaviest first: folders, or files (folder is null).
function largestIn(view, folder) {
  if (folder.largest === null) {
    const items = [];
    for (const inner of folder.folders) {
      if (inner.weight > 0) {
        items.push(folderItem(inner));
      }
    }
    for (const index of folder.files) {
      const weight = view.shown[index] ? weightOf(view, index) : 0;
      if (weight > 0) {
        items.push({ weight, folder: null, file: index });
      }
    }
    folder.largest = items.sort((a, b) => b.weight - a.weight);
  }
  return folder.largest;
}

// Where to begin: a folder that holds nothing but another one says little.
function innermost(folder) {
  let at = folder;
  while (at.files.length === 0 && at.folders.length === 1) {
    at = at.folders[0];
  }
  return at;
}
