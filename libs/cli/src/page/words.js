// The words around map and table: heading, buttons, folders, what is chosen or pointed at.

function sideWords(side) {
  return plural(side.fileCount, "file", "files") + ", " + bytes(side.totalSize);
}

function drawHeading(page) {
  const title = byId("title");
  const name = (text) => element("span", { className: "name", textContent: shownName(text) });
  if (page.title !== null) {
    title.replaceChildren(name(page.title));
  } else if (page.old !== null) {
    const arrow = element("span", { className: "arrow", textContent: "\u2192" });
    title.replaceChildren(name(page.old.name), arrow, name(page.new.name));
  } else {
    title.replaceChildren(name(page.new.name));
  }
  const totals = byId("totals");
  const now = element("b", { textContent: sideWords(page.new) });
  if (page.old === null) {
    totals.replaceChildren(now);
    return;
  }
  const grown = page.new.totalSize - page.old.totalSize;
  const difference = element("span", { className: grown > 0 ? "more" : grown < 0 ? "less" : "" });
  difference.textContent = grown === 0 ? "the same size" : signedBytes(grown);
  totals.replaceChildren(sideWords(page.old) + " \u2192 ", now, " (", difference, ")");
}

function kindBytes(view, kind) {
  const grown = view.compared && kind.growth !== 0 ? signedBytes(kind.growth) : "";
  return Math.abs(kind.growth) === kind.bytes && grown !== "" ? grown : bytes(kind.bytes) + (grown && ", " + grown);
}

function drawLegend(view, onToggle) {
  const all = view.kinds.reduce((sum, kind) => sum + kind.bytes, 0);
  const buttons = view.kindOrder.map((index) => {
    const kind = view.kinds[index];
    const paint = (className) => {
      const made = element("span", { className });
      made.style.background = "var(" + kind.color + ")";
      return made;
    };
    const share = paint("share");
    share.style.width = (all > 0 ? (kind.bytes / all) * 100 : 0) + "%";
    const label = element("span", { className: "name", textContent: visible(kind.label) });
    const button = element(
      "button", { type: "button" },
      element("span", { className: "label" }, paint("swatch"), label),
      element("span", { className: "count" }),
      element("span", { className: "bytes", textContent: kindBytes(view, kind) }),
      share,
    );
    button.addEventListener("click", () => onToggle(index));
    return button;
  });
  byId("legend").replaceChildren(...buttons);
}

function drawPressed(view) {
  [...byId("legend").children].forEach((button, at) => {
    const kind = view.kinds[view.kindOrder[at]];
    const found = view.words.length > 0 ? number(kind.found) + "\u00a0of\u00a0" : "";
    button.querySelector(".count").textContent = found + number(kind.files);
    button.setAttribute("aria-pressed", String(view.on[view.kindOrder[at]]));
  });
  byId("by-size").setAttribute("aria-pressed", String(!view.byCount));
  byId("by-count").setAttribute("aria-pressed", String(view.byCount));
}

function drawCrumbs(view, onOpen) {
  const parts = [];
  for (let at = view.folder; at !== null; at = at.parent) {
    const folder = at;
    const textContent = at.parent === null ? "All files" : shownName(at.name);
    const button = element("button", { type: "button", className: "name", textContent });
    if (folder === view.folder) {
      button.setAttribute("aria-current", "true");
    }
    button.addEventListener("click", () => onOpen(folder));
    parts.unshift(button);
    if (at.parent !== null) {
      parts.unshift(element("span", { className: "slash", textContent: "/" }));
    }
  }
  byId("crumbs").replaceChildren(...parts);
}

function nameOf(view, item) {
  return visible(item.folder === null ? filePath(view.files, item.file) : folderPath(item.folder)) || "All files";
}

function factsOf(view, item) {
  const { files } = view;
  if (item.folder !== null) {
    return plural(item.folder.shownFiles, "file", "files") + ", " + exactBytes(item.folder.shownBytes);
  }
  const index = item.file;
  const label = view.compared ? view.kinds[view.kindOf[index]].label.toLowerCase() + ", " : "";
  if (files.change[index] !== MODIFIED) {
    return label + exactBytes(files.size[index]) + ", " + when(files.time[index]);
  }
  const sizes = exactBytes(files.oldSize[index]) + " \u2192 " + exactBytes(files.size[index]);
  return label + sizes + ", " + when(files.oldTime[index]) + " \u2192 " + when(files.time[index]);
}

function drawDetails(view) {
  const { chosen, folder } = view;
  const item = chosen ?? { file: -1, folder };
  const name = element("b", { className: "name", textContent: nameOf(view, item) });
  byId("details").replaceChildren(name, "\u2003", factsOf(view, item));
}

function say(text) {
  byId("live").textContent = text;
}

function showTip(view, item, x, y) {
  const tip = byId("tip");
  tip.hidden = item === null;
  if (item === null) {
    return;
  }
  tip.replaceChildren(element("b", { className: "name", textContent: nameOf(view, item) }), factsOf(view, item));
  const right = x + 14 + tip.offsetWidth > innerWidth - 8;
  const below = y + 16 + tip.offsetHeight > innerHeight - 8;
  tip.style.left = Math.max(8, right ? x - tip.offsetWidth - 10 : x + 14) + "px";
  tip.style.top = Math.max(8, below ? y - tip.offsetHeight - 10 : y + 16) + "px";
}
