// How cells of the map look.

const FONT = "11px system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif";
const LETTER_WIDTH = 6.1;

// Colours as the canvas takes them, of the scheme that holds now.
function readColors(view) {
  const probe = element("i", { hidden: true });
  document.body.append(probe);
  const resolve = (name) => {
    probe.style.color = "var(" + name + ")";
    return getComputedStyle(probe).color;
  };
  const fills = view.kinds.map((kind) => resolve(kind.color));
  const colors = {
    fills,
    inks: fills.map(inkOn),
    panel: resolve("--panel"),
    text: resolve("--text"),
    dim: resolve("--dim"),
    folders: [resolve("--folder"), resolve("--folder-in")],
  };
  probe.remove();
  return colors;
}

function inkOn(fill) {
  const [red, green, blue] = fill.match(/[\d.]+/g).map(Number);
  return 0.299 * red + 0.587 * green + 0.114 * blue > 135 ? "#10161d" : "#ffffff";
}

function hatch(context) {
  const tile = element("canvas", { width: 6, height: 6 });
  const stroke = tile.getContext("2d");
  stroke.strokeStyle = "rgba(255,255,255,0.34)";
  stroke.lineWidth = 1.3;
  for (const at of [-6, 0, 6]) {
    stroke.moveTo(at - 1, 7);
    stroke.lineTo(at + 7, -1);
  }
  stroke.stroke();
  return context.createPattern(tile, "repeat");
}

function fillBox(context, x, y, width, height, fill) {
  context.fillStyle = fill;
  if (width > 12 && height > 12) {
    context.beginPath();
    context.roundRect(x, y, width, height, 3);
    context.fill();
  } else {
    context.fillRect(x, y, width, height);
  }
}

function fit(text, width) {
  const most = Math.floor(width / LETTER_WIDTH);
  return text.length <= most ? text : most < 5 ? "" : text.slice(0, most - 1) + "\u2026";
}

function paintFile(pen, cell) {
  const { context, colors, view } = pen;
  const kind = view.kindOf[cell.file];
  const gap = cell.width > 5 && cell.height > 5 ? 0.5 : 0.15;
  const [x, y, width, height] = [cell.x + gap, cell.y + gap, cell.width - 2 * gap, cell.height - 2 * gap];
  fillBox(context, x, y, width, height, colors.fills[kind]);
  if (view.compared && kind === DELETED && width > 3 && height > 3) {
    fillBox(context, x, y, width, height, pen.hatch);
  }
  if (width < 38 || height < 15) {
    return;
  }
  const label = fit(shownName(view.files.name[cell.file]), width - 8);
  if (label !== "") {
    context.fillStyle = colors.inks[kind];
    context.fillText(label, x + 5, y + 12, width - 7);
    const size = sizeIn(view, cell.file, Math.floor((width - 6) / LETTER_WIDTH));
    if (height > 30 && size !== "") {
      context.globalAlpha = 0.75;
      context.fillText(size, x + 5, y + 25, width - 7);
      context.globalAlpha = 1;
    }
  }
}

// As much about a file's size as there is room for.
function sizeIn(view, index, letters) {
  const size = bytes(view.files.size[index]);
  const modified = view.files.change[index] === MODIFIED;
  const all = modified ? size + ", " + signedBytes(growth(view.files, index)) : size;
  return all.length <= letters ? all : size.length <= letters ? size : "";
}

// What is too small to be drawn one by one: as much of each colour as there is of each kind.
function paintMixture(pen, x, y, width, height, parts) {
  const { context, colors, view } = pen;
  let all = 0;
  for (const part of parts) {
    all += part;
  }
  let along = 0;
  for (const kind of view.kindOrder) {
    const share = all > 0 ? parts[kind] / all : 0;
    if (share > 0) {
      context.fillStyle = colors.fills[kind];
      if (width >= height) {
        context.fillRect(x + along * width, y, share * width, height);
      } else {
        context.fillRect(x, y + along * height, width, share * height);
      }
      along += share;
    }
  }
}

function paintFolderFrame(pen, cell, header) {
  const { context, colors } = pen;
  fillBox(context, cell.x + 0.5, cell.y + 0.5, cell.width - 1, cell.height - 1, colors.folders[cell.depth % 2]);
  if (header === 0) {
    return;
  }
  const size = bytes(cell.folder.shownBytes);
  const room = cell.width - 12;
  const sized = room > 60 + size.length * LETTER_WIDTH;
  context.fillStyle = colors.text;
  const name = cell.label + "/";
  context.fillText(fit(name, sized ? room - size.length * LETTER_WIDTH - 10 : room), cell.x + 6, cell.y + 12.5, room);
  if (sized) {
    context.fillStyle = colors.dim;
    context.textAlign = "right";
    context.fillText(size, cell.x + cell.width - 6, cell.y + 12.5);
    context.textAlign = "left";
  }
}
