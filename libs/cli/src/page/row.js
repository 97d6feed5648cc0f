// One row of the table.

const CLASSES = { kind: "kind", path: "path", time: "when" };

function newLine(table) {
  const line = element("div", { className: "row" });
  line.setAttribute("role", "row");
  for (const { key } of columnsOf(table.view)) {
    const cell = element("div", { className: CLASSES[key] ?? "number" });
    cell.setAttribute("role", "gridcell");
    line.append(cell);
  }
  return line;
}

function fillLine(table, line, row) {
  const { view } = table;
  const { files } = view;
  const index = table.rows[row];
  line.id = "row-" + row;
  line.dataset.row = row;
  line.setAttribute("aria-rowindex", row + 2);
  line.setAttribute("aria-selected", String(view.chosen !== null && view.chosen.file === index));
  const [kind, path, size, last, time] = line.children;
  kind.replaceChildren(badge(view, view.kindOf[index]));
  fillPath(path, view, index);
  size.textContent = bytes(files.size[index]);
  if (view.compared) {
    fillGrowth(last, files, index);
  } else {
    fillShare(last, files.size[index], view.folder.shownBytes, table.largest);
  }
  time.textContent = when(files.time[index]);
}

function badge(view, kind) {
  const { letter, label, color } = view.kinds[kind];
  const made = element("span", { className: "badge", title: label, textContent: letter });
  made.style.background = "var(" + color + ")";
  made.style.color = view.inks[kind];
  made.setAttribute("role", "img");
  made.setAttribute("aria-label", label);
  return made;
}

function fillPath(cell, view, index) {
  const name = shownName(view.files.name[index]);
  const full = visible(filePath(view.files, index));
  const before = visible(folderPath(view.files.folder[index]).slice(folderPath(view.folder).length));
  cell.title = full;
  cell.replaceChildren(
    element("span", { className: "in" }, ...marked(before, view.words)),
    element("span", { className: "file" }, ...marked(name, view.words)),
  );
}

// A text with what was searched for in it marked.
function marked(text, words) {
  const lower = text.toLowerCase();
  const parts = [];
  let from = 0;
  while (words.length > 0 && lower.length === text.length) {
    let [start, end] = [-1, -1];
    for (const word of words) {
      const at = lower.indexOf(word, from);
      if (at >= 0 && (start < 0 || at < start || (at === start && at + word.length > end))) {
        [start, end] = [at, at + word.length];
      }
    }
    if (start < 0) {
      break;
    }
    parts.push(text.slice(from, start), element("mark", { textContent: text.slice(start, end) }));
    from = end;
  }
  return [...parts, text.slice(from)];
}

function fillGrowth(cell, files, index) {
  const grown = growth(files, index);
  const unchanged = files.change[index] === UNCHANGED;
  cell.textContent = unchanged ? "" : signedBytes(grown);
  cell.classList.toggle("more", !unchanged && grown > 0);
  cell.classList.toggle("less", !unchanged && grown < 0);
}

// The bar is that of the largest file when it is full.
function fillShare(cell, part, whole, largest) {
  const bar = element("i", {});
  bar.style.width = (largest > 0 ? (part / largest) * 100 : 0) + "%";
  cell.replaceChildren(percent(part, whole), element("span", { className: "part" }, bar));
}
