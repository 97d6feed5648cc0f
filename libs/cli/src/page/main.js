// Puts the page together, and answers mouse and keys.

const page = JSON.parse(byId("data").textContent);
byId("data").remove();
const compared = page.old !== null;
const data = readFiles(page.entries);
page.entries = null;
const kinds = compared ? changeKinds(data.files) : typeKinds(data.files);
countKinds(data.files, kinds);
const view = newView(data, kinds, compared);
const map = newMap(view);
const table = newTable(view);

function drawTable() {
  fillTable(table);
  drawHead(table, (key) => {
    table.box.scrollTop = 0;
    drawTable();
    byId("head").querySelector("[data-key=" + key + "]").focus();
  });
  drawRows(table);
}

// What is shown has changed.
function show() {
  weigh(view);
  drawPressed(view);
  showFolder();
}

function showFolder() {
  drawCrumbs(view, open);
  drawMap(map);
  drawTable();
  drawDetails(view);
}

function open(folder) {
  view.folder = folder;
  view.chosen = null;
  table.at = 0;
  table.box.scrollTop = 0;
  showFolder();
  say(nameOf(view, { file: -1, folder }) + ", " + factsOf(view, { file: -1, folder }));
}

function choose(item, row) {
  view.chosen = { file: item.file, folder: item.folder };
  markChosen(map);
  const at = row ?? (item.folder === null ? table.rows.indexOf(item.file) : -1);
  if (at >= 0) {
    table.at = at;
    scrollTo(table, at);
  }
  drawRows(table);
  drawDetails(view);
  say(nameOf(view, item) + ", " + factsOf(view, item));
}

function openParent() {
  const { folder } = view;
  if (folder.parent !== null) {
    open(shownParent(view, folder));
    choose({ file: -1, folder });
  }
}

// --- map ---

function pointedAt(event) {
  const box = map.canvas.getBoundingClientRect();
  return cellAt(map, event.clientX - box.left, event.clientY - box.top);
}

map.canvas.addEventListener("pointermove", (event) => {
  const cell = pointedAt(event);
  frame(byId("pointed"), cell);
  showTip(view, cell, event.clientX, event.clientY);
});

map.canvas.addEventListener("pointerleave", () => {
  frame(byId("pointed"), null);
  showTip(view, null);
});

map.canvas.addEventListener("click", (event) => {
  const cell = pointedAt(event);
  if (cell === null) {
    return;
  }
  showTip(view, null);
  frame(byId("pointed"), null);
  if (cell.folder === null) {
    choose(cell);
  } else {
    open(cell.folder);
  }
});

function enter() {
  const { chosen } = view;
  if (chosen !== null && chosen.folder !== null) {
    open(chosen.folder);
  } else if (chosen !== null && view.files.folder[chosen.file] !== view.folder) {
    open(view.files.folder[chosen.file]);
    choose(chosen);
  }
}

map.canvas.addEventListener("keydown", (event) => {
  if (event.key.startsWith("Arrow")) {
    const item = neighbour(view, event.key);
    if (item !== null) {
      choose(item);
    }
  } else if (event.key === "Enter") {
    enter();
  } else if (event.key === "Escape" || event.key === "Backspace") {
    openParent();
  } else if (event.key === "Home") {
    open(view.root);
  } else {
    return;
  }
  event.preventDefault();
});

// --- table ---

table.box.addEventListener("scroll", () => drawRows(table), { passive: true });

byId("rows").addEventListener("click", (event) => {
  const line = event.target.closest(".row");
  if (line !== null) {
    const row = Number(line.dataset.row);
    choose({ file: table.rows[row], folder: null }, row);
  }
});

byId("rows").addEventListener("dblclick", enter);

table.box.addEventListener("keydown", (event) => {
  if (event.target !== table.box || table.rows.length === 0) {
    return;
  }
  const far = Math.max(1, Math.floor(inSight(table) / ROW) - 1);
  const here = view.chosen !== null && table.rows[table.at] === view.chosen.file;
  const steps = { ArrowDown: here ? 1 : 0, ArrowUp: -1, PageDown: far, PageUp: -far, Home: -Infinity, End: Infinity };
  if (event.key in steps) {
    const row = Math.min(Math.max(table.at + steps[event.key], 0), table.rows.length - 1);
    choose({ file: table.rows[row], folder: null }, row);
  } else if (event.key === "Enter") {
    enter();
  } else if (event.key === "Escape") {
    openParent();
  } else {
    return;
  }
  event.preventDefault();
});

// --- buttons and search ---

function toggle(kind) {
  view.on[kind] = !view.on[kind];
  show();
  say(view.kinds[kind].label + (view.on[kind] ? " shown" : " hidden"));
}

function setArea(byCount) {
  view.byCount = byCount;
  show();
}

let waiting = 0;

function search() {
  const words = byId("search").value.toLowerCase().split(/\s+/u).filter((word) => word !== "");
  clearTimeout(waiting);
  waiting = setTimeout(() => {
    view.words = words;
    table.box.scrollTop = 0;
    show();
    say(plural(view.folder.shownFiles, "file", "files"));
  }, view.files.count > 20000 ? 120 : 0);
}

byId("search").addEventListener("input", search);
byId("search").addEventListener("keydown", (event) => {
  const box = event.target;
  if (event.key === "Enter" || (event.key === "Escape" && box.value === "")) {
    table.box.focus();
  } else if (event.key === "Escape") {
    box.value = "";
    search();
  } else {
    return;
  }
  event.preventDefault();
});

byId("by-size").addEventListener("click", () => setArea(false));
byId("by-count").addEventListener("click", () => setArea(true));

// --- the whole page ---

const darkness = matchMedia("(prefers-color-scheme: dark)");

function recolor() {
  map.colors = null;
  view.inks = readColors(view).inks;
  drawMap(map);
  drawRows(table);
}

function turnScheme() {
  const { style } = document.documentElement;
  const dark = style.colorScheme === "" ? darkness.matches : style.colorScheme === "dark";
  style.colorScheme = dark ? "light" : "dark";
  recolor();
}

darkness.addEventListener("change", recolor);
byId("theme").addEventListener("click", turnScheme);
byId("help").addEventListener("click", () => byId("keys").showModal());

document.addEventListener("keydown", (event) => {
  const typing = event.target instanceof HTMLInputElement;
  if (typing || event.ctrlKey || event.metaKey || event.altKey || byId("keys").open) {
    return;
  }
  const kind = /^[1-9]$/.test(event.key) ? view.kindOrder[Number(event.key) - 1] : undefined;
  if (kind !== undefined) {
    toggle(kind);
  } else if (event.key === "/") {
    byId("search").select();
    byId("search").focus();
  } else if (event.key === "?") {
    byId("keys").showModal();
  } else if (event.key === "t") {
    turnScheme();
  } else {
    return;
  }
  event.preventDefault();
});

drawHeading(page);
drawLegend(view, toggle);
view.inks = readColors(view).inks;
view.folder = innermost(view.root);
show();

let resizing = 0;
new ResizeObserver(() => {
  cancelAnimationFrame(resizing);
  resizing = requestAnimationFrame(() => {
    drawMap(map);
    drawRows(table);
  });
}).observe(byId("map"));

// For who measures: everything is there and was drawn once.
requestAnimationFrame(() => setTimeout(() => performance.mark("ready")));
