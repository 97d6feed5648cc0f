// The map: the open folder as nested rectangles.

const HEADER = 17;
const LEAST = 1.6; // pixels that a cell is at least wide and high
const OPEN = 13; // and a folder whose inside is drawn

function newMap(view) {
  const canvas = byId("canvas");
  return { view, canvas, context: canvas.getContext("2d"), cells: [], colors: null, hatch: null };
}

function drawMap(map) {
  const { canvas, context, view } = map;
  const { clientWidth: width, clientHeight: height } = canvas;
  const ratio = devicePixelRatio || 1;
  canvas.width = Math.max(1, Math.round(width * ratio));
  canvas.height = Math.max(1, Math.round(height * ratio));
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.font = FONT;
  map.colors ??= readColors(view);
  map.hatch ??= hatch(context);
  map.cells = [];
  if (view.folder.weight > 0 && width > 4 && height > 4) {
    drawInside(map, view.folder, 2, 2, width - 4, height - 4, 0);
  }
  markChosen(map);
  const nothing = byId("nothing");
  nothing.hidden = view.folder.weight > 0;
  nothing.textContent = emptyWords(view);
}

function emptyWords(view) {
  if (view.files.count === 0) {
    return "There are no files.";
  }
  return view.folder.shownFiles > 0
    ? "These files are all empty: switch from size to files to see them here."
    : "Nothing here is shown: the search or the buttons above leave no file.";
}

function drawInside(map, folder, x, y, width, height, depth) {
  const pen = map;
  squarify(
    largestIn(map.view, folder), x, y, width, height, LEAST,
    (item, left, top, wide, high) => {
      const cell = { x: left, y: top, width: wide, height: high, ...item, depth };
      map.cells.push(cell);
      if (item.folder === null) {
        paintFile(pen, cell);
      } else {
        drawFolder(map, cell);
      }
    },
    (left, top, wide, high, from) => paintMixture(pen, left, top, wide, high, partsFrom(map.view, folder, from)),
  );
}

function partsFrom(view, folder, from) {
  const parts = new Float64Array(view.kinds.length);
  for (const item of largestIn(view, folder).slice(from)) {
    if (item.folder === null) {
      parts[view.kindOf[item.file]] += item.weight;
    } else {
      partsOf(view, item.folder).forEach((part, kind) => (parts[kind] += part));
    }
  }
  return parts;
}

function drawFolder(map, cell) {
  const { x, y, width, height, folder } = cell;
  if (width < OPEN || height < OPEN) {
    paintMixture(map, x + 0.3, y + 0.3, width - 0.6, height - 0.6, partsOf(map.view, folder));
    return;
  }
  const header = width > 46 && height > 38 ? HEADER : 0;
  const edge = header > 0 ? 3 : 1;
  paintFolderFrame(map, cell, header);
  const top = header > 0 ? header : edge;
  drawInside(map, folder, x + edge, y + top, width - 2 * edge, height - top - edge, cell.depth + 1);
}

function cellAt(map, x, y) {
  for (let at = map.cells.length - 1; at >= 0; at--) {
    const cell = map.cells[at];
    if (x >= cell.x && y >= cell.y && x < cell.x + cell.width && y < cell.y + cell.height) {
      return cell;
    }
  }
  return null;
}

function frame(box, cell) {
  box.hidden = cell === undefined || cell === null;
  if (!box.hidden) {
    box.style.left = cell.x + "px";
    box.style.top = cell.y + "px";
    box.style.width = cell.width + "px";
    box.style.height = cell.height + "px";
  }
}

function isChosen(view, item) {
  const { chosen } = view;
  return chosen !== null && (item.folder === null ? chosen.file === item.file : chosen.folder === item.folder);
}

function markChosen(map) {
  frame(byId("chosen"), map.view.chosen === null ? null : map.cells.find((cell) => isChosen(map.view, cell)));
}

// Where a key leads from what is chosen: to { file, folder }, or null.
function neighbour(view, key) {
  const { chosen, files } = view;
  const inside = largestIn(view, view.folder);
  if (chosen === null) {
    return inside[0] ?? null;
  }
  if (key === "ArrowDown") {
    return chosen.folder === null ? null : largestIn(view, chosen.folder)[0] ?? null;
  }
  const parent = chosen.folder === null ? files.folder[chosen.file] : shownParent(view, chosen.folder);
  if (key === "ArrowUp") {
    return parent === null || parent === view.folder ? null : { file: -1, folder: parent };
  }
  const items = parent === null ? inside : largestIn(view, parent);
  const at = items.findIndex((item) => isChosen(view, item));
  return items[at + (key === "ArrowRight" ? 1 : -1)] ?? null;
}
