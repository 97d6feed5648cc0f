// The table: of however many rows only those in sight are elements.

const ROW = 28;
const TALLEST = 8e6; // pixels that browsers can scroll over for sure

function columnsOf(view) {
  const last = view.compared
    ? { key: "growth", label: "Change", title: "By how many bytes the file grew" }
    : { key: "share", label: "Share", title: "Of the bytes in the open folder" };
  return [
    { key: "kind", label: "", title: view.compared ? "Change" : "Type" },
    { key: "path", label: "Path", title: "Path in the open folder" },
    { key: "size", label: "Size", title: "Size of the file" },
    last,
    { key: "time", label: "Modified", title: "When the file was last modified" },
  ];
}

function newTable(view) {
  const table = {
    view,
    box: byId("table"),
    rows: new Int32Array(0),
    largest: 0, // bytes of a file
    lines: [],
    at: 0, // the row that keys move from
    sort: view.compared ? { key: "kind", up: true } : { key: "size", up: false },
  };
  table.box.classList.toggle("alone", !view.compared);
  return table;
}

const FIRST_DOWN = new Set(["size", "growth", "share", "time"]);

function drawHead(table, onSort) {
  const heads = columnsOf(table.view).map(({ key, label, title }) => {
    const sorted = table.sort.key === key;
    const cell = element("div", { className: CLASSES[key] ?? "number" });
    cell.setAttribute("role", "columnheader");
    cell.setAttribute("aria-sort", sorted ? (table.sort.up ? "ascending" : "descending") : "none");
    const button = element("button", { type: "button", title, textContent: label });
    button.dataset.key = key;
    button.setAttribute("aria-label", label || title);
    button.addEventListener("click", () => {
      table.sort = { key, up: sorted ? !table.sort.up : !FIRST_DOWN.has(key) };
      onSort(key);
    });
    cell.append(button);
    return cell;
  });
  byId("head").replaceChildren(...heads);
}

function sortKeys(view, key) {
  const { files } = view;
  const rank = [];
  view.kindOrder.forEach((kind, at) => (rank[kind] = at));
  switch (key) {
    case "kind":
      return (index) => rank[view.kindOf[index]];
    case "growth":
      return (index) => growth(files, index);
    case "time":
      return (index) => files.time[index];
    default:
      return (index) => files.size[index];
  }
}

// Takes the rows of the open folder that are shown, sorted; those that are equal stay in the order of paths.
function fillTable(table) {
  const { view, sort } = table;
  const rows = new Int32Array(view.folder.shownFiles);
  let count = 0;
  table.largest = 0;
  for (let index = view.folder.first; index < view.folder.last; index++) {
    if (view.shown[index]) {
      rows[count++] = index;
      table.largest = Math.max(table.largest, view.files.size[index]);
    }
  }
  if (sort.key !== "path") {
    const keys = new Float64Array(view.files.count);
    const keyOf = sortKeys(view, sort.key);
    for (const index of rows) {
      keys[index] = keyOf(index);
    }
    const sign = sort.up ? 1 : -1;
    rows.sort((a, b) => sign * (keys[a] - keys[b]) || a - b);
  } else if (!sort.up) {
    rows.reverse();
  }
  table.rows = rows;
  table.at = Math.min(table.at, Math.max(0, count - 1));
  table.box.setAttribute("aria-rowcount", count + 1);
  byId("space").style.height = Math.min(count * ROW, TALLEST) + "px";
}

function inSight(table) {
  return Math.max(ROW, table.box.clientHeight - byId("head").offsetHeight);
}

// Where the first row in sight is: its number, and its distance from the top of all.
function scrolled(table) {
  const top = table.box.scrollTop;
  const all = table.rows.length * ROW;
  if (all <= TALLEST) {
    const first = Math.floor(top / ROW);
    return { first, offset: first * ROW };
  }
  const sight = inSight(table);
  const exact = ((top / (TALLEST - sight)) * (all - sight)) / ROW;
  const first = Math.max(0, Math.floor(exact));
  return { first, offset: top - (exact - first) * ROW };
}

function drawRows(table) {
  const { first, offset } = scrolled(table);
  const count = Math.max(0, Math.min(Math.ceil(inSight(table) / ROW) + 1, table.rows.length - first));
  while (table.lines.length < count) {
    table.lines.push(newLine(table));
  }
  for (let at = 0; at < count; at++) {
    fillLine(table, table.lines[at], first + at);
  }
  const rows = byId("rows");
  rows.style.transform = "translateY(" + offset + "px)";
  rows.replaceChildren(...table.lines.slice(0, count));
  const active = byId("row-" + table.at);
  if (active === null) {
    table.box.removeAttribute("aria-activedescendant");
  } else {
    table.box.setAttribute("aria-activedescendant", active.id);
  }
}

function scrollTo(table, row) {
  const sight = inSight(table);
  const all = table.rows.length * ROW;
  const { first } = scrolled(table);
  if (row > first && row < first + Math.floor(sight / ROW)) {
    return;
  }
  const wanted = row <= first ? row * ROW : (row + 1) * ROW - sight;
  table.box.scrollTop = all <= TALLEST ? wanted : (wanted / (all - sight)) * (TALLEST - sight);
}
