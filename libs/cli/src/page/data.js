// The files and folders of the page.

const UNCHANGED = 0;
const NEW = 1;
const MODIFIED = 2;
const DELETED = 3;

function newFolder(parent, name, first) {
  return { name, parent, folders: [], files: [], first, last: first, weight: 0, parts: null, largest: null };
}

// Rows of [change, shared folders, rest of the path, size, time, old size, old time], in the order of paths.
function readFiles(rows) {
  const count = rows.length;
  const files = {
    count,
    change: new Uint8Array(count),
    size: new Float64Array(count),
    time: new Float64Array(count),
    oldSize: new Float64Array(count),
    oldTime: new Float64Array(count),
    name: new Array(count),
    folder: new Array(count),
  };
  const root = newFolder(null, "", 0);
  const folders = [root];
  const stack = [root];
  rows.forEach((row, index) => {
    const [change, shared, rest, size, time] = row;
    while (stack.length > shared + 1) {
      stack.pop().last = index;
    }
    let folder = stack[shared];
    let from = 0;
    for (let slash = rest.indexOf("/"); slash >= 0; slash = rest.indexOf("/", from)) {
      const inner = newFolder(folder, rest.slice(from, slash), index);
      folder.folders.push(inner);
      folders.push(inner);
      stack.push(inner);
      folder = inner;
      from = slash + 1;
    }
    folder.files.push(index);
    files.change[index] = change;
    files.size[index] = size;
    files.time[index] = time;
    files.oldSize[index] = change === MODIFIED ? row[5] : change === NEW ? 0 : size;
    files.oldTime[index] = change === MODIFIED ? row[6] : time;
    files.name[index] = from === 0 ? rest : rest.slice(from);
    files.folder[index] = folder;
  });
  for (const folder of stack) {
    folder.last = count;
  }
  return { files, root, folders };
}

function folderPath(folder) {
  let path = "";
  for (let at = folder; at.parent !== null; at = at.parent) {
    path = at.name + "/" + path;
  }
  return path;
}

function depthOf(folder) {
  let depth = 0;
  for (let at = folder; at.parent !== null; at = at.parent) {
    depth++;
  }
  return depth;
}

function filePath(files, index) {
  return folderPath(files.folder[index]) + files.name[index];
}

// By how much a file grew.
function growth(files, index) {
  return (files.change[index] === DELETED ? 0 : files.size[index]) - files.oldSize[index];
}
