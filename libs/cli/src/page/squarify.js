// Rectangles with areas in proportion to weights, as near to squares as they get (Bruls, Huizing and van Wijk).

// Calls place(item, x, y, width, height) for items, the heaviest first; stops before what is thinner than `least`,
// and gives that to rest(x, y, width, height, from).
function squarify(items, x, y, width, height, least, place, rest) {
  let left = 0;
  for (const item of items) {
    left += item.weight;
  }
  let from = 0;
  while (from < items.length && left > 0) {
    const side = Math.min(width, height);
    const scale = (width * height) / left;
    if (side < least || items[from].weight * scale < least * least) {
      rest(x, y, width, height, from);
      return;
    }
    // The row grows as long as its worst proportion does not get worse.
    let sum = items[from].weight;
    let to = from + 1;
    const worst = (total, lightest) => {
      const area = total * scale;
      const thick = area / side;
      return Math.max((items[from].weight * scale) / (thick * thick), (thick * thick) / (lightest * scale));
    };
    while (to < items.length && worst(sum + items[to].weight, items[to].weight) <= worst(sum, items[to - 1].weight)) {
      sum += items[to++].weight;
    }
    const thick = (sum * scale) / side;
    let along = 0;
    for (let at = from; at < to; at++) {
      const long = (items[at].weight / sum) * side;
      if (width >= height) {
        place(items[at], x, y + along, thick, long);
      } else {
        place(items[at], x + along, y, long, thick);
      }
      along += long;
    }
    if (width >= height) {
      x += thick;
      width -= thick;
    } else {
      y += thick;
      height -= thick;
    }
    left -= sum;
    from = to;
  }
}
